// examples/deno: Canvas tells it what a student handed in, and has its report; what Canvas did not send is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKey, signJwt } from 'canvas-lms-tokens';
import { until } from '../launch/world.mjs';
import { freePort } from '../package/processes.mjs';
import { seedsOf, startCanvas } from './canvas.mjs';
import { makeDenoRecipe } from './recipe.mjs';

const SUBMISSION = 'LtiAssetProcessorSubmissionNotice';
let recipe, canvas, settings, server, tool;
before(async () => {
  recipe = await makeDenoRecipe('deno');
  const port = await freePort();
  tool = `http://localhost:${port}`;
  canvas = await startCanvas(seedsOf(recipe.folder, tool));
  settings = { PORT: port, TOOL_URL: tool, CANVAS_URL: canvas.url };
  await recipe.settle();
  server = await recipe.start('start', /(listens)/, settings);
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

test('its types are right', () => recipe.run('check'));

test('what a student hands in is counted, once it has subscribed', async () => {
  const said = await recipe.run(`subscribe ${canvas.url}/api/lti/notice-handlers/7`, settings);
  assert.match(said, new RegExp(`${SUBMISSION}: ${tool}/notices`));
  assert.deepEqual(canvas.emulator.notices.map(({ type, status }) => [type, status]), [['LtiHelloWorldNotice', 202]]);
  const { records } = canvas.emulator;
  records.submissions.get('6').attachments = [
    { id: 71, filename: 'essay.txt', contentType: 'text/plain', content: 'Friends, Romans, countrymen' },
    { id: 72, filename: 'essay.png', contentType: 'image/png', content: 'no text' },
  ];
  const [delivery] = await canvas.emulator.notify(SUBMISSION, { submissionId: 6 });
  assert.equal(delivery.status, 202);
  await until(() => records.assetReports.size === 2);
  const reports = [...records.assetReports.values()].map(({ type, result, errorCode }) => [type, result ?? errorCode]);
  assert.deepEqual(reports, [['words', '3 words'], ['words', 'UNSUPPORTED_ASSET_TYPE']]);
});

test('what Canvas did not sign, or sent before, is refused, with the reason', async () => {
  const [{ notices: [{ jwt }] }] = canvas.emulator.notices;
  const post = async (text) => {
    const answer = await fetch(`${tool}/notices`, { method: 'POST', body: JSON.stringify({ notices: [{ jwt: text }] }) });
    return [answer.status, (await answer.json()).code];
  };
  assert.deepEqual(await post(jwt), [403, 'ERR_LTI_NONCE_USED']);
  const { privateKey } = await generateKey('RS256');
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
  assert.deepEqual(await post(await signJwt(claims, privateKey)), [403, 'ERR_JWKS_NO_MATCHING_KEY']);
});
