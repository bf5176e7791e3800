// examples/next, built and started: a teacher picks a reading, a student opens it, and what is not Canvas's is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKey } from 'canvas-lms-tokens';
import { CLIENT_ID, forged, makeBrowser, seedsOf, startCanvas } from './canvas.mjs';
import { freePort, makeRecipe, writeEnv } from './recipe.mjs';

const PICKING = { courseId: 1, userId: 2, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' };
let recipe, canvas, server, tool;
before(async () => {
  recipe = await makeRecipe('next');
  // Without settings, as where it is deployed from.
  await recipe.run('build');
  const port = await freePort();
  tool = `http://localhost:${port}`;
  canvas = await startCanvas(seedsOf(recipe.folder, tool));
  const { privateKey } = await generateKey('RS256');
  writeEnv(recipe.folder, {
    TOOL_URL: tool, TOOL_KEY: JSON.stringify(privateKey, null, 2), STATE_SECRET: crypto.randomUUID(),
    CANVAS_CLIENT_ID: CLIENT_ID, CANVAS_URL: canvas.url,
  });
  server = await recipe.start('start', /(Ready)/, { PORT: port });
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

/** The address and fields of a page's form. */
function formOf(page) {
  const plain = (text) => text.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCharCode(parseInt(code, 16))).replaceAll('&amp;', '&');
  const fields = [...page.matchAll(/<input[^>]* name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, plain(value)]);
  return { url: plain(/action="([^"]*)"/.exec(page)[1]), form: Object.fromEntries(fields) };
}

/** A teacher picks this reading. Resolves to what Canvas made of it. */
async function pick(reading) {
  const browser = makeBrowser();
  const { url, form, session } = await browser.beginLaunch(canvas.emulator, PICKING);
  const choice = await browser.send(url, form);
  assert.equal(choice.status, 200);
  const answer = await browser.send(`${tool}/api/lti/pick`, { ...formOf(await choice.text()).form, reading });
  assert.equal(answer.status, 200);
  const back = formOf(await answer.text());
  const returned = await browser.send(back.url, back.form, { Cookie: session });
  assert.equal(returned.status, 200, await returned.text());
  return [...canvas.emulator.records.deepLinkingResponses.values()].at(-1).contentItems;
}

test('a teacher picks a reading, and a student opens it', async () => {
  const [item, ...others] = await pick('orator');
  assert.deepEqual([item.title, others], ['Cicero, On the Orator', []]);
  const browser = makeBrowser();
  const { url, form } = await browser.beginLaunch(canvas.emulator, { courseId: 1, userId: 3, resourceLinkId: item.lookup_uuid });
  const answer = await browser.send(url, form);
  assert.equal(answer.status, 303);
  assert.match(await (await fetch(answer.headers.get('location'))).text(), /the power to hold an assembly/);
});

async function refused(response, code) {
  assert.equal(response.status, 403);
  assert.match(await response.text(), code);
}

test('what is not Canvas\'s, or of another browser, is refused, with the reason', async () => {
  const browser = makeBrowser();
  const { url, form } = await browser.beginLaunch(canvas.emulator, PICKING);
  await refused(await browser.send(url, forged(form)), /ERR_JWS_SIGNATURE_VERIFICATION_FAILED/);
  await refused(await makeBrowser().send(url, form), /ERR_LTI_STATE_NOT_BOUND/);
  const Cookie = browser.cookie();
  assert.equal((await browser.send(url, form)).status, 200);
  await refused(await browser.send(url, form, { Cookie }), /ERR_LTI_NONCE_USED/);
  await refused(await browser.send(`${tool}/api/lti/pick`, { ticket: 'a.b.c', reading: 'orator' }), /ERR_JWS_INVALID/);
});
