// Timers and controllers that fail. In a process of its own: whatever else is under way in it uses them, too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported, rejects } from './copies.mjs';
import { answer, answers, GRANTED, proxyRequest } from './servers.mjs';

const { requestAccessToken } = imported;
const broken = () => { throw new Error('broken'); };
const never = () => new Promise(() => {});

test('a timer that cannot be cleared harms no call', async (t) => {
  const { mock } = t.mock.method(globalThis, 'clearTimeout', broken);
  await requestAccessToken(proxyRequest({ fetch: answers(answer(200, GRANTED)) }));
  const tried = mock.callCount();
  mock.restore();
  assert.equal(tried, 1, 'it was to be cleared');
});

test('an abort that throws harms no process', async (t) => {
  const { mock } = t.mock.method(AbortController.prototype, 'abort', broken);
  await rejects(() => requestAccessToken(proxyRequest({ fetch: never, timeout: 20 })), 'ERR_TIMEOUT');
  const tried = mock.callCount();
  mock.restore();
  assert.equal(tried, 1, 'the fetch was to be aborted');
});
