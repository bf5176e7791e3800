// Dynamic registration: the platform's configuration, and Canvas's schema of a tool's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { HOST, NOT_FOUND, NOW, payloadOf, sign, start } from './canvas.mjs';
import { SCHOOL, SCOPE } from './services.mjs';

const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const CANVAS = 'https://canvas.instructure.com/lti';
const POINTER = `/${TOOL.replace(/\//g, '~1')}`;
const CONFIGURATION = '/api/lti/security/openid-configuration';
const REGISTRATIONS = '/api/lti/registrations';

const configuration = (changes = {}) => ({
  domain: 'new.example',
  target_link_uri: 'https://new.example/launch',
  custom_parameters: { course: '$Canvas.course.id' },
  claims: ['iss', 'sub', 'name', 'email'],
  messages: [
    { type: 'LtiResourceLinkRequest', placements: ['course_navigation', `${CANVAS}/account_navigation`], label: 'New',
      [`${CANVAS}/launch_width`]: '800' },
    { type: 'LtiDeepLinkingRequest', placements: ['ContentArea', 'RichTextEditor'], target_link_uri: 'https://new.example/link' },
  ],
  ...changes,
});
const registration = (changes = {}, tool = {}) => ({
  application_type: 'web',
  grant_types: ['client_credentials', 'implicit'],
  response_types: ['id_token'],
  redirect_uris: ['https://new.example/launch'],
  initiate_login_uri: 'https://new.example/login',
  client_name: 'New Tool',
  jwks_uri: 'https://new.example/jwks',
  token_endpoint_auth_method: 'private_key_jwt',
  scope: `openid ${SCOPE.score} ${SCOPE.members}`,
  [TOOL]: configuration(tool),
  ...changes,
});

async function begin(options) {
  const canvas = start(options);
  const begun = await canvas.beginRegistration({ registrationUrl: 'https://new.example/register?x=1', baseUrl: HOST });
  const register = (json) => canvas.post(REGISTRATIONS, { json, bearer: begun.registrationToken });
  return { canvas, register, ...begun };
}

test('the page opens the address of the tool', async () => {
  const { url, openidConfiguration, registrationToken } = await begin();
  const { origin, pathname, searchParams } = new URL(url);
  assert.equal(origin + pathname, 'https://new.example/register');
  assert.deepEqual(Object.fromEntries(searchParams), {
    x: '1', openid_configuration: openidConfiguration, registration_token: registrationToken,
  });
  assert.equal(openidConfiguration, `${HOST}${CONFIGURATION}?registration_token=${registrationToken}`);
  const { uuid, ...claims } = payloadOf(registrationToken);
  assert.match(uuid, /^[0-9a-f-]{36}$/);
  assert.deepEqual(claims, {
    initiated_at: '2023-11-14T22:13:20Z', user_id: 1, root_account_global_id: 10000000000001,
    root_account_domain: 'canvas.test', registration_url: 'https://new.example/register?x=1', exp: NOW + 3600,
  });
});

test('the configuration of the platform', async () => {
  const { canvas, openidConfiguration, registrationToken } = await begin();
  const answer = await canvas.get(openidConfiguration);
  assert.equal(answer.status, 200, canvas.reason());
  const { [PLATFORM]: platform, claims_supported: claims, ...rest } = answer.body;
  assert.ok(claims.includes('sub'));
  const { scopes_supported: scopes, ...endpoints } = rest;
  assert.deepEqual(scopes.slice(0, 2), ['openid', SCOPE.item]);
  for (const scope of Object.values(SCOPE)) assert.ok(scopes.includes(scope), scope);
  assert.deepEqual(endpoints, {
    issuer: 'https://canvas.instructure.com',
    authorization_endpoint: `${HOST}/api/lti/authorize_redirect`,
    registration_endpoint: `${HOST}${REGISTRATIONS}`,
    jwks_uri: `${HOST}/api/lti/security/jwks`,
    token_endpoint: `${HOST}/login/oauth2/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['id_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
    authorization_server: 'canvas.test',
  });
  const { messages_supported: messages, variables, notice_types_supported: notices, ...about } = platform;
  assert.deepEqual(about, {
    product_family_code: 'canvas', version: 'vCloud', [`${CANVAS}/account_name`]: SCHOOL.name,
    [`${CANVAS}/account_lti_guid`]: SCHOOL.ltiGuid, [`${CANVAS}/account_domain`]: 'canvas.test',
  });
  assert.ok(variables.includes('Canvas.user.id'));
  assert.equal(notices.length, 4);
  assert.deepEqual(messages.map(({ type }) => type), ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiEulaRequest']);
  for (const name of [`${CANVAS}/course_navigation`, 'ContentArea']) assert.ok(messages[0].placements.includes(name));
  for (const name of ['ActivityAssetProcessor', 'RichTextEditor']) assert.ok(messages[1].placements.includes(name));
  // Newer servers take the token as a bearer, too.
  assert.deepEqual((await canvas.get(CONFIGURATION, { bearer: registrationToken })).body, answer.body);
});

test('an account without asset processors is told of none', async () => {
  const canvas = start({ features: [] });
  const { body } = await canvas.get((await canvas.beginRegistration()).openidConfiguration);
  for (const name of ['asset', 'report', 'eulaUser', 'eulaDeployment']) {
    assert.ok(!body.scopes_supported.includes(SCOPE[name]), name);
  }
  assert.ok(body.scopes_supported.includes(SCOPE.notices));
  assert.ok(!JSON.stringify(body[PLATFORM].messages_supported).includes('ActivityAssetProcessor'));
});

test("in the cloud the endpoints are not the institution's", async () => {
  const canvas = start();
  const { openidConfiguration } = await canvas.beginRegistration();
  assert.ok(openidConfiguration.startsWith('https://canvas.example/'));
  const { body } = await canvas.get(openidConfiguration);
  assert.deepEqual(
    [body.token_endpoint, body.authorization_server, body.registration_endpoint],
    ['https://sso.canvaslms.com/login/oauth2/token', 'sso.canvaslms.com', `https://canvas.example${REGISTRATIONS}`]);
});

const EXPIRED = { errors: [{ message: 'An error occurred.', error_code: 'unauthorized' }] };
test('a registration token lives for an hour', async () => {
  const { canvas, openidConfiguration, registrationToken, register } = await begin();
  canvas.clock.now += 3601;
  for (const answer of [
    await canvas.get(openidConfiguration), await register(registration()), await canvas.get(CONFIGURATION),
    await canvas.get(CONFIGURATION, { bearer: 'x' }), await canvas.post(REGISTRATIONS, { json: registration() }),
    await canvas.post(REGISTRATIONS, { json: registration(), bearer: `${registrationToken}x` }),
  ]) assert.deepEqual([answer.status, answer.body], [401, EXPIRED]);
  assert.equal(canvas.records.ltiRegistrations.size, 0);
});

test('a registration token has to say all of it, of an account that there is', async () => {
  const { canvas, registrationToken } = await begin();
  const { uuid: _, ...short } = payloadOf(registrationToken);
  const lacking = await sign(short, canvas.secrets.encryptionKey);
  const refused = await canvas.post(REGISTRATIONS, { json: registration(), bearer: lacking });
  assert.deepEqual([refused.status, refused.body], [401, { errorMessage: 'JWT did not include expected contents' }]);
  const elsewhere = { ...payloadOf(registrationToken), root_account_global_id: 10000000000099 };
  const bearer = await sign(elsewhere, canvas.secrets.encryptionKey);
  for (const answer of [
    await canvas.post(REGISTRATIONS, { json: registration(), bearer }), await canvas.get(CONFIGURATION, { bearer }),
  ]) assert.deepEqual([answer.status, answer.body], [404, NOT_FOUND]);
});

test('a registration makes a developer key', async () => {
  const { canvas, register } = await begin();
  const sent = registration({ unknown: 1, contacts: ['a@b.example'] }, { unknown: 1 });
  const { status, body } = await register(sent);
  assert.equal(status, 200, canvas.reason());
  const { [TOOL]: tool, ...rest } = body;
  const base = `${HOST}${REGISTRATIONS}/10000000000001`;
  assert.deepEqual(rest, {
    client_id: '10000000000043', application_type: 'web', grant_types: ['client_credentials', 'implicit'],
    initiate_login_uri: sent.initiate_login_uri, redirect_uris: sent.redirect_uris, response_types: ['id_token'],
    client_name: 'New Tool', jwks_uri: sent.jwks_uri, token_endpoint_auth_method: 'private_key_jwt',
    scope: `${SCOPE.score} ${SCOPE.members} openid`, registration_client_uri: base,
  });
  // What Canvas does not know it drops without a word.
  assert.deepEqual(tool, { ...configuration(), [`${CANVAS}/registration_config_url`]: `${base}/view` });
  const key = canvas.records.developerKeys.get('10000000000043');
  assert.deepEqual(key.placements, [
    { placement: 'course_navigation', messageType: 'LtiResourceLinkRequest', width: 800 },
    { placement: 'account_navigation', messageType: 'LtiResourceLinkRequest', width: 800 },
    { placement: 'link_selection', messageType: 'LtiDeepLinkingRequest', targetLinkUri: 'https://new.example/link' },
    { placement: 'editor_button', messageType: 'LtiDeepLinkingRequest', targetLinkUri: 'https://new.example/link' },
  ]);
});

test('the tool can be launched, and calls services', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] };
  const { canvas, register } = await begin({ fetch: async (url) => {
    assert.equal(url, 'https://new.example/jwks');
    return Response.json(keys);
  } });
  const { body: { client_id: clientId } } = await register(registration());
  const login = await canvas.launch({ developerKeyId: clientId, courseId: 1, baseUrl: HOST });
  assert.deepEqual([login.url, login.form.client_id], ['https://new.example/login', clientId]);
  const aud = `${HOST}/login/oauth2/token`;
  const claims = { iss: clientId, sub: clientId, aud, iat: NOW, exp: NOW + 60, jti: 'j' };
  const grant = await canvas.post(aud, {
    form: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey),
      scope: SCOPE.members,
    },
  });
  assert.equal(grant.status, 200, canvas.reason());
  const members = await canvas.get('/api/lti/courses/1/names_and_roles', { bearer: grant.body.access_token });
  assert.equal(members.status, 200, canvas.reason());
});

test('a deployment id is told where the flag is on', async () => {
  const { register } = await begin({ features: ['lti_registrations_next'] });
  assert.equal((await register(registration())).body.deployment_id, `8:${SCHOOL.ltiId}`);
});

for (const [claims, level] of [
  [['picture'], 'public'], [['name', 'email'], 'public'], [['given_name'], 'name_only'], [['email'], 'email_only'],
  [['https://purl.imsglobal.org/spec/lti/claim/lis'], 'name_only'], [[], 'anonymous'],
]) {
  test(`claims ${claims} make the privacy level ${level}`, async () => {
    const { canvas, register } = await begin();
    const { body } = await register(registration({}, { claims }));
    assert.equal(canvas.records.developerKeys.get(body.client_id).privacyLevel, level);
  });
}

test('a privacy level that is given counts; a message without placements is in the selection of links', async () => {
  const { canvas, register } = await begin();
  const messages = [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiEulaRequest', custom_parameters: { e: '1' } }];
  const { body } = await register(registration({ scope: undefined }, { messages, [`${CANVAS}/privacy_level`]: 'email_only' }));
  const key = canvas.records.developerKeys.get(body.client_id);
  assert.deepEqual(
    [key.privacyLevel, key.placements, key.scopes, key.eulaCustomFields],
    ['email_only', [{ placement: 'link_selection', messageType: 'LtiResourceLinkRequest' }], [], { e: '1' }]);
  assert.equal(body.scope, 'openid');
});

const without = (name) => registration({ [name]: undefined });
const missing = (...names) => `The following fields are required: object at root is missing required properties: ${names.join(', ')}`;
for (const [name, json, errors] of [
  ['nothing', {}, [missing(
    'application_type', 'grant_types', 'response_types', 'redirect_uris', 'initiate_login_uri', 'client_name', 'jwks_uri',
    'token_endpoint_auth_method', TOOL)]],
  ['no name', without('client_name'), [missing('client_name')]],
  ['an empty name', registration({ client_name: '' }),
    [' /client_name. Schema: {"type" => "string", "minLength" => 1}']],
  ['a native application', registration({ application_type: 'native' }),
    ['native /application_type. Schema: {"type" => "string", "const" => "web"}']],
  ['another authentication', registration({ token_endpoint_auth_method: 'client_secret_basic' }),
    ['client_secret_basic /token_endpoint_auth_method. Schema: {"type" => "string", "const" => "private_key_jwt"}']],
  ['a grant too few', registration({ grant_types: ['implicit'] }),
    ['implicit /grant_types/0. Schema: {"const" => "client_credentials"}']],
  ['no redirect URI', registration({ redirect_uris: [] }),
    ['[] /redirect_uris. Schema: {"type" => "array", "items" => {"type" => "string", "format" => "uri"}, "minItems" => 1}']],
  ['a redirect URI that is none', registration({ redirect_uris: ['launch'] }),
    ['launch /redirect_uris/0. Schema: {"type" => "string", "format" => "uri"}']],
  ['another response', registration({ response_types: ['code'] }), ['code /response_types/0. Schema: {"const" => "id_token"}']],
  ['a contact that is no address', registration({ contacts: ['ada'] }),
    ['ada /contacts/0. Schema: {"type" => "string", "format" => "email"}']],
  ['scopes in a list', registration({ scope: [SCOPE.score] }),
    [`["${SCOPE.score}"] /scope. Schema: {"type" => ["string", "null"]}`]],
  ['a parameter that is a number', registration({}, { custom_parameters: { x: 1 } }),
    [`1 ${POINTER}/custom_parameters/x. Schema: {"type" => "string"}`]],
]) {
  test(`a registration with ${name} is refused`, async () => {
    const { canvas, register } = await begin();
    const answer = await register(json);
    assert.deepEqual([answer.status, answer.body], [422, { errors }]);
    assert.deepEqual([canvas.records.developerKeys.size, canvas.records.tools.size], [3, 1]);
  });
}

for (const [name, tool, expected] of [
  ['a domain with a scheme', { domain: 'https://new.example' }, /^https:\/\/new\.example \/https:~1~1.*\/domain\. Schema: /],
  ['no messages', { messages: undefined }, new RegExp(`^\\{"domain" => .*\\} ${POINTER}\\. Schema: `)],
  ['a message of another type', { messages: [{ type: 'LtiSubmissionReviewRequest' }] },
    /^LtiSubmissionReviewRequest .*\/messages\/0\/type\. Schema: /],
  ['a message of no type', { messages: [{}] }, /^\{\} .*\/messages\/0\. Schema: /],
  ['a placement that there is not', { messages: [{ type: 'LtiResourceLinkRequest', placements: ['sidebar'] }] },
    /^sidebar .*\/messages\/0\/placements\/0\. Schema: /],
  ['a privacy level that there is not', { [`${CANVAS}/privacy_level`]: 'secret' }, /^secret .*privacy_level\. Schema: /],
  ['a visibility that there is not', { messages: [{ type: 'LtiResourceLinkRequest', [`${CANVAS}/visibility`]: 'all' }] },
    /^all .*visibility\. Schema: /],
  ['a default that is text',
    { messages: [{ type: 'LtiResourceLinkRequest', [`${CANVAS}/course_navigation/default_enabled`]: 'no' }] },
    /^no .*default_enabled\. Schema: \{"type" => "boolean"\}$/],
]) {
  test(`a tool configuration with ${name} is refused`, async () => {
    const { register } = await begin();
    const { status, body } = await register(registration({}, tool));
    assert.equal(status, 422);
    assert.equal(body.errors.length, 1);
    assert.match(body.errors[0], expected);
  });
}

test('several faults are told at once', async () => {
  const { register } = await begin();
  const { body } = await register(registration({ application_type: 'native', jwks_uri: 'x' }, { claims: 'all' }));
  assert.equal(body.errors.length, 3);
});

test('a scope that there is not is refused', async () => {
  const { canvas, register } = await begin();
  const { status, body } = await register(registration({ scope: `${SCOPE.score} x` }));
  const message = 'cannot contain x';
  assert.deepEqual([status, body], [422, { errors: { scopes: [{ attribute: 'scopes', type: message, message }] } }]);
  assert.equal(canvas.records.developerKeys.size, 3);
});

test('a scope that nobody is offered can be asked for', async () => {
  const { canvas, openidConfiguration, register } = await begin();
  const scope = `${CANVAS}/data_services/scope/list`;
  assert.equal((await register(registration({ scope }))).status, 200);
  assert.ok(!(await canvas.get(openidConfiguration)).body.scopes_supported.includes(scope));
});

test('whoever begins a registration names what there is', async () => {
  const canvas = start();
  for (const options of [{ accountId: 99 }, { userId: 99 }]) {
    await assert.rejects(canvas.beginRegistration(options), TypeError);
  }
  assert.equal((await canvas.beginRegistration()).url, null);
});
