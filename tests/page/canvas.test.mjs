// Canvas's token endpoints from the page: what is granted, why something is refused, what went over the wire, and the way from a
// refusal to what is accepted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowed, claim, click, complaints, emulator, inspected, page, start, verdict } from './harness.mjs';

start.hash = '#canvas';

const field = (label) => page.getByRole('textbox', { name: label, exact: true });
const choose = (label, value) => page.getByLabel(label, { exact: true }).selectOption(value);
const pressed = (name) => page.getByRole('radio', { name, exact: true }).check();
const state = (text) => page.locator('#call-state').filter({ hasText: text }).waitFor();
const reason = () => page.locator('call-result .reason').innerText();
const shownToken = () => page.locator('call-result code-block').first().locator('pre').innerText();
const back = () => page.getByRole('link', { name: 'Canvas', exact: true }).click();
/** The lines of the wire, and what stands under the last. */
const lines = () => page.locator('.wires summary').allInnerTexts().then((texts) => texts.map((text) => text.replace(/\s+/g, ' ')));
const wire = () => page.locator('.wires').innerText();

async function useServer() {
  allowed.add(emulator.url);
  await pressed('A Canvas at a URL');
  await field('Base URL').fill(`${emulator.url}/`);
}

async function granted() {
  await click('Sign and exchange');
  await state('Granted: an LTI 2 access token');
}

test('a tool proxy exchanges an assertion, and every request is shown, its secrets masked', async () => {
  await granted();
  const token = await shownToken();
  assert.equal((await lines()).length, 1);
  assert.match((await lines())[0], /POST \/api\/lti\/accounts\/1\/authorize school\.example ✓ 200 \d+ ms/);
  const shown = await wire();
  assert.match(shown, /grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJ[\w-]+\.eyJ[\w-]+\.••••••/);
  assert.match(shown, /"access_token": "eyJ[\w-]+\.eyJ[\w-]+\.••••••"/);
  assert.ok(!shown.includes(token.split('.')[2]));
  await click('Inspect it');
  await verdict('This LTI 2 access token is good');
  assert.equal(await inspected(), token);
});

test('a developer key needs its registration code, and is told so', async () => {
  await choose('Who asks', 'developerKey');
  await granted();
  await field('Registration code (reg_key), for a developer key').fill('');
  await click('Sign and exchange');
  await state('Canvas refused the assertion');
  assert.match(await reason(), /sub is a developer key's id|registration code is missing/i);
});

test("a refusal is said in plain words, with Canvas's own behind them", async () => {
  await field('Secret').fill('another secret');
  await click('Sign and exchange');
  await state('Canvas refused the assertion');
  assert.equal(await reason(), 'The signature was made with another secret than the one that Canvas keeps for this sub.');
  await page.locator('.own').getByText('JSON::JWS::VerificationFailed').waitFor();
  await field('Secret').fill('secret');
  await field('Tool proxy guid, developer key id or registration key (sub)').fill('nobody');
  await click('Sign and exchange');
  await page.getByText('Canvas knows no tool with this sub.').waitFor();
  await choose('Who asks', 'toolProxy');
  await field('Secret').fill('');
  await click('Sign and exchange');
  await state('Nothing was sent');
  assert.match(await reason(), /^The secret: /);
});

test('an assertion of one’s own is taken once', async () => {
  await granted();
  const sent = await page.evaluate(() => document.querySelector('canvas-view').run.assertion);
  await choose('Who asks', 'own');
  await field('Assertion').fill(sent);
  await click('Exchange');
  await state('Canvas refused the assertion');
  await page.locator('.own').getByText("the 'jti' is invalid").waitFor();
  await field('Assertion').fill('hello');
  await click('Exchange');
  await state(/Nothing was sent|Canvas refused/);
});

test('a tool posts an originality report with its access token, and reads it back', async () => {
  await granted();
  await click('Report with it');
  await field('Score, 0 to 100').fill('42.5');
  await click('Post the report');
  await state('The report, as Canvas keeps it');
  const posted = JSON.parse(await shownToken());
  assert.deepEqual([posted.originality_score, posted.submission_id, posted.file_id, posted.workflow_state], [42.5, 6, 71, 'scored']);
  assert.equal(await field('Report id').inputValue(), String(posted.id));
  assert.match(await wire(), /authorization: Bearer eyJ[\w-]+\.eyJ[\w-]+\.••••••/);
  for (const id of [String(posted.id), '']) {
    await field('Report id').fill(id);
    await click('Read it back');
    await page.locator('.wires').getByText(/GET/).first().waitFor();
    await state('The report, as Canvas keeps it');
  }
  await field('Score, 0 to 100').fill('101');
  await click('Post the report');
  await state('Nothing was sent');
  assert.match(await reason(), /^The score: /);
  await field('Score, 0 to 100').fill('100');
  await field('File id').fill('7100');
  await click('Post the report');
  await state('Canvas refused the report');
  assert.match(await reason(), /does not exist/);
});

test('a Canvas JWT is created, inspected with the emulator’s keys, and refreshed', async () => {
  await pressed('Canvas JWT');
  await click('Create a Canvas JWT');
  await state('Created: a Canvas JWT');
  const first = await shownToken();
  assert.match(await wire(), /authorization: Bearer ••••••/);
  await click('Inspect it');
  await verdict('This Canvas service JWT is good');
  assert.equal(await inspected(), first);
  assert.equal(await claim('sub'), '10000000000002');
  await back();
  await click('Refresh it');
  await page.waitForFunction((old) => document.querySelector('canvas-view').given.jwt !== old, first);
  await page.getByLabel('For Instructure’s services: encrypted').uncheck();
  await field('Workflows, optional').fill('rich_content, ui');
  await choose('Context', 'Course');
  await click('Create a Canvas JWT');
  await page.getByText('What it says can be read').waitFor();
  await click('Inspect it');
  await verdict('This Canvas service JWT is good');
  assert.equal(await claim('context_id'), '"1"');
  await back();
  await click('Refresh it');
  await state('Canvas did not refresh the JWT');
});

test('an InstAccess token, and a person’s access token that Canvas does not know', async () => {
  await pressed('InstAccess token');
  await click('Create an InstAccess token');
  await state('Created: an InstAccess token');
  await click('Inspect it');
  await verdict('This InstAccess token is good');
  await back();
  await field("A person's access token").fill('not-a-token');
  await click('Create an InstAccess token');
  await state('Canvas created no InstAccess token');
  assert.match(await reason(), /Canvas knows no such access token/);
  await field("A person's access token").fill('');
  await click('Create an InstAccess token');
  await state('Nothing was sent');
});

test('the calls work over HTTP, and nothing is sent before a press', async () => {
  const before = emulator.emulator.requests.length;
  await useServer();
  assert.equal(await field('Access token URL').inputValue(), `${emulator.url}/api/lti/accounts/1/authorize`);
  assert.equal(emulator.emulator.requests.length, before);
  await granted();
  await click('Report with it');
  await click('Post the report');
  await state('The report, as Canvas keeps it');
  assert.equal(emulator.emulator.requests.at(-1).status, 201);
});

test('where the browser may not read the answer, the page says so, and gives the curl that works', async () => {
  await pressed('A Canvas at a URL');
  allowed.add('http://127.0.0.1:9');
  await field('Base URL').fill('http://127.0.0.1:9');
  await click('Sign and exchange');
  await state('There was no answer');
  assert.match(await reason(), /127\.0\.0\.1:9 cannot be reached, or it does not let this page read its answers/);
  const curl = await page.locator('call-result code-block').first().locator('pre').innerText();
  assert.match(curl, /^curl -i -X POST 'http:\/\/127\.0\.0\.1:9\/api\/lti\/accounts\/1\/authorize' \\/);
  assert.match(curl, /assertion=eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}/);
  await field('Base URL').fill('http://school.example');
  await click('Sign and exchange');
  await page.getByText('school.example is asked by plain http, which this page may do on this machine alone.').waitFor();
  // The browser's own words for it.
  complaints.splice(0);
});

test('a slow Canvas can be waited for or not, and one that is not well is tried again', async () => {
  await choose('What goes wrong', 'slow');
  await click('Sign and exchange');
  await state('Waiting for school.example.');
  await page.getByRole('progressbar').waitFor();
  await click('Cancel');
  await state('Cancelled.');
  await choose('What goes wrong', 'drop');
  await click('Sign and exchange');
  await state('There was no answer');
  await choose('What goes wrong', 'none');
  await click('Try again');
  await state('Granted: an LTI 2 access token');
  await choose('What goes wrong', 'down');
  await pressed('InstAccess token');
  await click('Create an InstAccess token');
  await state('Canvas is not well: 503');
  assert.equal((await lines()).length, 3);
});

test('by the keyboard alone, and nothing is wider than a narrow screen', async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await field('Secret').focus();
  await page.keyboard.press('Enter');
  await state('Granted: an LTI 2 access token');
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.innerText === 'Report with it')) break;
  }
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Post the report' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
});
