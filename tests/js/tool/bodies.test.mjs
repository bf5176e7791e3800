// Bodies that are too long, too slow, broken off or of another kind: each is answered, and nothing waits for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, makeWorld, posted, refused } from './world.mjs';

/** A body that gives so many chunks of 64 KiB, or one and then no more; `sent` counts them. */
function bodyOf(chunks, { endless = false } = {}) {
  const state = { sent: 0, cancelled: false };
  const chunk = new TextEncoder().encode('a='.padEnd(65_536, 'x'));
  state.stream = new ReadableStream({
    pull(controller) {
      if (state.sent === chunks) return endless ? new Promise(() => {}) : controller.close();
      state.sent += 1;
      return controller.enqueue(chunk);
    },
    cancel() { state.cancelled = true; },
  }, { highWaterMark: 0 });
  return state;
}

for (const path of ['/lti/login', '/lti/launch', '/lti/notices']) {
  const tool = () => makeWorld({ onNotice() {} }).tool;

  test(`a body of 10 MB to ${path} is read no further than it may be`, async () => {
    const body = bodyOf(160);
    const { status } = await tool().fetch(posted(path, body.stream));
    assert.deepEqual([status, body.cancelled], [413, true]);
    assert.ok(body.sent <= (path === '/lti/notices' ? 17 : 5), `${body.sent} chunks`);
  });

  test(`a body to ${path} that says it has 10 MB is not read`, async () => {
    const body = bodyOf(160);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '10485760' };
    const { status } = await tool().fetch(posted(path, body.stream, headers));
    assert.deepEqual([status, body.sent], [413, 0]);
  });

  test(`a body to ${path} that does not end is waited for no longer than it may be`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const body = bodyOf(1, { endless: true });
    const answer = tool().fetch(posted(path, body.stream));
    // Until it waits.
    while (body.sent === 0) await new Promise((done) => { setImmediate(done); });
    await new Promise((done) => { setImmediate(done); });
    t.mock.timers.tick(10_000);
    assert.deepEqual([(await answer).status, body.cancelled], [408, true]);
  });
}

for (const [path, code] of [['/lti/login', 'ERR_LTI_LOGIN_INVALID'], ['/lti/launch', 'ERR_LTI_MESSAGE_INVALID'], ['/lti/notices', 'ERR_LTI_MESSAGE_INVALID']]) {
  test(`a body to ${path} that breaks off is the sender’s fault`, async () => {
    const heard = [];
    const { tool } = makeWorld({ onNotice() {}, onError: (error) => { heard.push(error); } });
    const cause = new TypeError('terminated');
    const body = new ReadableStream({ pull(controller) { controller.error(cause); } });
    assert.equal((await tool.fetch(posted(path, body))).status, 400);
    assert.deepEqual(heard.map((error) => [error.code, error.cause]), [[code, cause]]);
    assert.match(heard[0].message, /^the body broke off, or a parser of bodies stands before the tool$/);
  });
}

test('a body that something else has read before is a fault of the tool’s own', async () => {
  const { tool } = makeWorld();
  const read = posted('/lti/login', 'a=b');
  await read.text();
  // As an adapter makes it of a stream that a parser has read to its end.
  const empty = posted('/lti/login', '', { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '3' });
  const locked = posted('/lti/login', 'a=b');
  locked.body.getReader();
  for (const request of [read, empty, locked]) {
    const response = await tool.fetch(request);
    const text = await response.text();
    assert.deepEqual([response.status, codeOf(text)], [500, 'ERR_ARGUMENT']);
    assert.match(text, /its body was read before/);
  }
});

test('a body that is no form, and one that is no text', async () => {
  const { tool } = makeWorld();
  for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/x-www-form-urlencoded2']) {
    assert.equal((await tool.fetch(posted('/lti/launch', 'a=b', { 'content-type': type }))).status, 415, type);
  }
  const body = new Uint8Array([0xff, 0xfe, 0, 0x80]);
  await refused(await tool.fetch(posted('/lti/login', body)), 'ERR_LTI_LOGIN_INVALID');
});
