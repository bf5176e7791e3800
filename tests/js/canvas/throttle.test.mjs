// Canvas's leaky bucket, full: ERR_THROTTLED, in both of the forms it has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejects } from '../node/copies.mjs';
import { answer } from '../node/servers.mjs';
import { answering, open, WAYS } from './site.mjs';

const FORMS = { 403: '403 Forbidden (Rate Limit Exceeded)\n', 429: '429 Too Many Requests (Rate Limit Exceeded)\n' };

for (const way of Object.keys(WAYS)) {
  for (const [form, body] of Object.entries(FORMS)) {
    const status = Number(form);

    test(`${way}: three costly calls fill the bucket, and the fourth is ${status}`, async (t) => {
      let now = 1_700_000_000;
      const site = await open(t, { way, now: () => now, throttle: { status, cost: 0 } });
      const canvas = site.user({ retries: 0 });
      for (let count = 0; count < 3; count += 1) assert.ok((await canvas.createInstAccessToken()).encrypted);
      const error = await rejects(() => canvas.createInstAccessToken(), 'ERR_THROTTLED');
      assert.deepEqual([error.status, error.body, error.retryAfter], [status, body, undefined]);
      await rejects(() => canvas.createJwt(), 'ERR_THROTTLED');
      assert.ok(await site.guest({ retries: 0 }).createJwt());
      now += 6;
      assert.ok(await canvas.createJwt());
    });

    test(`${way}: as Canvas leaks, the next try goes through (${status})`, async (t) => {
      let now = 1_700_000_000;
      const site = await open(t, { way, now: () => now, throttle: { status, cost: 0 } });
      const canvas = site.user({ retries: 1 });
      for (let count = 0; count < 3; count += 1) await canvas.createInstAccessToken();
      site.emulator.requests.clear();
      // The emulator's clock runs while the call waits.
      site.emulator.faults.decide = () => {
        if (site.emulator.requests.length === 2) now += 6;
        return null;
      };
      assert.ok(await canvas.createJwt());
      assert.deepEqual([...site.emulator.requests].map((request) => request.status), [status, 200]);
    });

    test(`${way}: a gateway that throttles says for how long (${status})`, async (t) => {
      const site = await open(t, { way, faults: { throttle: 1, throttleStatus: status, retryAfter: 61 } });
      const error = await rejects(() => site.user().createJwt(), 'ERR_THROTTLED');
      assert.deepEqual([error.status, error.retryAfter], [status, 61]);
      assert.equal(site.sent().status, status);
      site.emulator.faults.retryAfter = 0;
      site.emulator.requests.clear();
      await rejects(() => site.user().createJwt(), 'ERR_THROTTLED');
      assert.equal(site.emulator.requests.length, 3);
    });

    test(`${way}: requests at the same time fill it too, and every one settles (${status})`, async (t) => {
      const site = await open(t, { way, throttle: { status, cost: 0 } });
      const canvas = site.user({ retries: 0 });
      const many = await Promise.allSettled(Array.from({ length: 40 }, () => canvas.createJwt()));
      const codes = new Set(many.filter(({ reason }) => reason).map(({ reason }) => reason.code));
      const made = many.filter(({ value }) => value).length;
      const logged = [...site.emulator.requests].filter((request) => request.status === 200).length;
      assert.equal(made, logged);
      assert.equal(site.emulator.requests.length, 40);
      if (way === 'in process') assert.ok(made < 40 && made > 0);
      if (made < 40) assert.deepEqual([...codes], ['ERR_THROTTLED']);
    });
  }
}

test('when to try again, however it is said', async () => {
  const date = new Date(Math.ceil(Date.now() / 1000 + 600) * 1000).toUTCString();
  for (const [header, least, most] of [['61', 61, 61], ['99999999999', 99999999999, 99999999999], [date, 500, 601]]) {
    const error = await rejects(() => answering(answer(429, '', { 'retry-after': header })).canvas.user(1), 'ERR_THROTTLED');
    assert.ok(error.retryAfter >= least && error.retryAfter <= most, `${header}: ${error.retryAfter}`);
  }
  for (const header of ['soon', '', '-1', '1.5', '0x10', '5 s', 'Thu, 01 Jan']) {
    const { canvas } = answering(answer(429, '', { 'retry-after': header }));
    assert.equal((await rejects(() => canvas.user(1, { retries: 0 }), 'ERR_THROTTLED')).retryAfter, undefined);
  }
});

test('403 is throttling by its text alone', async () => {
  for (const [body, code] of [
    [FORMS[403], 'ERR_THROTTLED'], ['{"message":"Rate Limit Exceeded"}', 'ERR_THROTTLED'],
    ['403 Forbidden', 'ERR_FORBIDDEN'], ['', 'ERR_FORBIDDEN'],
  ]) await rejects(() => answering(answer(403, body)).canvas.user(1, { retries: 0 }), code);
  await rejects(() => answering(answer(400, FORMS[403])).canvas.user(1, { retries: 0 }), 'ERR_HTTP_STATUS');
});
