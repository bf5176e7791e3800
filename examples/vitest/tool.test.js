// The tool beside a Canvas in this process: no network, no browser, no account.
import { canvasPlatform, generateKey } from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { memoryStore } from 'canvas-lms-tokens/tool';
import { beforeEach, expect, test } from 'vitest';
import { createAttendance } from './tool.js';

const CLIENT_ID = '10000000000042';
const SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
// Of the emulator's own course.
const [TEACHER, STUDENT, ASSIGNMENT] = [2, 3, 26];

const { privateKey, publicKey } = await generateKey('RS256');
let canvas, tool;
beforeEach(() => {
  const redirectUri = 'https://tool.example/launch';
  canvas = createEmulator({
    developerKeys: [{
      id: CLIENT_ID, publicJwk: publicKey, redirectUris: [redirectUri], targetLinkUri: redirectUri,
      oidcInitiationUrl: 'https://tool.example/login', scopes: [SCORE],
    }],
  });
  tool = createAttendance({
    platform: canvasPlatform({ clientId: CLIENT_ID }), redirectUri, key: privateKey, secret: 'a secret for tests: 32 bytes of it',
    claimNonce: memoryStore(), fetch: canvas.fetch,
  });
});

const post = (url, form, cookie = '') =>
  tool(new Request(url, { method: 'POST', body: new URLSearchParams(form), headers: { Cookie: cookie } }));

/** Goes through the login. Resolves to what the browser then posts, and its cookie. */
async function begin(options) {
  const login = await canvas.launch({ developerKeyId: CLIENT_ID, assignmentId: ASSIGNMENT, ...options });
  const answer = await post(login.url, login.form);
  const { url, form } = await canvas.authorize(answer.headers.get('Location'));
  return { url, form, cookie: answer.headers.get('Set-Cookie').split(';')[0] };
}

async function launch(options) {
  const { url, form, cookie } = await begin(options);
  const answer = await post(url, form, cookie);
  return { status: answer.status, text: await answer.text() };
}

const grades = () => [...canvas.records.results.values()].map(({ userId, resultScore }) => [userId, resultScore]);

test('a student who opens it is present', async () => {
  expect(await launch({ userId: STUDENT })).toEqual({ status: 200, text: 'Sue Student: present' });
  expect(grades()).toEqual([[STUDENT, 1]]);
});

test('a teacher is not graded', async () => {
  expect((await launch({ userId: TEACHER })).status).toBe(200);
  expect(grades()).toEqual([]);
});

test('a launch counts in the browser that began it, and once', async () => {
  const { url, form, cookie } = await begin({ userId: STUDENT });
  expect(await (await post(url, form)).text()).toContain('ERR_LTI_STATE_NOT_BOUND');
  expect((await post(url, form, cookie)).status).toBe(200);
  expect(await (await post(url, form, cookie)).text()).toContain('ERR_LTI_NONCE_USED');
});

test('a token for another tool is refused', async () => {
  const { status, text } = await launch({ userId: STUDENT, claims: { aud: '10000000000099', azp: '10000000000099' } });
  expect(status).toBe(403);
  expect(text).toContain('ERR_JWT_CLAIM_VALIDATION_FAILED: claim aud');
});

test('throttling is waited out', async () => {
  const isScore = ({ url }) => url.endsWith('/scores');
  let throttled = 0;
  canvas.faults.retryAfter = 0;
  canvas.faults.decide = (request) => (isScore(request) && (throttled += 1) === 1 ? 'throttle' : null);
  expect((await launch({ userId: STUDENT })).status).toBe(200);
  expect(canvas.requests.filter(isScore).map(({ status }) => status)).toEqual([403, 200]);
});

test('a developer key without the scope is the reason that is shown', async () => {
  canvas.records.developerKeys.get(CLIENT_ID).scopes = ['https://purl.imsglobal.org/spec/lti-ags/scope/lineitem'];
  const { status, text } = await launch({ userId: STUDENT });
  expect(status).toBe(403);
  expect(text).toContain(SCORE);
});
