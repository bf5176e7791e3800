// Every place in the API where a value can be passed: {function or Class.method: [[place, call with a value]]}. A place that is a
// misspelt name has a third element: which name was meant, or null where nothing like it is known.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { AUD, GUID, unsigned } from './copies.mjs';

const CLAIMS = { sub: GUID, aud: AUD, exp: 1060, iat: 1000, jti: 'one' };
const OPTIONS = { lifetime: 60, now: 1000 };
const TOKEN = unsigned('{"sub":1}');
const SIGNED = unsigned('{"sub":1}', '{"alg":"RS256","kid":"k"}');
const JWE = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA';
const RESPONSE = { status: 200, headers: new Headers(), text: () => '{"access_token":"x","expires_in":1}' };
const WRAPPED = JWE.replace('eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..', 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AAAA.');
const WAITING = { signal: undefined, timeout: 50 };
const answer = async () => RESPONSE;
const SENDING = { fetch: answer, timeout: 50, retries: 0, userAgent: 'u', signal: undefined };
const { sub, exp, iat, jti } = CLAIMS;
const REQUEST = { url: AUD, secret: 'secret', sub, exp, iat, jti, ...OPTIONS, code: 'c', ...SENDING };
const STORAGE = { target: 'post_message_forwarding', origin: 'https://sso.canvaslms.com' };

/** Calls with the value as each member in turn. */
const members = (object, call, prefix = '') =>
  Object.keys(object).map((name) => [`${prefix}.${name}`, (value) => call({ ...object, [name]: value })]);

const MISSPELT = 'notAnOption';
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([known]) => known !== name));

/** The same for an object in a specification's words: a member that is misspelt is refused, others are kept. */
const open = (object, call, prefix = '') => [
  ...members(object, call, prefix),
  ...Object.keys(object).map((name) => {
    const misspelt = `${name}${name.at(-1)}`;
    return [`${prefix}.${misspelt}`, (value) => call({ ...without(object, name), [misspelt]: value }), name];
  }),
];

/** The same for an object that may have no other members. */
const closed = (object, call, prefix = '') => [
  ...open(object, call, prefix),
  [`${prefix}.${MISSPELT}`, (value) => call({ ...object, [MISSPELT]: value }), null],
];

// What a fetch of one's own may do with a value.
const FETCHES = [
  ['fetch gives it', (value) => () => value],
  ['fetch resolves to it', (value) => async () => value],
  ['fetch throws it', (value) => () => { throw value; }],
  ['fetch rejects with it', (value) => () => Promise.reject(value)],
  ['fetch rejects with its code', (value) => () => Promise.reject({ code: value })],
  ['a promise calls it', (value) => () => Object.defineProperty(Promise.resolve(RESPONSE), 'then', { value })],
  ['a promise is made by it', (value) => () => Object.defineProperty(Promise.resolve(RESPONSE), 'constructor', { value })],
  ['.status', (value) => async () => ({ ...RESPONSE, status: value })],
  ['.headers', (value) => async () => ({ ...RESPONSE, headers: value })],
  ['.headers.get()', (value) => async () => ({ ...RESPONSE, headers: { get: () => value } })],
  ['.text', (value) => async () => ({ ...RESPONSE, text: value })],
  ['.text() gives it', (value) => async () => ({ ...RESPONSE, text: () => value })],
  ['.text() throws it', (value) => async () => ({ ...RESPONSE, text: () => { throw value; } })],
];

const reader = (part) => ({ ...RESPONSE, body: { getReader: () => ({ read: () => part }) } });
// And what one may do that gives a stream.
const STREAMS = [
  ['.body', (value) => async () => ({ ...RESPONSE, body: value })],
  ['.body.getReader() gives it', (value) => async () => ({ ...RESPONSE, body: { getReader: () => value } })],
  ['.body.getReader() throws it', (value) => async () => ({ ...RESPONSE, body: { getReader: () => { throw value; } } })],
  ['.read() gives it', (value) => async () => reader(value)],
  ['.value', (value) => async () => reader({ value })],
  ['.done', (value) => async () => reader({ done: value, value: 'x' })],
];

const secret = { secret: new Uint8Array(32).fill(7), alg: 'HS256' };
const oct = { kty: 'oct', k: 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc', alg: 'HS256', use: 'sig', key_ops: ['sign'], kid: 'k' };
const ec = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43), d: 'A'.repeat(43) };
const rsa = { kty: 'RSA', n: 'x', e: 'AQAB', d: 'A', p: 'A', q: 'A', dp: 'A', dq: 'A', qi: 'A' };
const okp = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) };
const crypto = { type: 'secret', extractable: true, algorithm: { name: 'HMAC', hash: { name: 'SHA-256' } }, usages: ['sign'] };
const cryptoKey = (changes) => ({ ...crypto, ...changes, [Symbol.toStringTag]: 'CryptoKey' });

const external = { alg: 'HS256', kid: 'k', sign: () => new Uint8Array(32), verify: () => true };
// What a function of a key that lives elsewhere may do with a value.
const KEY_FUNCTIONS = [
  ['gives it', (value) => () => value],
  ['resolves to it', (value) => async () => value],
  ['throws it', (value) => () => { throw value; }],
  ['rejects with it', (value) => () => Promise.reject(value)],
  ['gives a thenable of it', (value) => () => ({ then: value })],
];

/** The same for a form of key, which is known by its first member. */
const ofForm = (key, call, prefix) => closed(key, call, prefix).filter(([, , meant]) => meant !== Object.keys(key)[0]);

/** Calls with the value as a key, and as each part of every form of key. */
const keys = (call) => [
  ['key', call],
  ...ofForm(secret, call, 'secret'),
  ...[oct, ec, rsa, okp].flatMap((jwk) => members(jwk, call, jwk.kty)),
  ...ofForm({ pem: '-----BEGIN PUBLIC KEY-----\nMAAA\n-----END PUBLIC KEY-----', alg: 'RS256', kid: 'k' }, call, 'pem'),
  ['.keys', (value) => call({ keys: value })],
  ['.keys[0]', (value) => call({ keys: [value] })],
  ...members(crypto, (made) => call(cryptoKey(made)), 'CryptoKey'),
  ...closed(external, call, 'external'),
  ...['publicKey', 'publicKey.n'].map((place) => [`external.${place}`, (value) => call({
    ...external, alg: 'RS256', publicKey: place === 'publicKey' ? value : { kty: 'RSA', n: value, e: 'AQAB' },
  })]),
  ...KEY_FUNCTIONS.map(([place, make]) => [`sign ${place}`, (value) => call({ ...external, sign: make(value) })]),
  ['external.unwrapKey', (unwrapKey) => call({ alg: 'RSA-OAEP', kid: 'k', unwrapKey })],
  ['CryptoKey.algorithm.hash', (value) => call(cryptoKey({ algorithm: { name: 'HMAC', hash: value } }))],
];

/** The same for functions that read keys as those do. */
const fewKeys = (call) => [
  ['key', call],
  ...['keys', 'kty', 'secret', 'pem', 'sign', 'verify', 'unwrapKey'].map((name) => [`.${name}`, (value) => call({ [name]: value })]),
];

/** Calls with the value as a JSON object, and inside one. */
const json = (name, call) => [
  [name, call],
  [`${name}.x`, (value) => call({ x: value })],
  [`${name}.x[0]`, (value) => call({ x: [value] })],
  [`${name}.x.y`, (value) => call({ x: { y: value } })],
  [`${name}.alg`, (value) => call({ alg: value })],
  [`a getter of ${name}`, (value) => call({ get x() { throw value; } })],
];

const VERIFYING = {
  algorithms: ['HS256'], issuer: 'i', audience: 'a', subject: 's', typ: 'JWT', requiredClaims: ['sub'], maxTokenAge: 1, now: 1,
  clockTolerance: 1,
};
const DIRECT = { secret: new Uint8Array(32).fill(7) };
const INSPECTING = {
  key: secret, decryptionKey: DIRECT, decryptionAlgorithms: ['dir'], as: 'jwt', endpoint: AUD, platform: undefined, nonce: 'n', now: 1, clockTolerance: 1, spans: true,
  ...WAITING,
};

const ASYNC = new Set([
  'requestAccessToken', 'signJwt', 'verifyJwt', 'signJws', 'verifyJws', 'encryptJwe', 'decryptJwe', 'generateKey', 'inspect',
  'prepareKey', 'deepLinkingResponse', 'beginLaunch', 'verifyLaunch', 'register', 'requestServiceToken',
  'signClientAssertion', 'verifyNotice', 'beginAuthorization', 'requestUserToken', 'refreshUserToken', 'revokeUserToken',
]);
export const isAsync = (name) => ASYNC.has(name) || name.startsWith('Canvas.') || name.startsWith('LtiServices.');

export const places = (api) => ({
  decode: [['token', api.decode]],
  unwrap: [['token', api.unwrap]],
  wrap: [['compact', api.wrap]],
  parse: [['text', api.parse]],
  stringify: [...json('value', api.stringify), ['space', (space) => api.stringify({ a: [1] }, space)]],
  isTokenError: [['error', api.isTokenError], ...members({ name: 'TokenError', code: 'ERR_FETCH' }, api.isTokenError)],
  buildAssertion: [
    ['claims', api.buildAssertion],
    ['options', (value) => api.buildAssertion(CLAIMS, value)],
    ...closed(CLAIMS, api.buildAssertion),
    ...closed(OPTIONS, (options) => api.buildAssertion(CLAIMS, options)),
  ],
  signAssertion: [
    ['claims', (value) => api.signAssertion(value, 'secret')],
    ['secret', (value) => api.signAssertion(CLAIMS, value)],
    ['options', (value) => api.signAssertion(CLAIMS, 'secret', value)],
    ...closed(CLAIMS, (claims) => api.signAssertion(claims, 'secret')),
    ...closed(OPTIONS, (options) => api.signAssertion(CLAIMS, 'secret', options)),
  ],
  requestAccessToken: [
    ['request', api.requestAccessToken],
    ...closed(REQUEST, api.requestAccessToken),
    ['.assertion', (value) => api.requestAccessToken({ url: AUD, assertion: value, ...SENDING })],
    ...FETCHES.map(([place, fetch]) => [place, (value) => api.requestAccessToken({ ...REQUEST, fetch: fetch(value) })]),
  ],
  remoteJwks: [
    ['url', api.remoteJwks],
    ['options', (options) => api.remoteJwks(AUD, options)],
    ...closed({ ...SENDING, store: STORE }, (options) => api.remoteJwks(AUD, options)),
  ],
  ...tokens(api),
  platformStorage: [
    ['where', api.platformStorage],
    ['options', (options) => api.platformStorage(STORAGE, options)],
    ...closed({ ...STORAGE, key: 'k', value: 'v' }, api.platformStorage),
    ...closed({ timeout: 5 }, (options) => api.platformStorage(STORAGE, options)),
  ],
  ...launching(api),
  ...authorizing(api),
  ...jose(api),
  ...canvas(api),
  ...lti(api),
});

const PLATFORM = {
  issuer: 'i', clientId: 'c', authorizationEndpoint: 'https://a.test', tokenEndpoint: 'https://a.test', jwksUri: 'https://a.test',
  deployments: 'any',
};
const DEEP_LINKING = { returnUrl: 'https://a.test', data: 'd', acceptTypes: ['link'], acceptMultiple: true, autoCreate: true };
const LAUNCH = { platform: PLATFORM, deploymentId: '1', deepLinking: DEEP_LINKING, placement: 'x' };
const RESPONDING = {
  items: [], key: secret, message: 'm', log: 'l', errorMessage: 'e', errorLog: 'e', moduleName: 'm',
  replaceEditorContents: true, ...OPTIONS, scriptNonce: 'n', ...WAITING,
};
const LINE_ITEM = { label: 'l', scoreMaximum: 1, resourceId: 'r', tag: 't' };

const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const TOOL = {
  client_name: 'n', initiate_login_uri: 'https://a.test', redirect_uris: ['https://a.test'], jwks_uri: 'https://a.test', scope: 's',
  contacts: ['a@b.test'], grant_types: ['implicit', 'client_credentials'],
  [TOOL_CONFIGURATION]: { domain: 'a.test', messages: [], claims: [], custom_parameters: {} },
};
const REGISTERING = { openidConfiguration: 'https://a.test', registrationToken: 't', tool: TOOL, ...SENDING };
const OF_LAUNCH = { key: secret, store: undefined, ...SENDING };
const SERVICES = { platform: PLATFORM, origins: ['https://a.test'], scopes: undefined, ...OF_LAUNCH };
const NAMING = {
  platform: PLATFORM, claims: { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': { lineitems: 'https://a.test', scope: [] } },
};
const URL_OF_A = 'https://a.test/x';
const SCORE = {
  userId: 'u', scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded', timestamp: undefined,
};
// {method: the arguments it takes before the options}
const OF_SERVICES = {
  lineItems: [URL_OF_A, { tag: 't', resourceId: 'r', resourceLinkId: 'l', limit: 1 }],
  lineItem: [URL_OF_A],
  createLineItem: [URL_OF_A, LINE_ITEM],
  updateLineItem: [URL_OF_A, LINE_ITEM],
  deleteLineItem: [URL_OF_A],
  postScore: [URL_OF_A, SCORE],
  results: [URL_OF_A, { userId: 'u', limit: 1 }],
  members: [URL_OF_A, { role: 'Learner', resourceLinkId: 'l', limit: 1 }],
  noticeHandlers: [URL_OF_A],
  setNoticeHandler: [URL_OF_A, { type: 't', handler: URL_OF_A, maxBatchSize: 1 }],
  asset: [{ url: URL_OF_A, sha256_checksum: undefined, sha256Checksum: undefined }],
  postAssetReport: [URL_OF_A, { assetId: 'a', type: 't', processingProgress: 'Failed', priority: 1 }],
};

const kindOf = (method) => (/^(create|update)LineItem$|^post|^asset$/.test(method) ? open : closed);

function services(api) {
  const made = new api.LtiServices(SERVICES);
  // A list says what is wrong when it is iterated.
  const begun = (method, taken) => {
    const result = made[method](...taken);
    return result instanceof Promise ? result : result.next();
  };
  const of = (method, taken) => {
    const call = (index, value) => begun(method, taken.with(index, value));
    return [
      ...taken.flatMap((argument, index) => [
        [`argument ${index}`, (value) => call(index, value)],
        ...(typeof argument === 'object' ? kindOf(method)(argument, (value) => call(index, value), `argument ${index}`) : []),
      ]),
      ['options', (options) => begun(method, [...taken, options])],
      ...closed({ ...SENDING, ...(method === 'postScore' && { clears: true }) }, (options) => begun(method, [...taken, options])),
    ];
  };
  return {
    LtiServices: [
      ['options', (options) => new api.LtiServices(options)],
      ...closed(SERVICES, (options) => new api.LtiServices(options)),
      ...closed(PLATFORM, (platform) => new api.LtiServices({ ...SERVICES, platform })),
      ['.origins[0]', (value) => new api.LtiServices({ ...SERVICES, origins: [value] })],
      ['a getter', (value) => new api.LtiServices({ ...SERVICES, get other() { throw value; } })],
      ['launch', (launch) => api.LtiServices.for(launch, OF_LAUNCH)],
      ['options of a launch', (options) => api.LtiServices.for(NAMING, options)],
      ...closed(OF_LAUNCH, (options) => api.LtiServices.for(NAMING, options)),
      ...members(NAMING, (launch) => api.LtiServices.for(launch, OF_LAUNCH)),
    ],
    ...Object.fromEntries(Object.entries(OF_SERVICES).map(([method, taken]) => [`LtiServices.${method}`, of(method, taken)])),
  };
}

const lti = (api) => ({
  deepLinkingResponse: [
    ['launch', (launch) => api.deepLinkingResponse(launch, RESPONDING)],
    ['options', (options) => api.deepLinkingResponse(LAUNCH, options)],
    ...open(LAUNCH, (launch) => api.deepLinkingResponse(launch, RESPONDING)),
    ...open(PLATFORM, (platform) => api.deepLinkingResponse({ ...LAUNCH, platform }, RESPONDING)),
    ...open(DEEP_LINKING, (deepLinking) => api.deepLinkingResponse({ ...LAUNCH, deepLinking }, RESPONDING)),
    ...closed(RESPONDING, (options) => api.deepLinkingResponse(LAUNCH, options)),
    ...fewKeys((key) => api.deepLinkingResponse(LAUNCH, { ...RESPONDING, key })),
    ...json('.items[0]', (item) => api.deepLinkingResponse(LAUNCH, { ...RESPONDING, items: [item] })),
    ...open({ type: 'link', url: 'https://a.test', title: 't', icon: {}, iframe: {}, custom: {}, lineItem: LINE_ITEM },
      (item) => api.deepLinkingResponse(LAUNCH, { ...RESPONDING, items: [item] }), '.items[0]'),
  ],
  register: [
    ['request', api.register],
    ...closed(REGISTERING, api.register),
    ...json('tool', (tool) => api.register({ ...REGISTERING, tool })),
    ...open(TOOL, (tool) => api.register({ ...REGISTERING, tool }), 'tool'),
    ...closed(TOOL[TOOL_CONFIGURATION], (inside) =>
      api.register({ ...REGISTERING, tool: { ...TOOL, [TOOL_CONFIGURATION]: inside } }), 'tool configuration'),
    ...FETCHES.map(([place, fetch]) => [place, (value) => api.register({ ...REGISTERING, fetch: fetch(value) })]),
  ],
  ...services(api),
});

const STORE = { get: () => null, set() {}, add: () => true, delete() {} };

const tokens = (api) => ({
  signClientAssertion: [
    ['platform', (platform) => api.signClientAssertion(platform, rsa)],
    ...closed(PLATFORM, (platform) => api.signClientAssertion(platform, rsa)),
    ...keys((key) => api.signClientAssertion(PLATFORM, key)),
    ['options', (options) => api.signClientAssertion(PLATFORM, rsa, options)],
    ...closed({ lifetime: 60, now: 1, jti: 'j', ...WAITING }, (options) => api.signClientAssertion(PLATFORM, rsa, options)),
  ],
  publicJwks: [
    ['keys', api.publicJwks],
    ...keys((key) => api.publicJwks([key])),
  ],
  requestServiceToken: [
    ['request', api.requestServiceToken],
    ...closed({ platform: PLATFORM, key: rsa, scopes: ['s'], ...SENDING }, api.requestServiceToken),
    ['.scopes[0]', (value) => api.requestServiceToken({ platform: PLATFORM, key: rsa, scopes: [value] })],
  ],
  cachedToken: [
    ['request', api.cachedToken],
    ['options', (options) => api.cachedToken(() => {}, options)],
    ...closed({ store: STORE, name: 'n', early: 1 }, (options) => api.cachedToken(() => {}, options)),
    ...members(STORE, (store) => api.cachedToken(() => {}, { store, name: 'n' }), 'store'),
  ],
  encryptedStore: [
    ['store', (store) => api.encryptedStore(store, 'x'.repeat(32))],
    ['secret', (secret) => api.encryptedStore(STORE, secret)],
    ['secret[0]', (secret) => api.encryptedStore(STORE, [secret])],
    ...members(STORE, (store) => api.encryptedStore(store, 'x'.repeat(32))),
  ],
});

const jose = (api) => ({
  ...Object.fromEntries(['signJwt', 'signJwtSync'].map((name) => [name, [
    ...json('claims', (claims) => api[name](claims, secret)),
    ...keys((key) => api[name](CLAIMS, key, undefined, WAITING)),
    ...json('header', (header) => api[name](CLAIMS, secret, header)),
    ...(name === 'signJwt' ? closed(WAITING, (options) => api.signJwt(CLAIMS, secret, undefined, options)) : []),
  ]])),
  ...Object.fromEntries(['verifyJwt', 'verifyJwtSync'].map((name) => [name, [
    ['token', (token) => api[name](token, secret)],
    ...fewKeys((key) => api[name](TOKEN, key)),
    ['options', (options) => api[name](TOKEN, secret, options)],
    ...closed({ ...VERIFYING, ...(name === 'verifyJwt' && WAITING) }, (options) => api[name](TOKEN, secret, options)),
    ['.algorithms[0]', (value) => api[name](TOKEN, secret, { algorithms: [value] })],
  ]])),
  verifyJws: [
    ...KEY_FUNCTIONS.map(([place, make]) =>
      [`verify ${place}`, (value) => api.verifyJws(SIGNED, { alg: 'RS256', verify: make(value) }, WAITING)]),
    ['token', (token) => api.verifyJws(token, secret)],
    ...fewKeys((key) => api.verifyJws(TOKEN, key)),
    ['options', (options) => api.verifyJws(TOKEN, secret, options)],
    ...closed({ algorithms: ['HS256'], ...WAITING }, (options) => api.verifyJws(TOKEN, secret, options)),
    ...[...FETCHES, ...STREAMS].map(([place, fetch]) =>
      [place, (value) => api.verifyJws(SIGNED, api.remoteJwks(AUD, { ...SENDING, fetch: fetch(value) }))]),
  ],
  signJws: [
    ['payload', (payload) => api.signJws(payload, secret)],
    ...fewKeys((key) => api.signJws('x', key)),
    ...json('header', (header) => api.signJws('x', secret, header)),
    ...closed(WAITING, (options) => api.signJws('x', secret, undefined, options)),
  ],
  prepareKey: keys(api.prepareKey),
  prepareSecret: [['secret', api.prepareSecret]],
  encryptJwe: [
    ['plaintext', (plaintext) => api.encryptJwe(plaintext, DIRECT, { alg: 'dir', enc: 'A256GCM' })],
    ...fewKeys((key) => api.encryptJwe('x', key, { alg: 'dir', enc: 'A256GCM' })),
    ...keys((key) => api.encryptJwe('x', key, { alg: 'RSA-OAEP', enc: 'A256GCM' })),
    ...json('header', (header) => api.encryptJwe('x', DIRECT, header)),
    ['.enc', (enc) => api.encryptJwe('x', DIRECT, { alg: 'dir', enc })],
  ],
  decryptJwe: [
    ['token', (token) => api.decryptJwe(token, DIRECT)],
    ...fewKeys((key) => api.decryptJwe(JWE, key)),
    ...KEY_FUNCTIONS.map(([place, make]) => [`unwrapKey ${place}`,
      (value) => api.decryptJwe(WRAPPED, { alg: 'RSA-OAEP', unwrapKey: make(value) }, WAITING)]),
    ['options', (options) => api.decryptJwe(JWE, DIRECT, options)],
    ...closed({ algorithms: ['dir'], contentEncryption: ['A256GCM'], ...WAITING }, (options) => api.decryptJwe(JWE, DIRECT, options)),
  ],
  generateKey: [
    ['alg', api.generateKey],
    ['options', (options) => api.generateKey('HS256', options)],
    ...closed({ kid: 'k' }, (options) => api.generateKey('HS256', options)),
  ],
  inspect: [
    ['token', api.inspect],
    ['options', (options) => api.inspect(TOKEN, options)],
    ...closed(INSPECTING, (options) => api.inspect(TOKEN, options)),
    ...members(INSPECTING, (options) => api.inspect(JWE, options), 'JWE'),
    ...fewKeys((key) => api.inspect(TOKEN, { key })),
  ],
  thumbprint: [
    ['jwk', api.thumbprint],
    ...[oct, ec, rsa, okp].flatMap((jwk) => members(jwk, api.thumbprint, jwk.kty)),
  ],
});

const REGISTRATION = {
  issuer: 'https://canvas.test', clientId: '1', authorizationEndpoint: 'https://canvas.test/auth',
  tokenEndpoint: 'https://canvas.test/token', jwksUri: 'https://canvas.test/jwks', deployments: ['1:a'],
};
const LOGIN = {
  iss: REGISTRATION.issuer, client_id: '1', login_hint: 'h', lti_message_hint: 'm', target_link_uri: 'https://tool.test/',
  lti_deployment_id: '1:a', deployment_id: '1:a', lti_storage_target: 't',
};
const LAUNCHING = { platforms: REGISTRATION, secret: 's'.repeat(32), now: 1000, timeout: 50 };
const BEGINNING = { ...LAUNCHING, redirectUri: 'https://tool.test/launch', lifetime: 60 };
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = signing.publicKey.export({ format: 'jwk' });

/** A token of the platform's, signed. */
function idToken(changes) {
  const lti = 'https://purl.imsglobal.org/spec/lti/claim';
  const claims = {
    iss: REGISTRATION.issuer, aud: '1', exp: 2000, iat: 1000, [`${lti}/version`]: '1.3.0', [`${lti}/deployment_id`]: '1:a', ...changes,
  };
  const input = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${createSign('sha256').update(input).sign(signing.privateKey, 'base64url')}`;
}

const NOTICE = idToken({ nonce: 'n', 'https://purl.imsglobal.org/spec/lti/claim/notice': { id: 'n', type: 't', timestamp: 't' } });
const NOTICED = { platforms: REGISTRATION, keys: jwk, claimNonce: () => true, clockTolerance: 1, now: 1000, ...SENDING };

// What a function of the options may do with a value.
const FUNCTIONS = [
  ['gives it', (value) => () => value],
  ['resolves to it', (value) => async () => value],
  ['gives a promise that calls it', (value) => () => Object.defineProperty(Promise.resolve(), 'then', { value })],
  ['throws it', (value) => () => { throw value; }],
  ['rejects with it', (value) => () => Promise.reject(value)],
  ['gives a promise that is made by it', (value) => () => Object.defineProperty(Promise.resolve(), 'constructor', { value })],
];

function launching(api) {
  const begin = (options) => api.beginLaunch(LOGIN, { ...BEGINNING, ...options });
  const lti = 'https://purl.imsglobal.org/spec/lti/claim';
  const launched = begin().then(({ state, nonce, cookie, storage }) => {
    const message = { [`${lti}/message_type`]: 'LtiDeepLinkingRequest', nonce,
      'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': { deep_link_return_url: AUD, accept_types: [] } };
    const options = { ...LAUNCHING, keys: jwk, cookie: cookie.split(';')[0], stored: { value: storage.value, origin: null } };
    return { form: { state, id_token: idToken(message), lti_storage_target: 't' }, options: { ...options, ...SENDING } };
  });
  const verify = async (changes, options) => {
    const good = await launched;
    return api.verifyLaunch({ ...good.form, ...changes }, { ...good.options, ...options });
  };
  return {
    canvasPlatform: [
      ['options', api.canvasPlatform],
      ...closed({ clientId: 1, environment: 'beta' }, api.canvasPlatform),
      ...closed({ clientId: 1, baseUrl: 'https://canvas.test', issuer: 'i' }, api.canvasPlatform),
    ],
    beginLaunch: [
      ['request', (request) => api.beginLaunch(request, BEGINNING)],
      ...members({ ...LOGIN, other: '' }, (request) => api.beginLaunch(request, BEGINNING)),
      ['.iss[0]', (value) => api.beginLaunch({ ...LOGIN, iss: [value] }, BEGINNING)],
      ['an entry', (value) => api.beginLaunch({ [Symbol.toStringTag]: 'FormData', [Symbol.iterator]: () => [value].values() }, BEGINNING)],
      ['entries', (value) => api.beginLaunch({ [Symbol.toStringTag]: 'FormData', [Symbol.iterator]: value }, BEGINNING)],
      ['options', (options) => api.beginLaunch(LOGIN, options)],
      ...closed(BEGINNING, (options) => api.beginLaunch(LOGIN, options)),
      ...closed(REGISTRATION, (platform) => begin({ platforms: platform }), 'platforms'),
      ...open(REGISTRATION, (platform) => begin({ platforms: () => platform }), 'a platform that was looked up'),
      ['.platforms[0]', (value) => begin({ platforms: [value] })],
      ['.secret[0]', (value) => begin({ secret: [value] })],
      ...FUNCTIONS.map(([what, make]) => [`platforms ${what}`, (value) => begin({ platforms: make(value) })]),
    ],
    verifyLaunch: [
      ['response', (response) => api.verifyLaunch(response, LAUNCHING)],
      ['options', (options) => api.verifyLaunch({}, options)],
      ...['state', 'id_token', 'lti_storage_target', 'error', 'error_description', 'other'].map((name) =>
        [`.${name}`, (value) => verify({ [name]: value })]),
      ['.error_description of an error', (value) => verify({ error: 'x', error_description: value })],
      ...['platforms', 'secret', 'keys', 'cookie', 'stored', 'claimNonce', 'clockTolerance', 'now', ...Object.keys(SENDING)].map((name) =>
        [`options.${name}`, (value) => verify({}, { [name]: value })]),
      ...closed({ ...LAUNCHING, ...SENDING, clockTolerance: 1, claimNonce: () => true }, (options) => api.verifyLaunch({}, options)),
      ...closed({ value: 'v', origin: 'o' }, (stored) => verify({}, { cookie: null, stored }), 'stored'),
      ['options.claimNonce.add', (add) => verify({}, { claimNonce: { add } })],
      ...fewKeys((key) => verify({}, { keys: key })),
      ...FUNCTIONS.flatMap(([what, make]) => ['platforms', 'keys', 'claimNonce'].map((name) =>
        [`${name} ${what}`, (value) => verify({}, { keys: () => jwk, [name]: make(value) })])),
    ],
    verifyNotice: [
      ['jwt', (jwt) => api.verifyNotice(jwt, NOTICED)],
      ['options', (options) => api.verifyNotice(NOTICE, options)],
      ...closed(NOTICED, (options) => api.verifyNotice(NOTICE, options)),
      ...FUNCTIONS.flatMap(([what, make]) => ['platforms', 'keys', 'claimNonce'].map((name) =>
        [`${name} ${what}`, (value) => api.verifyNotice(NOTICE, { ...NOTICED, keys: () => jwk, [name]: make(value) })])),
    ],
  };
}

const CLIENT = { baseUrl: 'https://canvas.test', clientId: 1, clientSecret: 's' };
const AUTHORIZING = {
  client: CLIENT, redirectUri: 'https://tool.test/callback', secret: 's'.repeat(32), scopes: ['s'], purpose: 'p', forceLogin: true, uniqueId: 'u',
  prompt: 'none', canvasLogin: true, authenticationProvider: 'a', returnTo: '/r', lifetime: 60, now: 1000,
};

function authorizing(api) {
  const { client, redirectUri, secret, now } = AUTHORIZING;
  const begun = api.beginAuthorization(AUTHORIZING);
  const take = async (changes, options) => {
    const { state, binding } = await begun;
    return api.requestUserToken({ state, code: 'c', ...changes },
      { client, redirectUri, secret, binding, replaceTokens: true, now, ...SENDING, ...options });
  };
  const refresh = (changes) => api.refreshUserToken({ client, refreshToken: 'r', ...SENDING, ...changes });
  const revoke = (changes) => api.revokeUserToken({ baseUrl: client.baseUrl, accessToken: 't', expireSessions: true, ...SENDING, ...changes });
  const proofs = (call) => [
    ...closed(CLIENT, call, 'client'),
    ['client.public', (value) => call({ ...CLIENT, clientSecret: undefined, public: value })],
    ...fewKeys((key) => call({ ...CLIENT, clientSecret: undefined, key })),
    ['a getter of client', (value) => call({ ...CLIENT, get public() { throw value; } })],
  ];
  return {
    beginAuthorization: [
      ['options', api.beginAuthorization],
      ...closed(AUTHORIZING, api.beginAuthorization),
      ...proofs((own) => api.beginAuthorization({ ...AUTHORIZING, client: own })),
      ['.scopes[0]', (value) => api.beginAuthorization({ ...AUTHORIZING, scopes: [value] })],
      ['.secret[0]', (value) => api.beginAuthorization({ ...AUTHORIZING, secret: [value] })],
    ],
    requestUserToken: [
      ['request', (request) => api.requestUserToken(request, { client, redirectUri, secret })],
      ['options', (options) => api.requestUserToken('code=c', options)],
      ...closed({ client, redirectUri, secret, cookie: 'c', binding: 'b', claimNonce: () => true, replaceTokens: true, now, ...SENDING },
        (options) => api.requestUserToken('code=c', options)),
      ['.url of a Request', (url) => api.requestUserToken({ [Symbol.toStringTag]: 'Request', url, headers: new Headers() }, AUTHORIZING)],
      ['.headers of a Request', (headers) => api.requestUserToken({ [Symbol.toStringTag]: 'Request', url: 'x', headers }, AUTHORIZING)],
      ['.headers.get() of a Request', (value) =>
        api.requestUserToken({ [Symbol.toStringTag]: 'Request', url: 'x', headers: { get: () => value } }, AUTHORIZING)],
      ['.href of a URL', (href) => api.requestUserToken({ [Symbol.toStringTag]: 'URL', href }, AUTHORIZING)],
      ...['state', 'code', 'error', 'error_description', 'iss', 'other'].map((name) => [`.${name}`, (value) => take({ [name]: value })]),
      ...['client', 'redirectUri', 'secret', 'cookie', 'binding', 'claimNonce', 'replaceTokens', 'now', ...Object.keys(SENDING)].map((name) =>
        [`options.${name}`, (value) => take({}, { [name]: value })]),
      ['.client[0]', (value) => take({}, { client: [value] })],
      ['options.claimNonce.add', (add) => take({}, { claimNonce: { add } })],
      ...proofs((own) => take({}, { client: own })),
      ...FUNCTIONS.flatMap(([what, make]) => ['client', 'claimNonce'].map((name) =>
        [`${name} ${what}`, (value) => take({}, { [name]: make(value) })])),
      ...FETCHES.map(([place, fetch]) => [place, (value) => take({}, { fetch: fetch(value) })]),
    ],
    refreshUserToken: [
      ['request', api.refreshUserToken],
      ...closed({ client, refreshToken: 'r', ...SENDING }, api.refreshUserToken),
      ...proofs((own) => refresh({ client: own })),
    ],
    revokeUserToken: [
      ['options', api.revokeUserToken],
      ...closed({ baseUrl: client.baseUrl, accessToken: 't', expireSessions: true, ...SENDING }, api.revokeUserToken),
      ...FUNCTIONS.map(([what, make]) => [`accessToken ${what}`, (value) => revoke({ accessToken: make(value) })]),
      ...FETCHES.map(([place, fetch]) => [place, (value) => revoke({ fetch: fetch(value) })]),
    ],
  };
}

const CANVAS = { baseUrl: 'https://canvas.test', accessToken: 'token', ...SENDING };
const REPORT = {
  fileId: 1, originalityScore: 5, originalityReportUrl: 'u', originalityReportFileId: 1, workflowState: 'scored',
  errorMessage: 'e', attempt: 1, toolSetting: { resourceTypeCode: 'c', resourceUrl: 'u' },
};
const SUBMISSION = { assignmentId: 1, submissionId: 1 };
const FILE = { assignmentId: 1, fileId: 1 };
const WEBHOOK = {
  ContextId: '1', ContextType: 'assignment', EventTypes: ['a'], Format: 'caliper', TransportMetadata: { Url: 'u' }, TransportType: 'sqs',
};
// {method: the arguments it takes before the options}
const METHODS = {
  createJwt: [{ workflows: ['x'], contextType: 'Course', contextId: 1, contextUuid: undefined, canvasAudience: true }],
  refreshJwt: ['jwt'],
  createInstAccessToken: [],
  toolConsumerProfile: [{ accountId: 1, courseId: undefined }, 'id'],
  registerToolProxy: [{ courseId: 1 }, { x: 1 }],
  createOriginalityReport: [SUBMISSION, REPORT],
  updateOriginalityReport: [FILE, REPORT],
  originalityReport: [{ ...SUBMISSION, reportId: 1 }],
  createSubscription: [WEBHOOK],
  updateSubscription: ['id', WEBHOOK],
  subscription: ['id'],
  subscriptions: [{ startKey: 'x' }],
  deleteSubscription: ['id'],
  submission: [SUBMISSION],
  submissionHistory: [SUBMISSION],
  user: ['id'],
  groupUsers: ['id'],
};

const kind = (method, index) => ({ 'registerToolProxy.1': members, 'createSubscription.0': open, 'updateSubscription.1': open })[
  `${method}.${index}`] ?? closed;

function canvas(api) {
  const made = new api.Canvas(CANVAS);
  const of = (method, taken) => {
    const call = (index, value) => made[method](...taken.with(index, value));
    return [
      ...taken.flatMap((argument, index) => [
        [`argument ${index}`, (value) => call(index, value)],
        ...(typeof argument === 'object' ? kind(method, index)(argument, (value) => call(index, value), `argument ${index}`) : []),
      ]),
      ['options', (options) => made[method](...taken, options)],
      ...closed(SENDING, (options) => made[method](...taken, options)),
    ];
  };
  const methods = Object.entries(METHODS).map(([method, taken]) => [`Canvas.${method}`, of(method, taken)]);
  const user = (options) => new api.Canvas({ ...CANVAS, ...options }).user('id');
  return {
    Canvas: [
      ['options', (options) => new api.Canvas(options)],
      ...closed(CANVAS, (options) => new api.Canvas(options)),
      ['a getter', (value) => new api.Canvas({ ...CANVAS, get other() { throw value; } })],
    ],
    ...Object.fromEntries(methods),
    'Canvas.user': [
      ...methods.find(([name]) => name === 'Canvas.user')[1],
      ['accessToken gives it', (value) => user({ accessToken: () => value })],
      ['accessToken resolves to it', (value) => user({ accessToken: async () => value })],
      ['accessToken throws it', (value) => user({ accessToken: () => { throw value; } })],
      ['a promise of accessToken calls it', (value) =>
        user({ accessToken: () => Object.defineProperty(Promise.resolve('x'), 'then', { value }) })],
      ['a promise of accessToken is made by it', (value) =>
        user({ accessToken: () => Object.defineProperty(Promise.resolve('x'), 'constructor', { value }) })],
      ...FETCHES.map(([place, fetch]) => [place, (value) => user({ fetch: fetch(value) })]),
    ],
  };
}
