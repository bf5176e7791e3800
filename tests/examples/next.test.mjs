// examples/next, built and started: a teacher picks a reading in a browser, a student opens it, and what is not Canvas's is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf, dataOf } from '../js/tool/world.mjs';
import { freePort } from '../package/processes.mjs';
import { forged, makeBrowser, seedsOf, startCanvas } from './canvas.mjs';
import { openPage } from './chromium.mjs';
import { makeRecipe } from './recipe.mjs';

let recipe, canvas, server, tool;
before(async () => {
  recipe = await makeRecipe('next');
  // Without settings, as where it is deployed from.
  await recipe.run('build');
  const port = await freePort();
  tool = `http://localhost:${port}`;
  canvas = await startCanvas(seedsOf(recipe.folder, tool));
  await recipe.settle();
  server = await recipe.start('start', /(Ready)/, { PORT: port, TOOL_URL: tool, CANVAS_URL: canvas.url });
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

/** Opens the tool on Canvas's page, as this user. */
async function open(t, query, user) {
  const page = await openPage(t);
  await page.goto(`${canvas.url}/courses/1/external_tools/7?${new URLSearchParams(query)}`);
  await page.getByRole('button', { name: user }).click();
  return { page, frame: page.frameLocator('#tool_content') };
}

test('a teacher picks a reading, and a student opens it', async (t) => {
  const picking = { placement: 'link_selection', message_type: 'LtiDeepLinkingRequest' };
  const { page, frame } = await open(t, picking, 'Tom Teacher');
  await frame.getByRole('button', { name: 'Cicero' }).click();
  await page.locator('#deep_linking_response', { hasText: 'Cicero, On the Orator' }).waitFor();
  const [[item, ...others]] = [...canvas.emulator.records.deepLinkingResponses.values()].map(({ contentItems }) => contentItems);
  assert.deepEqual([item.title, others], ['Cicero, On the Orator', []]);
  const opened = await open(t, { resource_link_lookup_uuid: item.lookup_uuid }, 'Sue Student');
  await opened.frame.getByText('the power to hold an assembly').waitFor();
});

test('what is not Canvas\'s, or of another browser, is refused, with the reason', async () => {
  const browser = makeBrowser();
  const { url, form } = await browser.beginLaunch(canvas.emulator, { courseId: 1, userId: 3 }, (page) => dataOf(page).url);
  const refusal = async (response) => codeOf(await response.text());
  assert.equal(await refusal(await browser.send(url, forged(form))), 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  assert.equal(await refusal(await makeBrowser().send(url, { ...form, stored: 'guessed' })), 'ERR_LTI_STATE_NOT_BOUND');
  const Cookie = browser.cookie();
  const launched = await browser.send(url, form);
  assert.match(await launched.text(), /There is no such reading/);
  assert.equal(await refusal(await browser.send(url, form, { Cookie })), 'ERR_LTI_NONCE_USED');
});

test('who has no session picks nothing', async () => {
  const answer = await makeBrowser().send(`${tool}/pick`, { reading: 'orator' });
  assert.deepEqual([answer.status, (await answer.text()).includes('Choose again')], [403, true]);
});
