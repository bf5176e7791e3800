// Requests made at random of what breaks programs: whatever comes, it is answered, and nothing of it stands in a page as it came.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from './platform.mjs';
import { Browser, ORIGIN, begin, loginForm, makeWorld } from './world.mjs';

const REQUESTS = 3000;
const MARK = '"><script>x</script>\'&<b>';
const NAMES = [
  'iss', 'login_hint', 'target_link_uri', 'lti_message_hint', 'client_id', 'lti_deployment_id', 'deployment_id', 'lti_storage_target',
  'id_token', 'state', 'stored', 'error', 'error_description', 'openid_configuration', 'registration_token', 'lti_code', MARK, '',
];
const HOSTS = [
  ORIGIN, `${ORIGIN}:8443`, `${ORIGIN}.`, 'http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:1', 'https://münchen.example',
  'https://a_b.example', 'https://evil.example',
];
const PATHS = ['/lti/login', '/lti/launch', '/lti/jwks', '/lti/register', '/lti/notices'];
const OTHER_PATHS = ['/lti/login/', '//lti/login', '/LTI/login', '/lti/%6cogin', '/lti/x/../login', '/lti/launch;x', '/'];
const TYPES = ['application/x-www-form-urlencoded; charset=utf-16', 'application/json', 'multipart/form-data', 'text/plain', MARK];
const HEADERS = ['cookie', 'origin', 'referer', 'authorization', 'sec-fetch-site', 'upgrade', 'x-forwarded-host', 'x-forwarded-proto'];
const SHOWN = /<b>|<script>x/;
const COOKIE = /^__Host-lti-[\w-]+=[\w.-]*; Path=\/; Max-Age=\d+; SameSite=None; Secure; HttpOnly; Partitioned$/;

test(`${REQUESTS} strange requests`, async (t) => {
  const random = seeded(1);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const often = (usual, others) => (random() < 0.7 ? usual : pick(others));
  const world = makeWorld({
    onNotice() {},
    registration: { tool: { client_name: 'Tool' }, approve: () => true, registered() {} },
  });
  const browser = new Browser(world.tool);
  const login = await loginForm(world.canvas);
  const { form } = await begin(world, browser);
  const cookies = [...browser.jar].map((pair) => pair.join('=')).join('; ');
  const values = [
    '', 'x', MARK, '%', '%ff', '%00', '\0', 'é', '\u2028', '\ud800', 'a'.repeat(300_000), '[]', '{}', '-1', '99999999999999999999',
    'https://evil.example/', 'javascript:alert(1)', '\r\nSet-Cookie: a=b', form.state, form.id_token, form.id_token.slice(0, 50),
    'eyJhbGciOiJub25lIn0.e30.', '..', login.iss,
  ];

  function parameters() {
    const pairs = pick([[], Object.entries(login), Object.entries(form)]).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    for (let left = Math.floor(random() * 4); left > 0; left -= 1) {
      const [name, value] = [pick(NAMES), pick(values)];
      const pair = pick([String(new URLSearchParams([[name, value]])), `${name}=${value}`, name, `${name}=${value}=${value}`]);
      pairs.splice(Math.floor(random() * (pairs.length + 1)), pick([0, 0, 1]), pair);
    }
    return pairs.join(often('&', [';', '&&']));
  }

  const bodies = [
    parameters, parameters, parameters,
    () => new Uint8Array(400).map(() => random() * 256),
    () => JSON.stringify({ notices: pick([[], [{}], [{ jwt: pick(values) }], [{ jwt: form.id_token }], null, 5, [null]]) }),
    () => '[', () => '', () => undefined,
    () => new ReadableStream({ pull(controller) { controller.error(new TypeError('terminated')); } }),
  ];

  function strange() {
    const method = often(pick(['GET', 'POST', 'POST']), ['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PROPFIND']);
    const url = often(ORIGIN, HOSTS) + often(pick(PATHS), OTHER_PATHS) + pick(['', `?${parameters()}`]);
    const headers = new Headers({ 'content-type': often('application/x-www-form-urlencoded', TYPES) });
    for (let left = Math.floor(random() * 4); left > 0; left -= 1) {
      const value = pick([pick(values), `Bearer ${pick(values)}`, `__Host-lti-session=${pick(values)}`, '__Host-lti-x=y; '.repeat(500), cookies]);
      try {
        headers.append(pick(HEADERS), value);
      } catch {
        // No header can have it.
      }
    }
    const body = pick(bodies)();
    return { url, init: { method, headers, duplex: 'half', ...(!['GET', 'HEAD'].includes(method) && { body }) } };
  }

  const seen = {};
  for (let made = 0; made < REQUESTS; made += 1) {
    const { url, init } = strange();
    const response = await world.tool.fetch(new Request(url, init));
    const text = await response.text();
    const what = () => JSON.stringify({ made, url, init, status: response.status, text });
    seen[response.status] = (seen[response.status] ?? 0) + 1;
    assert.ok(response.status < 500, what());
    assert.doesNotMatch(text, SHOWN, what());
    for (const cookie of response.headers.getSetCookie()) assert.match(cookie, COOKIE, what());
    if (/^text\/html/.test(response.headers.get('content-type')) && !/^<!doctype html><h1>Welcome/.test(text)) {
      assert.match(response.headers.get('content-security-policy'), /^default-src 'none'; /, what());
      assert.equal(response.headers.get('cache-control'), 'no-store', what());
    }
    // As a route of the tool's own: nobody's session, and no error.
    assert.equal(await world.tool.session(new Request(url, { method: init.method, headers: init.headers })), null, what());
  }
  for (const status of [200, 400, 403, 404, 405, 413, 415]) assert.ok(seen[status] > 0, `${status}`);
  t.diagnostic(JSON.stringify(seen));
});
