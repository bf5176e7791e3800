// examples/rust, built with the crate of this repository: what it reads from Canvas, and what it says where it cannot.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../scripts/setup/shell.mjs';
import { output } from '../package/processes.mjs';
import { startCanvas } from './canvas.mjs';

// Where the crate's own tests have built the crates that both need.
const TARGET = join(root, 'target');
const MANIFEST = join(root, 'examples', 'rust', 'Cargo.toml');
let canvas;
before(async () => {
  const env = { ...process.env, CARGO_TARGET_DIR: TARGET };
  await output('cargo', ['build', '--locked', '--quiet', '--manifest-path', MANIFEST], { env, timeout: 10 * 60_000 });
  canvas = await startCanvas();
});
after(() => canvas?.close());

const run = (ids, settings) => output(join(TARGET, 'debug', 'example-rust'), ids, {
  env: {
    CANVAS_URL: canvas.url, ACCESS_TOKEN_URL: `${canvas.url}/api/lti/accounts/1/authorize`,
    TOOL_GUID: '123123-ad13-ac233', TOOL_SECRET: 'secret', ...settings,
  },
});

test('it reads a submission', async () => {
  const submission = JSON.parse(await run(['25', '6']));
  assert.deepEqual([submission.id, submission.attachments[0].filename], [6, 'essay.txt']);
  assert.deepEqual(canvas.emulator.requests.map(({ status }) => status), [200, 200]);
});

test('throttling is waited out, and an assertion whose answer is lost is not sent again', async (t) => {
  const { emulator } = canvas;
  t.after(() => { emulator.faults.decide = undefined; });
  emulator.requests.clear();
  emulator.faults.retryAfter = 0;
  emulator.faults.decide = () => (emulator.requests.length === 2 ? 'throttle' : null);
  await run(['25', '6']);
  assert.deepEqual(emulator.requests.map(({ status }) => status), [200, 403, 200]);
  emulator.requests.clear();
  emulator.faults.decide = () => 'dropAfter';
  await assert.rejects(run(['25', '6']), /error sending request.*connection/i);
  assert.equal(emulator.requests.length, 1);
});

for (const [mistake, ids, settings, reason] of [
  ['a slash too many', ['25', '6'], () => ({ ACCESS_TOKEN_URL: `${canvas.url}/api/lti/accounts/1/authorize/` }), /invalid_grant: the claim aud has a trailing slash/],
  ['a missing setting', ['25', '6'], () => ({ TOOL_SECRET: undefined }), /TOOL_SECRET is not set/],
  ['a missing argument', ['25'], () => ({}), /expected the ids/],
  ['a submission that is not there', ['25', '99'], () => ({}), /404/],
  ['a Canvas that is not there', ['25', '6'], () => ({ ACCESS_TOKEN_URL: 'http://localhost:1/authorize' }), /Connection refused/],
]) {
  test(`${mistake}: it says so`, () => assert.rejects(run(ids, settings()), reason));
}
