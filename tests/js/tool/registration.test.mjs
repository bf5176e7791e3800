// Dynamic registration: who may register the tool, what is fetched for it, and the launch that comes after it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, ORIGIN, PLATFORM, codeOf, dataOf, launch, makeWorld } from './world.mjs';

const SCHOOL = 'https://school.instructure.com';
const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const TOOL = {
  client_name: 'Essays',
  [TOOL_CONFIGURATION]: { claims: ['iss', 'sub', 'name'], messages: [{ type: 'LtiResourceLinkRequest', placements: ['course_navigation'] }] },
};

/** A tool that keeps what is registered, and what it was asked. */
function register(more = {}, options = {}) {
  const [platforms, asked] = [[], []];
  const registration = {
    tool: TOOL,
    approve: ({ href }, { url }) => {
      asked.push([href, url]);
      return new URL(url).searchParams.get('invitation') === 'welcome';
    },
    registered: (platform) => { platforms.push(platform); },
    ...more,
  };
  const world = makeWorld({
    platforms: (issuer, clientId) => platforms.find((platform) => platform.issuer === issuer && platform.clientId === clientId),
    registration, ...options,
  }, { baseUrl: SCHOOL, authUrl: PLATFORM.authorizationEndpoint });
  const get = async (query) => {
    const response = await world.tool.fetch(new Request(`${ORIGIN}/lti/register?${new URLSearchParams(query)}`));
    return { status: response.status, page: await response.text() };
  };
  return { ...world, platforms, asked, get };
}

test('an administrator registers the tool by its URL, and it can be launched', async () => {
  const { canvas, tool, platforms, asked, launched } = register();
  const { url, openidConfiguration } = await canvas.beginRegistration({
    baseUrl: SCHOOL, registrationUrl: `${ORIGIN}/lti/register?invitation=welcome`,
  });
  const response = await tool.fetch(new Request(url));
  const page = await response.text();
  assert.deepEqual([response.status, dataOf(page)], [200, { page: 'registered' }]);
  assert.match(page, /<h1>The tool is registered<\/h1>/);
  assert.deepEqual(asked, [[openidConfiguration, url]]);
  const [{ clientId }] = platforms;
  const { sent } = [...canvas.records.ltiRegistrations.values()][0];
  assert.deepEqual([sent.client_name, sent.initiate_login_uri, sent.redirect_uris, sent.jwks_uri],
    ['Essays', `${ORIGIN}/lti/login`, [`${ORIGIN}/lti/launch`], `${ORIGIN}/lti/jwks`]);
  assert.equal(sent[TOOL_CONFIGURATION].domain, 'tool.example');
  assert.equal((await launch({ canvas, tool }, { developerKeyId: clientId })).status, 200);
  assert.equal(launched[0].launch.platform.clientId, clientId);
});

test('whom the tool does not agree with learns nothing of it, and is asked nothing', async () => {
  const { canvas, get, platforms } = register();
  const { openidConfiguration, registrationToken } = await canvas.beginRegistration({ baseUrl: SCHOOL });
  const before = canvas.requests.length;
  const { status, page } = await get({ openid_configuration: openidConfiguration, registration_token: registrationToken, invitation: 'guessed' });
  assert.deepEqual([status, codeOf(page), platforms], [403, 'ERR_FORBIDDEN', []]);
  assert.match(page, /<h1>The tool was not registered<\/h1>/);
  assert.equal(canvas.requests.length, before);
});

const path = '/api/lti/security/openid-configuration';
const FOREIGN = {
  'another host': `https://evil.example${path}`,
  'a host that begins so': `https://school.instructure.com.evil.example${path}`,
  'a host that ends so': `https://evilinstructure.com${path}`,
  'a user in front of another host': `https://school.instructure.com@evil.example${path}`,
  'a backslash before another host': `https://evil.example\\@school.instructure.com${path}`,
  'a fragment': `https://evil.example#@school.instructure.com${path}`,
  'a user of the host itself': `https://a:b@school.instructure.com${path}`,
  http: `http://school.instructure.com${path}`,
  'another port': `https://school.instructure.com:8443${path}`,
  'a dot behind': `https://school.instructure.com.${path}`,
  'this machine': `http://localhost:8931${path}`,
  'an address of this machine': `https://127.0.0.1${path}`,
  'the same as a number': `https://2130706433${path}`,
  'IPv6': `https://[::ffff:7f00:1]${path}`,
  'a cloud’s metadata': 'http://169.254.169.254/latest/meta-data/',
  'a file': 'file:///etc/passwd',
  'no URL': 'school.instructure.com',
};
for (const [name, url] of Object.entries(FOREIGN)) {
  test(`nothing is fetched for ${name}`, async () => {
    const fetched = [];
    const { get, asked } = register({}, { fetch: async (...given) => { fetched.push(given); return Response.json({}); } });
    const { status, page } = await get({ openid_configuration: url, registration_token: 't', invitation: 'welcome' });
    assert.ok(status === 400 || status === 403, page);
    assert.match(codeOf(page), /^ERR_LTI_(LOGIN_INVALID|PLATFORM_UNKNOWN)$/);
    assert.deepEqual([fetched, asked], [[], []]);
  });
}

test('hosts are listed as the tool says', async () => {
  const hosts = ['canvas.school.example', '*.other.example:8443', 'localhost:8931'];
  const of = async (url) => {
    const fetched = [];
    const { get } = register({ hosts }, { fetch: async (asked) => { fetched.push(String(asked.url ?? asked)); return new Response(null, { status: 404 }); } });
    await get({ openid_configuration: url, invitation: 'welcome' });
    return fetched;
  };
  for (const url of ['https://CANVAS.school.example/x', 'https://a.b.other.example:8443/x', 'http://localhost:8931/x']) {
    assert.deepEqual(await of(url), [new URL(url).href]);
  }
  for (const url of [`${SCHOOL}/x`, 'https://other.example:8443/x', 'https://a.other.example/x', 'http://canvas.school.example/x', 'https://localhost/x', 'https://evilcanvas.school.example/x', 'https://a.canvas.school.example/x']) {
    assert.deepEqual(await of(url), [], url);
  }
});

const configurationOf = (changes) => ({
  issuer: SCHOOL, authorization_endpoint: `${SCHOOL}/authorize`, token_endpoint: `${SCHOOL}/token`, jwks_uri: `${SCHOOL}/jwks`,
  registration_endpoint: `${SCHOOL}/register`, ...changes,
});

/** What a tool fetches of a platform with this configuration. */
async function fetchedWith(answer) {
  const fetched = [];
  const fetch = async (asked, init) => {
    const request = new Request(asked, init);
    fetched.push(`${request.method} ${request.url}`);
    return request.url.endsWith(path) ? answer() : Response.json({ client_id: '7' });
  };
  const { get, platforms } = register({}, { fetch });
  const { page, status } = await get({ openid_configuration: SCHOOL + path, invitation: 'welcome' });
  return { fetched: fetched.map((line) => line.replace(SCHOOL, '')), status, code: codeOf(page), platforms };
}

test('a configuration that names another host to register at gets nothing', async () => {
  const good = await fetchedWith(() => Response.json(configurationOf({})));
  assert.deepEqual([good.fetched, good.platforms.length], [[`GET ${path}`, 'POST /register'], 1]);
  for (const endpoint of ['https://evil.example/register', 'https://169.254.169.254/register', 'http://localhost:6379/']) {
    const { fetched, code, status } = await fetchedWith(() => Response.json(configurationOf({ registration_endpoint: endpoint })));
    assert.deepEqual(fetched, [`GET ${path}`], endpoint);
    assert.ok(['ERR_LTI_PLATFORM_UNKNOWN', 'ERR_RESPONSE_INVALID'].includes(code) && status >= 400, `${endpoint}: ${code}`);
  }
});

test('a configuration that names another’s endpoints is refused', async () => {
  const { code, platforms } = await fetchedWith(() => Response.json(configurationOf({ jwks_uri: 'https://evil.instructure.com/jwks' })));
  assert.deepEqual([code, platforms], ['ERR_RESPONSE_INVALID', []]);
});

test('a redirect is not followed', async () => {
  const { fetched, status } = await fetchedWith(() => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }));
  assert.deepEqual(fetched, [`GET ${path}`]);
  assert.equal(status, 502);
});

test('what stands twice or is absent is refused', async () => {
  const { tool } = register();
  for (const query of ['', '?openid_configuration=a&openid_configuration=b', `?openid_configuration=${SCHOOL}&registration_token=a&registration_token=b`]) {
    const response = await tool.fetch(new Request(`${ORIGIN}/lti/register${query}`));
    assert.deepEqual([response.status, codeOf(await response.text())], [400, 'ERR_LTI_LOGIN_INVALID'], query);
  }
});

test('a tool without registration has no such path', async () => {
  assert.equal(await makeWorld().tool.handle(new Request(`${ORIGIN}/lti/register`)), null);
  assert.equal((await new Browser(register().tool).ask('/lti/register', { form: { a: 'b' } })).status, 405);
});
