// In a page: its Canvas session and CSRF token, on its own origin alone; no User-Agent; and what CORS does.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const child = fileURLToPath(new URL('page-child.mjs', import.meta.url));
const OWN = 'https://canvas.test';
const CSRF = 'tKx0+wB/eTq8mZ1YrGd5Vg==';
const COOKIE = `_csrf_token=${encodeURIComponent(CSRF)}`;
const browser = `canvas_session=session-of-tom; ${COOKIE}`;

async function page(scenario) {
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify({ origin: OWN, ...scenario })]);
  return JSON.parse(stdout);
}

// [name, scenario, X-CSRF-Token, Authorization]
const SESSIONS = [
  ['the page of this Canvas', { cookies: [COOKIE] }, CSRF],
  ['among other cookies', { cookies: [`a=b; x_csrf_token=no; ${COOKIE}; _csrf_token2=no`] }, CSRF],
  ['an address that is written otherwise', { baseUrl: 'HTTPS://CANVAS.test:443/', cookies: [COOKIE] }, CSRF],
  ['an address below the origin', { baseUrl: `${OWN}/lms/`, cookies: [COOKIE] }, CSRF],
  ['no cookie', { cookies: [''] }],
  ['other cookies alone', { cookies: ['session=1; csrf_token=no'] }],
  ['a cookie that no header can carry', { cookies: ['_csrf_token=a%0D%0AX-Evil%3A1'] }],
  ['an empty cookie', { cookies: ['_csrf_token='] }],
  ['a worker, which has no document', {}],
  ['a page of another host', { baseUrl: 'https://other.test', cookies: [COOKIE] }],
  ['a page of a host below', { baseUrl: 'https://sub.canvas.test', cookies: [COOKIE] }],
  ['a page of another port', { baseUrl: `${OWN}:8443`, cookies: [COOKIE] }],
  ['a page of another scheme', { baseUrl: 'http://canvas.test', cookies: [COOKIE] }],
  ['a page without an origin', { origin: 'null', baseUrl: OWN, cookies: [COOKIE] }],
  ['no page, although there is a document', { agent: 'Node.js/22', cookies: [COOKIE] }],
  ['with a token', { accessToken: '1~user-access-token', cookies: [COOKIE] }, undefined, 'Bearer 1~user-access-token'],
];

test('the session goes with what the page calls on its own origin', { concurrency: 2 }, async (t) => {
  await Promise.all(SESSIONS.map(([name, scenario, csrf, authorization]) => t.test(name, async () => {
    const { sent } = await page(scenario);
    assert.equal(sent.length, 1);
    const [{ headers, credentials, redirect }] = sent;
    assert.equal(headers['x-csrf-token'], csrf);
    assert.equal(headers.authorization, authorization);
    assert.equal(headers['user-agent'], scenario.agent ? 'mine/1' : undefined);
    // The platform's own defaults: cookies go to the own origin only.
    assert.deepEqual([credentials, redirect], [null, 'manual']);
  })));
});

test('Canvas takes the session with its CSRF token, and not without', async () => {
  const { outcomes } = await page({ browser, cookies: [browser, ''], calls: 2 });
  assert.deepEqual(outcomes[0], { token: 'string' });
  assert.deepEqual([outcomes[1].code, outcomes[1].status], ['ERR_HTTP_STATUS', 422]);
  assert.match(outcomes[1].message, /Invalid authenticity token/);
});

test('the cookie is read anew for each request', async () => {
  const { sent } = await page({ cookies: ['_csrf_token=one', '_csrf_token=two'], calls: 2 });
  assert.deepEqual(sent.map(({ headers }) => headers['x-csrf-token']), ['one', 'two']);
});

test('a page that nobody is logged in to', async () => {
  const [outcome] = (await page({ cookies: [''] })).outcomes;
  assert.equal(outcome.code, 'ERR_UNAUTHENTICATED');
});

const SILENT = [
  ['a page of another origin', { baseUrl: 'https://other.test' }, true],
  ['a page of another port', { baseUrl: `${OWN}:8443` }, true],
  ['a page without an origin', { origin: 'null', baseUrl: OWN }, true],
  ['a page of the same origin', {}, false],
  ['no page', { agent: 'Node.js/22', baseUrl: 'https://other.test' }, false],
  ['no page, nor a navigator', { agent: null, baseUrl: 'https://other.test' }, false],
];

test('no answer: CORS is named where it is the likely reason', { concurrency: 2 }, async (t) => {
  await Promise.all(SILENT.map(([name, scenario, isCors]) => t.test(name, async () => {
    const { outcomes: [{ code, message }] } = await page({ ...scenario, answer: 'none', accessToken: 'opaque-token' });
    assert.equal(code, 'ERR_FETCH');
    assert.ok(message.includes(new URL(scenario.baseUrl ?? OWN).hostname), message);
    assert.equal(message.includes('CORS'), isCors, message);
    if (isCors) {
      assert.match(message, /Canvas sends no CORS headers/);
      assert.match(message, /from a server, or through a proxy of the page's own origin/);
    }
  })));
});

test('a redirect, of which a page sees nothing', async () => {
  const { outcomes: [{ code, message, status }] } = await page({ answer: 'opaque', accessToken: 'opaque-token' });
  assert.deepEqual([code, status], ['ERR_HTTP_STATUS', 0]);
  assert.match(message, /redirects to another URL; not followed/);
});
