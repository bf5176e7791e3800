// 10,000 calls, 300 at a time, one request in ten disturbed: every promise settles, no request is lost or sent twice
// against the rules, and memory returns to where it was.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { problemsOf } from './stress-rules.mjs';

const BATCHES = 4;
const SIZE = 2500;
const WIDTH = 300;
const child = fileURLToPath(new URL('stress-child.mjs', import.meta.url));

test('10,000 calls under faults', { timeout: 600_000 }, async (t) => {
  const given = ['--expose-gc', child, BATCHES, SIZE, WIDTH].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, given);
  const { totals, memory, problems, problemCount } = JSON.parse(stdout);
  t.diagnostic(JSON.stringify({ totals, memory }));
  assert.deepEqual([problems, problemCount], [[], 0]);
  assert.deepEqual([totals.calls, totals.settled], [BATCHES * SIZE, BATCHES * SIZE]);
  assert.ok(totals.requests > totals.calls, 'some were sent again');
  const share = totals.disturbed / totals.requests;
  assert.ok(share > 0.08 && share < 0.12, `${share} of the requests were disturbed`);
  assert.ok(totals.fulfilled > 0 && totals.rejected.ERR_FETCH > 0);

  // The first batch warms up; what each later one leaves behind would add up: an answer's timer alone, were it kept,
  // to more than 600 KiB and 3 MiB.
  const [, second, third, fourth] = memory;
  const KILOBYTE = 1024;
  assert.ok(second.wasm > 0);
  for (const later of [third, fourth]) {
    assert.ok(later.wasm - second.wasm <= 384 * KILOBYTE, `wasm memory went from ${second.wasm} to ${later.wasm}`);
    assert.ok(later.heap - second.heap <= 1536 * KILOBYTE, `the heap went from ${second.heap} to ${later.heap}`);
  }
});

const request = (fault, status = fault === null || fault === 'dropAfter' ? 200 : null) => ({ fault, status });
const fulfilled = { repeatable: true, isSettled: true, value: {}, name: 'user' };
const failed = (code, more) => ({ repeatable: true, isSettled: true, error: { code }, name: 'user', ...more });
const RULES = [
  // [call, its requests, whether all is right]
  [fulfilled, [request(null)], true],
  [fulfilled, [request('throttle'), request('dropAfter'), request(null)], true],
  [failed('ERR_FETCH', { repeatable: false }), [request('dropAfter')], true],
  [failed('ERR_THROTTLED'), [request('throttle'), request('throttle'), request('throttle')], true],
  [fulfilled, [], false],
  [{ ...fulfilled, isSettled: false }, [request(null)], false],
  [fulfilled, [request(null), request(null)], false],
  [{ ...fulfilled, repeatable: false }, [request('dropAfter'), request(null)], false],
  [{ ...fulfilled, repeatable: false }, [request('dropBefore'), request(null)], false],
  [{ ...fulfilled, value: undefined }, [request(null)], false],
  [failed('ERR_THROTTLED'), [request('throttle')], false],
  [failed('ERR_HTTP_STATUS'), [request('throttle'), request('throttle'), request('throttle')], false],
  [failed('ERR_FETCH'), [request(null)], false],
  [fulfilled, [request('throttle'), request('throttle'), request('throttle'), request(null)], false],
];
for (const [index, [call, requests, isRight]] of RULES.entries()) {
  test(`the rules tell right from wrong (${index + 1})`, () => {
    assert.equal(problemsOf(call, requests).length === 0, isRight);
  });
}
