// examples/worker, built and served by workerd: what a checker posts is in Canvas, or there is a reason why not.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { signJwtSync } from 'canvas-lms-tokens';
import { startCanvas } from './canvas.mjs';
import { makeRecipe } from './recipe.mjs';

const CHECKER_SECRET = 'a secret of the checker, 32 bytes or more';
const FOUND = { assignmentId: 25, submissionId: 6, fileId: 71, originalityScore: 25.2 };
let recipe, canvas, settings, server, url;
before(async () => {
  recipe = await makeRecipe('worker');
  await recipe.run('build');
  const config = join(recipe.folder, 'config.capnp');
  writeFileSync(config, readFileSync(config, 'utf8').replace('127.0.0.1:8787', '127.0.0.1:0'));
  canvas = await startCanvas();
  settings = {
    CHECKER_SECRET, CANVAS_URL: canvas.url, ACCESS_TOKEN_URL: `${canvas.url}/api/lti/accounts/1/authorize`,
    TOOL_GUID: '123123-ad13-ac233', TOOL_SECRET: 'secret',
  };
  await start(settings);
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

async function start(env) {
  await server?.end();
  server = await recipe.start('start', /"port":\s*(\d+)/, env);
  url = `http://127.0.0.1:${server.found}/`;
}

async function post(found, secret = CHECKER_SECRET) {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const response = await fetch(url, { method: 'POST', body: signJwtSync({ aud: 'reports', exp, ...found }, { secret }) });
  return [response.status, await response.json()];
}

const tokens = () => canvas.emulator.requests.filter(({ url: asked }) => asked.endsWith('/authorize')).length;

test('reports are in Canvas, and one token serves them all', async () => {
  const [status, report] = await post(FOUND);
  assert.equal(status, 201, JSON.stringify(report));
  assert.equal(report.originality_score, 25.2);
  await post({ ...FOUND, originalityScore: 30 });
  const reports = [...canvas.emulator.records.reports.values()];
  assert.deepEqual(reports.map(({ fileId, score }) => [fileId, score]), [[71, 30]]);
  assert.equal(tokens(), 1);
});

test('the checker posts what it was told to', async () => {
  const said = await recipe.run('report', { CHECKER_SECRET, WORKER_URL: url });
  assert.match(said, /^201 \{.*"originality_score":25\.2/m);
});

test('a token that Canvas forgot is requested anew', async () => {
  const before = tokens();
  canvas.emulator.secrets.encryptionKey = 'another key of Canvas, of which nothing is known here';
  assert.equal((await post(FOUND))[0], 201);
  assert.equal(tokens(), before + 1);
});

test('what the checker did not sign is refused, with the reason', async () => {
  const sent = canvas.emulator.requests.length;
  const [status, { code }] = await post(FOUND, 'a secret of somebody else, 32 bytes or more');
  assert.deepEqual([status, code], [401, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED']);
  assert.deepEqual((await post({ ...FOUND, aud: 'grades' }))[1].code, 'ERR_JWT_CLAIM_VALIDATION_FAILED');
  assert.equal(canvas.emulator.requests.length, sent);
});

test('what Canvas refuses is told, with the reason', async () => {
  const [status, { code }] = await post({ ...FOUND, submissionId: 99 });
  assert.deepEqual([status, code], [502, 'ERR_HTTP_STATUS']);
  await start({ ...settings, ACCESS_TOKEN_URL: `${settings.ACCESS_TOKEN_URL}/` });
  const [, { error }] = await post(FOUND);
  assert.match(error, /aud has a trailing slash/);
});
