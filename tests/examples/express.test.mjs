// examples/express, opened in a browser on Canvas's own page, and what it says to a launch that is not Canvas's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort } from '../package/processes.mjs';
import { forged, makeBrowser, seedsOf, startCanvas } from './canvas.mjs';
import { openPage } from './chromium.mjs';
import { makeRecipe } from './recipe.mjs';

const ASSIGNMENT = 26;
let recipe, canvas, server, tool;
before(async () => {
  recipe = await makeRecipe('express');
  const port = await freePort();
  tool = `http://localhost:${port}`;
  canvas = await startCanvas(seedsOf(recipe.folder, tool));
  await recipe.settle();
  server = await recipe.start('start', /(listens)/, { PORT: port, TOOL_URL: tool, CANVAS_URL: canvas.url });
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

const urlOf = (page) => JSON.parse(/data-login="(.*?)"/.exec(page)[1].replaceAll('&#34;', '"').replaceAll('&#38;', '&')).url;

/** Goes as far as the form that Canvas has the browser post. */
async function launch(options) {
  const browser = makeBrowser();
  return { browser, ...await browser.beginLaunch(canvas.emulator, options, urlOf) };
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

test('what is no launch is refused, with the reason', async () => {
  assert.match(await refusal(await fetch(`${tool}/launch`, { method: 'POST' })), /ERR_LTI_STATE_INVALID/);
  assert.match(await refusal(await fetch(`${tool}/login`)), /ERR_LTI_LOGIN_INVALID/);
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
  assert.match(await refusal(await fetch(`${tool}/answer`, { method: 'POST' })), /ERR_JWS_INVALID/);
  assert.equal(grade(), undefined);
});
