// examples/express, opened in a browser on Canvas's own page, and what it says to a launch that is not Canvas's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKey } from 'canvas-lms-tokens';
import { forged, makeBrowser, seedsOf, startCanvas, CLIENT_ID } from './canvas.mjs';
import { openPage } from './chromium.mjs';
import { freePort, makeRecipe, writeEnv } from './recipe.mjs';

const ASSIGNMENT = 26;
let recipe, canvas, server, tool;
before(async () => {
  recipe = await makeRecipe('express');
  const port = await freePort();
  tool = `http://localhost:${port}`;
  canvas = await startCanvas(seedsOf(recipe.folder, tool));
  const { privateKey } = await generateKey('RS256');
  writeEnv(recipe.folder, {
    PORT: port, TOOL_URL: tool, TOOL_KEY: JSON.stringify(privateKey, null, 2), STATE_SECRET: crypto.randomUUID(),
    CANVAS_CLIENT_ID: CLIENT_ID, CANVAS_URL: canvas.url,
  });
  server = await recipe.start('start', /(listens)/);
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

const grade = () => [...canvas.emulator.records.results.values()].at(-1);

/** A browser that keeps no cookies in frames. */
const withoutCookies = (page) => page.route(`${tool}/launch`, async (route) => {
  const { origin, 'content-type': type } = await route.request().allHeaders();
  const response = await fetch(`${tool}/launch`, {
    method: 'POST', body: route.request().postData(), headers: { 'Content-Type': type, Origin: origin },
  });
  await route.fulfill({ status: response.status, contentType: response.headers.get('content-type'), body: await response.text() });
});

for (const [name, prepare] of [['with cookies', () => {}], ['without cookies', withoutCookies]]) {
  test(`a student opens it in Canvas, answers, and has a grade: ${name}`, async (t) => {
    const page = await openPage(t);
    await prepare(page);
    canvas.emulator.records.results.clear();
    await page.goto(`${canvas.url}/courses/1/assignments/${ASSIGNMENT}`);
    await page.getByRole('button', { name: 'Sue Student' }).click();
    const frame = page.frameLocator('#tool_content');
    await frame.getByRole('heading', { name: 'Welcome, Sue Student' }).waitFor();
    await frame.getByRole('button', { name: 'Cicero' }).click();
    await frame.getByText('in the gradebook').waitFor();
    assert.equal(grade().resultScore, 1);
    assert.equal(grade().userId, 3);
  });
}

/** Goes as far as a browser without windows can: the form that Canvas has it post. */
async function launch(options) {
  const browser = makeBrowser();
  const login = await canvas.emulator.launch({ developerKeyId: CLIENT_ID, ...options });
  const page = await (await browser.send(login.url, login.form)).text();
  const { url } = JSON.parse(/data-login="(.*?)"/.exec(page)[1].replaceAll('&#34;', '"').replaceAll('&#38;', '&'));
  return { browser, ...await canvas.emulator.authorize(url) };
}

const refusal = async (response) => {
  assert.equal(response.status, 403);
  return response.text();
};

test('a launch that was changed is refused, with the reason', async () => {
  const { browser, url, form } = await launch({ assignmentId: ASSIGNMENT, userId: 3 });
  assert.match(await refusal(await browser.send(url, forged(form))), /ERR_JWS_SIGNATURE_VERIFICATION_FAILED/);
});

test('a launch is taken once, and from the browser that began it', async () => {
  const { browser, url, form } = await launch({ assignmentId: ASSIGNMENT, userId: 3 });
  assert.match(await refusal(await makeBrowser().send(url, { ...form, stored: 'guessed' })), /ERR_LTI_STATE_NOT_BOUND/);
  const Cookie = browser.cookie();
  assert.equal((await browser.send(url, form)).status, 200);
  assert.match(await refusal(await browser.send(url, form, { Cookie })), /ERR_LTI_NONCE_USED/);
});

test('a teacher is asked no question', async () => {
  const { browser, url, form } = await launch({ courseId: 1, userId: 2 });
  const page = await (await browser.send(url, form)).text();
  assert.match(page, /Welcome, Tom Teacher/);
  assert.doesNotMatch(page, /ticket/);
});

test('points are for those who were asked', async () => {
  canvas.emulator.records.results.clear();
  const browser = makeBrowser();
  assert.match(await refusal(await browser.send(`${tool}/answer`, { answer: 'Cicero' })), /ERR_JWS_INVALID/);
  assert.equal(grade(), undefined);
});
