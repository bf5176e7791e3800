// What every LTI Advantage service asks of an access token, in Canvas's order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { HOST, NOT_FOUND, NOW, start } from './canvas.mjs';
import { CLIENT, COURSE, KEY, open, OTHER, refused, SCOPE, serviceToken, TOOL, TWO_TOOLS } from './services.mjs';

const ITEMS = '/api/lti/courses/1/line_items';
const TOKEN = `${HOST}/login/oauth2/token`;

test('a token of the grant opens the services', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const developerKeys = [{ ...KEY, publicJwkUrl: undefined, publicJwk: await exportJWK(publicKey) }];
  const canvas = start({ developerKeys });
  const claims = { iss: String(CLIENT), sub: String(CLIENT), aud: TOKEN, iat: NOW, exp: NOW + 60, jti: 'j' };
  const grant = await canvas.post(TOKEN, {
    form: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey),
      scope: SCOPE.item,
    },
  });
  assert.equal(grant.status, 200, canvas.reason());
  const { status } = await canvas.get(ITEMS, { bearer: grant.body.access_token });
  assert.equal(status, 200, canvas.reason());
});

for (const aud of [
  TOKEN, [TOKEN, 'canvas.test'], 'https://canvas.instructure.com/login/oauth2/token',
  ['https://sso.canvaslms.com/login/oauth2/token'],
]) {
  test(`the audience ${aud} is taken`, async () => {
    const { get, canvas } = await open({}, { aud });
    assert.equal((await get(ITEMS)).status, 200, canvas.reason());
  });
}

const FIELDS = 'Invalid access token field/s: ';
const AUD = `${FIELDS}the 'aud' is invalid`;
for (const [name, changes, message] of [
  ['of another school', { aud: 'https://other.test/login/oauth2/token' }, AUD],
  ['of a bare host', { aud: 'canvas.test' }, AUD],
  ['with a slash at the end', { aud: `${TOKEN}/` }, AUD],
  ['of no client that there is', { sub: '10000000000999' }, 'Unknown or inactive Developer Key'],
  ['expired', { exp: NOW - 1, aud: 'x' }, 'Access token expired'],
  ['an hour old', { iat: NOW - 3601 }, `${FIELDS}the 'iat' must be less than 3600 seconds old`],
  ['of the future', { iat: NOW + 31 }, `${FIELDS}the 'iat' must not be in the future`],
  ['without claims', { iss: undefined, jti: undefined, aud: undefined },
    `${FIELDS}the following assertions are missing: aud,jti,iss`],
  ['with a scope that reads alone', { scopes: SCOPE.result }, 'Insufficient permissions'],
  ['without scopes', { scopes: undefined }, 'Insufficient permissions'],
]) {
  test(`a token ${name} is refused`, async () => {
    const { get, canvas } = await open({}, changes);
    refused(await get(ITEMS), 401, 'unauthorized', message);
    assert.equal(canvas.reason(), message);
  });
}

test('what is no token of ours is refused', async () => {
  const canvas = start();
  const { privateKey } = await generateKeyPair('RS256');
  const asymmetric = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  for (const [bearer, message] of [
    [undefined, 'Missing access token'],
    ['gibberish', 'Invalid access token format'],
    ['a.b.c', 'Invalid access token format'],
    [asymmetric, 'Access token signature algorithm not allowed'],
    [await serviceToken(canvas, {}, 'another secret of Canvas'), 'Access token invalid - signature likely incorrect'],
  ]) {
    refused(await canvas.get(ITEMS, { bearer }), 401, 'unauthorized', message);
  }
});

test('a token signed with a secret before this one still opens', async () => {
  const canvas = start({ secrets: { previousEncryptionKeys: ['an older secret'] } });
  const bearer = await serviceToken(canvas, {}, 'an older secret', 'HS512');
  assert.equal((await canvas.get(ITEMS, { bearer })).status, 200);
});

for (const [name, options, path, code, type, message] of [
  ['the key is not active', { developerKeys: [{ ...KEY, active: false }] }, ITEMS, 401, 'unauthorized',
    'Unknown or inactive Developer Key'],
  ['the account turned the key off', { developerKeys: [{ ...KEY, enabled: false }] }, ITEMS, 401, 'unauthorized',
    'Invalid Developer Key'],
  ['the tool is not installed', { tools: [] }, ITEMS, 401, 'unauthorized',
    'Access Token not linked to a Tool associated with this Context'],
  ['the tool is removed', { tools: [{ ...TOOL, active: false }] }, ITEMS, 401, 'unauthorized',
    'Access Token not linked to a Tool associated with this Context'],
  ['the tool is another key\'s', { ...TWO_TOOLS, tools: [{ ...TOOL, developerKeyId: OTHER.id }] }, ITEMS, 401,
    'unauthorized', 'Access Token not linked to a Tool associated with this Context'],
]) {
  test(`refused where ${name}`, async () => {
    refused(await (await open(options)).get(path), code, type, message);
  });
}

test('a course that there is not, or that has concluded, is not found', async () => {
  const concluded = { courses: [{ ...COURSE, workflowState: 'completed' }] };
  for (const [options, path] of [
    [{}, '/api/lti/courses/99/line_items'],
    [concluded, ITEMS],
    [{ courses: [{ ...COURSE, workflowState: 'deleted' }] }, ITEMS],
  ]) {
    const { status, body } = await (await open(options)).get(path);
    assert.deepEqual([status, body], [404, NOT_FOUND]);
  }
  const features = ['ags_improved_course_concluded_response_codes'];
  refused(await (await open({ ...concluded, features })).get(ITEMS), 422, 'unprocessable_entity',
    'This course has concluded. AGS requests will no longer be accepted for this course.');
});

test('a tool is found in the course, and in the accounts above', async () => {
  const accounts = [
    { id: 1, uuid: 'u', name: 'School', ltiId: 'a' }, { id: 2, uuid: 'v', name: 'Faculty', ltiId: 'b', parentId: 1 },
    { id: 3, uuid: 'w', name: 'Other', ltiId: 'c', parentId: 1 },
  ];
  const courses = [{ ...COURSE, accountId: 2 }];
  for (const [home, status] of [
    [{ courseId: 1 }, 200], [{ accountId: 2 }, 200], [{ accountId: 1 }, 200], [{ accountId: 3 }, 401],
  ]) {
    const tools = [{ id: 9, developerKeyId: CLIENT, name: 'Tool', ...home }];
    const { get } = await open({ accounts, courses, tools });
    assert.equal((await get(ITEMS)).status, status, JSON.stringify(home));
  }
});

test('the tokens of a tool share a bucket', async () => {
  const canvas = start({ throttle: { cost: 0, upFront: 300 } });
  const [first, second] = await Promise.all([{ jti: 'a' }, { jti: 'b' }].map((changes) => serviceToken(canvas, changes)));
  const foreign = await serviceToken(canvas, { sub: String(OTHER.id) });
  const answers = await Promise.all([first, second, foreign].map((bearer) => canvas.get(ITEMS, { bearer })));
  assert.deepEqual(answers.map(({ status }) => status), [200, 403, 401]);
});
