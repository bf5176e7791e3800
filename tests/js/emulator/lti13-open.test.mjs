// emulator.open: a whole launch of a tool, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';
import { canvasPlatform, generateKey } from 'canvas-lms-tokens';
import { readLinks } from '../../../pkg/emulator/lti13/html.js';
import { HOST } from './canvas.mjs';
import { authorizationUrl, CLIENT, LAUNCH, LOGIN, platform } from './lti13.mjs';

/** A tool of two answers, and what it was asked. */
function plain(answer) {
  const asked = [];
  const fetch = async (url, init) => {
    const request = new Request(url, init);
    asked.push({ url, method: request.method, headers: request.headers, form: Object.fromEntries(new URLSearchParams(await request.text())) });
    return url === LOGIN ? answer(asked[0]) : new Response('launched', { headers: { 'set-cookie': 'session=1; Path=/' } });
  };
  return { asked, fetch };
}

const redirect = ({ form }) => new Response(null, {
  status: 302, headers: [['location', authorizationUrl({ form })], ['set-cookie', 'state=a=b; Path=/; Secure'], ['set-cookie', 'other=1']],
});

test('the login and the launch are posted as a browser does, with the cookies that the tool has set', async () => {
  const { asked, fetch } = plain(redirect);
  const { response, cookie } = await platform({ fetch }).open({ developerKeyId: CLIENT, userId: 3 });
  assert.deepEqual([response.status, await response.text(), cookie], [200, 'launched', 'state=a=b; other=1; session=1']);
  assert.deepEqual(asked.map(({ url, method }) => [url, method]), [[LOGIN, 'POST'], [LAUNCH, 'POST']]);
  assert.equal(asked[0].form.client_id, CLIENT);
  assert.deepEqual([asked[1].form.state, asked[1].headers.get('cookie')], ['state-1', 'state=a=b; other=1']);
  assert.deepEqual(asked.map(({ headers }) => headers.get('origin')), [HOST, HOST]);
});

test('a cookie that the tool takes away is gone', async () => {
  const { fetch } = plain(redirect);
  const canvas = platform({
    fetch: async (url, init) => (url === LOGIN ? fetch(url, init) : new Response('', { headers: { 'set-cookie': 'state=; Path=/; Max-Age=0' } })),
  });
  assert.equal((await canvas.open({ developerKeyId: CLIENT })).cookie, 'other=1');
});

test('a page with a link to Canvas leads there, and other links do not', async () => {
  const { asked, fetch } = plain(({ form }) => new Response(
    `<a href="/help">Help</a> <a class="x" href='${authorizationUrl({ form }).replaceAll('&', '&#38;')}'>Continue</a>`,
    { headers: { 'content-type': 'text/html' } },
  ));
  await platform({ fetch }).open({ developerKeyId: CLIENT });
  assert.equal(asked[1].form.state, 'state-1');
});

test('a page of faulty HTML is read all the same', async () => {
  const { asked, fetch } = plain(({ form }) => new Response(
    `<a href="/&#99999999;&#x110000;">Help</a> ${'<a '.repeat(10_000)} <a href="${authorizationUrl({ form })}">Continue</a>`,
    { headers: { 'content-type': 'text/html' } },
  ));
  await platform({ fetch }).open({ developerKeyId: CLIENT });
  assert.equal(asked[1].form.state, 'state-1');
  assert.deepEqual(readLinks('<a href="&#99999999;&#x110000;&#x10FFFF;&#38;">'), ['&#99999999;&#x110000;\u{10FFFF}&']);
  // What follows an element that does not end is not searched for its attributes.
  assert.deepEqual(readLinks('<a <img href="https://canvas.test/">'), []);
});

test('an answer that leads nowhere rejects, with what it was', async () => {
  for (const [answer, status, body, said] of [
    [() => new Response('no <a href="https://tool.test/">way</a>', { status: 403 }), 403, 'no <a href="https://tool.test/">way</a>', /403 and no way to Canvas: no <a/],
    [() => Response.redirect('https://tool.test/elsewhere', 302), 302, '', /302 and no way to Canvas: https:\/\/tool\.test\/elsewhere/],
  ]) {
    const { fetch } = plain(answer);
    await assert.rejects(platform({ fetch }).open({ developerKeyId: CLIENT }), (error) => {
      assert.deepEqual([error.status, error.body], [status, body]);
      assert.match(error.message, said);
      return true;
    });
  }
});

test('without a fetch there is no tool to open, and a misspelt option is one', async () => {
  await assert.rejects(platform().open({ developerKeyId: CLIENT }), { name: 'TypeError', message: /createEmulator\(\{ fetch \}\)/ });
  const { fetch } = plain(redirect);
  await assert.rejects(platform({ fetch }).open({ developerKeyId: CLIENT, userid: 3 }), /options\.userid: unknown, expected perhaps userId/);
});

test('a tool of createTool is opened, and its session is in the cookie', async () => {
  const { privateKey, publicKey } = await generateKey('RS256');
  let tool;
  const canvas = platform({
    key: { publicJwk: publicKey, oidcInitiationUrl: 'https://tool.test/lti/login', redirectUris: ['https://tool.test/lti/launch'] },
    now: () => Date.now() / 1000, fetch: (url, init) => tool.fetch(new Request(url, init)),
  });
  tool = createTool({
    platforms: canvasPlatform({ clientId: CLIENT }), keys: [privateKey], secret: 'x'.repeat(32), store: memoryStore(), fetch: canvas.fetch,
    async onLaunch({ user }, { startSession }) {
      await startSession();
      return new Response(`Welcome, ${user.name}`);
    },
  });
  const { response, cookie } = await canvas.open({ developerKeyId: CLIENT, userId: 3 });
  assert.equal(await response.text(), 'Welcome, Sue Student');
  assert.equal((await tool.session(new Request('https://tool.test/app', { headers: { cookie } }))).user.name, 'Sue Student');
  assert.match(cookie, /^__Host-lti-session=[^;]*$/);
});
