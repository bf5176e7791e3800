// A token goes to its Canvas alone: no redirect takes it elsewhere, and no error repeats it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Canvas } from 'canvas-lms-tokens';
import { refuses, rejects, unsigned } from '../node/copies.mjs';
import { answer, answers, listen } from '../node/servers.mjs';
import { CALLS, run, titleOf } from './calls.mjs';
import { HOST } from './site.mjs';

const TOKENS = {
  'of Canvas': '1~hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter22',
  'of an LTI tool': unsigned('{"sub":"hunter2"}'),
  'short': 'hunter2!',
  'of odd characters': "hunter2;:'()*&^%$#@![]{}|<>?,",
};

/** Everything an error shows or hides. */
function secretIn(error, token) {
  const shown = inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
  const big = (_, value) => (typeof value === 'bigint' ? String(value) : value);
  const all = shown + JSON.stringify(error, big) + error.message + error.stack + String(error.cause?.stack);
  const parts = [token, encodeURIComponent(token), ...token.split('.').filter((part) => part.length > 8)];
  return parts.find((part) => all.includes(part));
}

const realm = { 'www-authenticate': 'Bearer realm="canvas-lms"' };
const PLACES = {
  'a message': (token) => [401, { errors: [{ message: `Invalid access token ${token}.` }] }, realm],
  'a message, glued to it': (token) => [401, { errors: [{ message: `token=${token}` }] }],
  'a name': (token) => [400, { errors: { [token]: 'bad' } }],
  'errors as text': (token) => [401, { errors: token }],
  'an error and its description': (token) => [400, { error: token, error_description: token }],
  'deep inside': (token) => [500, { message: 'no', request: { headers: [{ Authorization: `Bearer ${token}` }] } }],
  'an HTML page': (token) => [500, `<html><body>Authorization: Bearer ${token}</body></html>`],
  'text': (token) => [502, `upstream said: Bearer ${token}`],
  'a long text': (token) => [502, `${'- '.repeat(249)}${token}`],
  'the location': (token) => [302, '', { location: `https://evil.test/?access_token=${encodeURIComponent(token)}` }],
  'the realm': (token) => [401, '{}', { 'www-authenticate': `Bearer error="${token}"` }],
  'a throttled answer': (token) => [429, `Rate Limit Exceeded for ${token}`, { 'retry-after': '90' }],
  'an answer that says success': (token) => [200, `<html>${token}</html>`],
  'JSON that says success': (token) => [200, JSON.stringify(token)],
};

for (const [kind, token] of Object.entries(TOKENS)) {
  for (const call of CALLS) {
    test(`${titleOf(call)}: no error repeats a token ${kind}`, async () => {
      for (const [place, make] of Object.entries(PLACES)) {
        const [status, body, headers = {}] = make(token);
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const fetch = answers(answer(status, text, headers));
        const canvas = new Canvas({ baseUrl: HOST, accessToken: () => token, fetch, retries: 0 });
        // What deleting answers is not looked at.
        if (status === 200 && call.gives === 'nothing') continue;
        const error = await rejects(() => run(canvas, call));
        assert.equal(error.status, status);
        assert.equal(secretIn(error, token), undefined, `${place}: ${inspect(error, { depth: 20 })}`);
      }
    });
  }

  test(`no failure repeats a token ${kind}`, async () => {
    const never = () => new Promise(() => {});
    const failures = [
      { fetch: () => Promise.reject(new TypeError('fetch failed')) },
      { fetch: () => { throw new TypeError('no'); } },
      { fetch: () => 5 },
      { fetch: never, timeout: 10 },
      { fetch: never, signal: AbortSignal.timeout(10) },
      { fetch: globalThis.fetch, baseUrl: 'http://127.0.0.1:1' },
      { fetch: globalThis.fetch, baseUrl: 'https://1.2.3.4.5' },
    ];
    for (const options of failures) {
      const error = await rejects(async () =>
        new Canvas({ baseUrl: HOST, accessToken: token, retries: 0, ...options }).user(1));
      assert.equal(secretIn(error, token), undefined, inspect(error));
    }
    for (const bad of [`${token}\n${token}`, `${token} ${token}`, `é${token}`, [token], { token }]) {
      assert.equal(secretIn(refuses(() => new Canvas({ baseUrl: HOST, accessToken: bad })), token), undefined);
      const canvas = new Canvas({ baseUrl: HOST, accessToken: async () => bad });
      assert.equal(secretIn(await rejects(() => canvas.user(1), 'ERR_ARGUMENT'), token), undefined);
    }
    assert.ok(!inspect(new Canvas({ baseUrl: HOST, accessToken: token }), { showHidden: true, depth: 20 }).includes(token));
  });
}

test('the token to be refreshed is in no error', async () => {
  const jwt = Buffer.from(unsigned('{"name":"hunter2"}')).toString('base64');
  for (const text of [`{"errors":{"jwt":"${jwt}"}}`, `<p>${jwt}</p>`, `{"message":"got ${jwt}"}`]) {
    const canvas = new Canvas({ baseUrl: HOST, accessToken: 'x', fetch: answers(answer(400, text)) });
    assert.equal(secretIn(await rejects(() => canvas.refreshJwt(jwt)), jwt), undefined);
  }
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect (${status}) is not followed, whether to another origin or not`, async (t) => {
    const second = await listen(t, (outgoing) => outgoing.end('{}'));
    const first = await listen(t, (outgoing, { url }) => {
      const locations = {
        '/a': `${second.url}/stolen`, '/b': `//127.0.0.1:${second.port}/stolen`, '/c': '/login', '/d': 'login',
        '/e': undefined, '/f': `http://user:pass@127.0.0.1:${second.port}/`, '/g': `http://localhost:${first.port}/`,
      };
      const location = locations[url.slice(0, 2)];
      outgoing.writeHead(status, location && { location }).end('<a href="x">moved</a>');
    });
    const own = /redirects to another URL of this server;/;
    const HOSTS = {
      a: /redirects to 127\.0\.0\.1;/, b: /redirects to 127\.0\.0\.1;/, c: own, d: own, e: own,
      f: /redirects to 127\.0\.0\.1;/, g: /redirects to localhost;/,
    };
    for (const [folder, words] of Object.entries(HOSTS)) {
      const canvas = new Canvas({ baseUrl: `${first.url}/${folder}`, accessToken: TOKENS['of Canvas'] });
      for (const call of CALLS) {
        const before = first.requests.length;
        const error = await rejects(() => run(canvas, call), 'ERR_HTTP_STATUS');
        assert.equal(error.status, status);
        assert.match(error.message, words);
        assert.equal(first.requests.length, before + 1);
      }
    }
    assert.deepEqual(second.requests, []);
  });
}

test('the next page on another origin is refused, and not asked for', async (t) => {
  const second = await listen(t, (outgoing) => outgoing.end('[]'));
  const targets = [
    `${second.url}/page2`, `http://localhost:${second.port}/`, 'http://x:y@{host}/page2', '//evil.test/',
    'javascript:alert(1)', '/page2', 'https://{host}/page2', 'http://{host}.evil.test/', 'http://{host}@evil.test/', '',
  ];
  for (const target of targets) {
    const first = await listen(t, (outgoing, { headers }) => {
      outgoing.writeHead(200, { link: `<${target.replace('{host}', headers.host)}>; rel="next"` }).end('[{"id":1}]');
    });
    const canvas = new Canvas({ baseUrl: first.url, accessToken: TOKENS['of Canvas'] });
    const error = await rejects(() => canvas.groupUsers(4), 'ERR_RESPONSE_INVALID');
    assert.match(error.message, /another origin, not followed/);
    assert.equal(first.requests.length, 1);
  }
  assert.deepEqual(second.requests, []);
});

test('a next page on the same origin gets the token', async (t) => {
  const server = await listen(t, (outgoing, { url, headers }) => {
    const next = `<HTTP://${headers.host.toUpperCase()}/other/place?page=bookmark:a,b;c>; rel="next"`;
    outgoing.writeHead(200, url.includes('bookmark') ? {} : { link: next }).end(JSON.stringify([{ url }]));
  });
  const found = await new Canvas({ baseUrl: `${server.url}/lms`, accessToken: 'opaque-token' }).groupUsers(4);
  assert.deepEqual(
    found.map(({ url }) => url), ['/lms/api/lti/groups/4/users?per_page=100', '/other/place?page=bookmark:a,b;c']);
  for (const { headers } of server.requests) assert.equal(headers.authorization, 'Bearer opaque-token');
});
