// Dynamic registration: a tool makes itself a developer key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canvasPlatform, register } from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { rejects } from '../node/copies.mjs';
import { AGS, HOST, openEmulator } from './services.mjs';

const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const CANVAS = 'https://canvas.instructure.com/lti/';
const tool = (changes = {}, inside = {}) => ({
  client_name: 'Example Tool',
  initiate_login_uri: 'https://tool.example/login',
  redirect_uris: ['https://tool.example/launch'],
  jwks_uri: 'https://tool.example/jwks',
  scope: `${AGS}lineitem ${AGS}score`,
  [TOOL_CONFIGURATION]: {
    domain: 'tool.example',
    claims: ['sub', 'name'],
    messages: [{ type: 'LtiResourceLinkRequest', placements: ['course_navigation'], [`${CANVAS}course_navigation/default_enabled`]: false }],
    [`${CANVAS}privacy_level`]: 'name_only',
    ...inside,
  },
  ...changes,
});

test('a tool is registered, and gets its platform', async () => {
  const emulator = openEmulator({ issuer: HOST });
  const { openidConfiguration, registrationToken } = await emulator.beginRegistration({ baseUrl: HOST });
  const given = { openidConfiguration, registrationToken, tool: tool(), fetch: emulator.fetch };
  const { platform, registration } = await register(given);
  assert.match(platform.clientId, /^\d+$/);
  const expected = canvasPlatform({ clientId: platform.clientId, baseUrl: HOST, issuer: HOST });
  assert.deepEqual({ ...platform }, { ...expected });
  assert.equal(registration.client_id, platform.clientId);
  const [configuration, post] = [...emulator.requests].slice(-2);
  assert.equal(configuration.url, openidConfiguration);
  for (const { headers } of [configuration, post]) assert.equal(headers.authorization, `Bearer ${registrationToken}`);
  const sent = JSON.parse(post.body);
  assert.deepEqual([sent.application_type, sent.token_endpoint_auth_method], ['web', 'private_key_jwt']);
});

test('a tool of the cloud is registered on the institution\'s host', async () => {
  const emulator = createEmulator();
  const { openidConfiguration, registrationToken } = await emulator.beginRegistration();
  const { platform } = await register({ openidConfiguration, registrationToken, tool: tool(), fetch: emulator.fetch });
  assert.deepEqual({ ...platform }, { ...canvasPlatform({ clientId: platform.clientId }) });
  assert.ok([...emulator.requests].every(({ url }) => url.startsWith('https://canvas.example/')));
});

test('nothing is asked for a tool that Canvas would not take', async () => {
  const emulator = openEmulator();
  const { openidConfiguration, registrationToken } = await emulator.beginRegistration({ baseUrl: HOST });
  const count = emulator.requests.length;
  const wrong = [
    [tool({ redirect_uris: [] }), 'tool.redirect_uris'],
    [tool({}, { domain: 'https://tool.example' }), `tool.${TOOL_CONFIGURATION}.domain`],
    [tool({}, { custom_parameters: { a: 1 } }), `tool.${TOOL_CONFIGURATION}.custom_parameters.a`],
    [tool({}, { [`${CANVAS}privacylevel`]: 'public' }), `tool.${TOOL_CONFIGURATION}.${CANVAS}privacylevel`],
    [tool({ at: new Date() }), 'tool.at'],
    [undefined, 'tool'],
  ];
  for (const [given, at] of wrong) {
    await rejects(() => register({ openidConfiguration, registrationToken, tool: given, fetch: emulator.fetch }), 'ERR_ARGUMENT', at);
  }
  await rejects(() => register({ openidConfiguration: 'http://school.test/', tool: tool() }), 'ERR_ARGUMENT', 'request.openidConfiguration');
  await rejects(() => register({ openidConfiguration, registrationToken: 'a b', tool: tool() }), 'ERR_ARGUMENT', 'request.registrationToken');
  assert.equal(emulator.requests.length, count);
});

test('a token that is wrong or expired', async () => {
  const emulator = openEmulator();
  const openidConfiguration = `${HOST}/api/lti/security/openid-configuration?registration_token=a.b.c`;
  const error = await rejects(() => register({ openidConfiguration, registrationToken: 'a.b.c', tool: tool(), fetch: emulator.fetch }));
  assert.equal(error.status, 401);
});

const CONFIGURATION = {
  issuer: 'https://school.test', authorization_endpoint: 'https://school.test/a', token_endpoint: 'https://school.test/t',
  jwks_uri: 'https://school.test/j', registration_endpoint: 'https://school.test/r',
};
const json = (status, value) => new Response(JSON.stringify(value), { status });

test('a refusal lists every fault', async () => {
  const errors = ["The property '#/' did not contain a required property", { field: 'x', message: 'is wrong' }];
  const fetch = async (url) => (url === CONFIGURATION.registration_endpoint ? json(422, { errors }) : json(200, CONFIGURATION));
  const error = await rejects(() => register({ openidConfiguration: 'https://school.test/c', tool: tool(), fetch }), 'ERR_HTTP_STATUS');
  assert.equal(error.message, `the server answered 422: ${errors[0]}; is wrong`);
  assert.deepEqual(error.body, { errors });
});

test('a configuration with an endpoint that anybody can read', async () => {
  for (const name of Object.keys(CONFIGURATION)) {
    const fetch = async () => json(200, { ...CONFIGURATION, [name]: 'http://school.test/' });
    const error = await rejects(() => register({ openidConfiguration: 'https://school.test/c', tool: tool(), fetch }), 'ERR_RESPONSE_INVALID');
    assert.ok(error.message.includes(name));
  }
});

test('a configuration that names the endpoints of another platform', async () => {
  const asked = [];
  for (const [name, url] of [
    ['token_endpoint', 'https://sso.canvaslms.com/login/oauth2/token'], ['issuer', 'https://canvas.instructure.com'],
    ['jwks_uri', 'https://evil.test/j'], ['registration_endpoint', 'http://localhost:2375/containers/create'],
  ]) {
    const fetch = async (sent) => { asked.push(sent); return json(200, { ...CONFIGURATION, [name]: url }); };
    const error = await rejects(() => register({ openidConfiguration: 'https://school.test/c', tool: tool(), fetch, local: true }), 'ERR_RESPONSE_INVALID');
    assert.ok(error.message.includes(name));
  }
  assert.deepEqual(new Set(asked), new Set(['https://school.test/c']));
});

test('a configuration on this machine is asked for where that is said', async () => {
  const emulator = openEmulator();
  const { openidConfiguration, registrationToken } = await emulator.beginRegistration({ baseUrl: 'http://localhost:3000' });
  const given = { openidConfiguration, registrationToken, tool: tool(), fetch: emulator.fetch };
  await rejects(() => register(given), 'ERR_ARGUMENT', 'request.openidConfiguration');
  await rejects(() => register({ ...given, local: 1 }), 'ERR_ARGUMENT', 'request.local');
  assert.deepEqual([...emulator.requests], []);
  const { platform } = await register({ ...given, local: true });
  assert.equal(platform.tokenEndpoint, 'http://localhost:3000/login/oauth2/token');
});

test('an error does not carry the registration token', async () => {
  const registrationToken = 'secret-registration-token';
  const fetch = async (url, init) => json(500, { message: init.headers.authorization });
  const error = await rejects(() => register({ openidConfiguration: 'https://school.test/c', registrationToken, tool: tool(), fetch }));
  assert.doesNotMatch(JSON.stringify(error.body) + error.message, /secret-registration/);
});

test('a server that answers more than a registration has', async () => {
  const emulator = openEmulator({ issuer: HOST });
  const { openidConfiguration, registrationToken } = await emulator.beginRegistration({ baseUrl: HOST });
  for (const method of ['GET', 'POST']) {
    const fetch = async (url, init) => {
      const response = await emulator.fetch(url, init);
      return init.method === method ? json(200, { ...await response.json(), more: 'x'.repeat(300_000) }) : response;
    };
    const error = await rejects(() => register({ openidConfiguration, registrationToken, tool: tool(), fetch }), 'ERR_RESPONSE_INVALID');
    assert.match(error.message, /more than 262144 bytes/);
  }
});
