// A tool on workerd, its launches in Durable Objects on a disk: the same launch twice at once, and a kill in the middle.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../../../scripts/serve.mjs';
import { startWorkerd } from '../../package/runtimes.mjs';
import { installTools } from '../../package/tools.mjs';
import { servePlatform } from './machines.mjs';
import { each } from './platform.mjs';
import { KEY, ORIGIN, SECRET, codeOf } from './world.mjs';

const RACES = 1000;
const taken = new Map();
let folder, counter, platform, worker;
before(async () => {
  installTools();
  folder = mkdtempSync(join(tmpdir(), 'tool-worker-'));
  mkdirSync(join(folder, 'disk'));
  platform = await servePlatform();
  counter = await serve({
    handler: async ({ url }) => {
      const { pathname } = new URL(url);
      taken.set(pathname, (taken.get(pathname) ?? 0) + 1);
      return new Response(null);
    },
  });
  worker = await start();
});
after(async () => {
  await worker?.end();
  await Promise.all([counter?.close(), platform?.close()]);
  rmSync(folder, { recursive: true });
});

const start = () => startWorkerd(join(import.meta.dirname, 'tool-worker.js'), join(folder, 'worker'), {
  objects: ['TokensDurableObject'], disk: join(folder, 'disk'),
  variables: { PLATFORM: JSON.stringify(platform.platform), KEY: JSON.stringify(KEY.privateKey), SECRET, ORIGIN, COUNTER: counter.url },
});

/** 'taken', the code of the error, or undefined where there was no answer. */
async function post({ body, cookie }) {
  try {
    const response = await fetch(`${worker.url}lti/launch`, {
      method: 'POST', body, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    });
    const text = await response.text();
    return response.status === 200 ? text : codeOf(text);
  } catch {
    // It was killed.
    return undefined;
  }
}

test(`${RACES} launches, each sent twice at once: each is taken once`, async () => {
  await each(Array.from({ length: RACES }), 8, async () => {
    const launch = await platform.ready();
    const outcomes = await Promise.all([post(launch), post(launch)]);
    assert.deepEqual(outcomes.sort(), ['ERR_LTI_NONCE_USED', 'taken']);
  });
  assert.deepEqual([taken.size, [...taken.values()].filter((n) => n !== 1)], [RACES, []]);
});

test('a body of 10 MB is not read to its end, and the next launch is taken', async () => {
  const body = `a=${'x'.repeat(10 * 2 ** 20)}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const path of ['login', 'launch']) {
    // A client that is still sending may see the connection closed before it sees the answer.
    const outcome = await fetch(`${worker.url}lti/${path}`, { method: 'POST', body, headers }).then(({ status }) => status, () => 'closed');
    assert.ok([413, 'closed'].includes(outcome), `${outcome}`);
    assert.equal(await post(await platform.ready()), 'taken');
  }
});

test('killed in the middle of launches, and started again: none is taken twice', async (t) => {
  taken.clear();
  const sent = [];
  let answered = 0;
  let killed;
  await each(Array.from({ length: 600 }), 16, async () => {
    const launch = await platform.ready();
    sent.push(launch);
    if (await post(launch)) answered += 1;
    if (answered === 200) killed ??= worker.end();
  });
  await killed;
  assert.ok(answered < 600, 'it was killed in the middle');
  const before = taken.size;
  worker = await start();
  await each(sent, 16, async (launch) => {
    const outcomes = await Promise.all([post(launch), post(launch)]);
    assert.ok(outcomes.includes('ERR_LTI_NONCE_USED'), `${outcomes}`);
  });
  assert.deepEqual([...taken.values()].filter((n) => n !== 1), []);
  assert.ok(taken.size > before);
  t.diagnostic(`${sent.length} launches sent, ${before} taken before the kill, ${taken.size} in the end`);
});
