// That bench/tool.mjs works, in its short form. How long things take is nobody's matter here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root } from '../../scripts/setup/shell.mjs';
import { output } from '../package/processes.mjs';

test('a tool is measured beside @lti-tool/core, and asks the platform for keys and tokens a handful of times', async () => {
  const printed = await output(process.execPath, ['bench/tool.mjs', '--short'], { cwd: root, timeout: 600_000 });
  for (const name of ['canvas-lms-tokens/tool', '@lti-tool/core']) {
    assert.equal(printed.match(new RegExp(`^  ${name} +[\\d,.]+ a second   p50 [\\d.,]+ ms   p99 [\\d.,]+ ms$`, 'gm')).length, 2, printed);
  }
  for (const count of [1, 2, 4]) assert.match(printed, new RegExp(`^  ${count} processes: [\\d,.]+ a second here, [\\d,.]+ by the time of their processors$`, 'm'));
  assert.equal(printed.match(/^ {4}[\d,]+ launches: heap \d+ MiB/gm).length, 12);
  const { jwks, token, call } = JSON.parse(/each with a call: (\{.*\})/.exec(printed)[1]);
  assert.equal(call, 100);
  // Four machines that all start at once.
  assert.ok(jwks >= 1 && jwks <= 4 && token >= 1 && token <= 4, `${jwks} and ${token}`);
});
