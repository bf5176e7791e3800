// examples/hono, called with what Canvas made, and with what it did not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Canvas, generateKey, signJwt, wrap } from 'canvas-lms-tokens';
import { startCanvas } from './canvas.mjs';
import { makeRecipe } from './recipe.mjs';

let recipe, canvas, server, url;
before(async () => {
  recipe = await makeRecipe('hono');
  canvas = await startCanvas();
  await recipe.settle();
  await start();
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

async function start() {
  server = await recipe.start('start', /port (\d+)/, { PORT: 0, CANVAS_URL: canvas.url });
  url = `http://localhost:${server.found}/note`;
}

/** A JWT of the emulator, asked at this address. */
const jwtOf = (accessToken, baseUrl = canvas.url) =>
  new Canvas({ baseUrl, accessToken }).createJwt({ canvasAudience: false });

const call = (token, options) => fetch(url, { ...options, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });

test('each person has a note, in whatever form the token comes', async () => {
  const [tom, gus] = await Promise.all(['1~user-access-token', '9000~guest-access-token'].map((token) => jwtOf(token)));
  assert.equal((await call(tom.token, { method: 'PUT', body: 'Read chapter 2' })).status, 204);
  assert.deepEqual(await (await call(tom.compact)).json(), { user: '10000000000002', note: 'Read chapter 2' });
  assert.deepEqual(await (await call(gus.token)).json(), { user: '90000000000000001', note: null });
});

async function refused(token, status, reason) {
  const answer = await call(token);
  assert.equal(answer.status, status);
  assert.match(await answer.text(), reason);
  return answer;
}

test('what Canvas did not sign is refused, with the reason', async () => {
  const { compact, claims } = await jwtOf('1~user-access-token');
  const { privateKey } = await generateKey('RS256');
  const header = JSON.parse(Buffer.from(compact.split('.')[0], 'base64url'));
  const forged = await signJwt(claims, { ...privateKey, kid: header.kid });
  const answer = await refused(wrap(forged), 401, /ERR_JWS_SIGNATURE_VERIFICATION_FAILED/);
  assert.match(answer.headers.get('www-authenticate'), /invalid_token/);
  await refused(wrap(await signJwt(claims, privateKey)), 401, /ERR_JWKS_NO_MATCHING_KEY/);
  await refused('nonsense', 401, /ERR_JWS_INVALID/);
  await refused(undefined, 401, /Unauthorized/);
});

test('a token of another institution with the same keys is refused', async () => {
  const other = canvas.url.replace('localhost', '127.0.0.1');
  await refused((await jwtOf('1~user-access-token', other)).token, 401, /not of localhost/);
});

test('an encrypted token is refused, with the reason', async () => {
  const { token } = await new Canvas({ baseUrl: canvas.url, accessToken: '1~user-access-token' }).createJwt();
  await refused(token, 401, /ERR_JWS_INVALID/);
});

test('without its keys, nothing is said of the token', async () => {
  const { token } = await jwtOf('1~user-access-token');
  await server.end();
  await canvas.close();
  await start();
  await refused(token, 503, /ERR_FETCH/);
});
