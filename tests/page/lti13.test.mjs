// LTI 1.3 as a sequence diagram: every arrow is a request that was made, every fault says what it is, and every token can be inspected.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { click, inspected, page, start, verdict } from './harness.mjs';

start.hash = '#lti13';

const TEACHER = 'A teacher adds a quiz, a student takes it', STUDENT = 'A student opens an assignment';
const done = () => page.locator('#done-title').waitFor({ timeout: 30_000 });
const arrows = () => page.locator('.arrow > button').evaluateAll((buttons) => buttons.map((button) => ({
  way: button.parentElement.className.match(/(browser|tool|canvas)-(browser|tool|canvas)/)[0],
  line: button.querySelector('code').innerText.replace(/\d+\/scores/, 'N/scores'), outcome: button.querySelector('.outcome').innerText,
})));
const back = () => page.getByRole('link', { name: 'LTI 1.3' }).click();

async function fault(name, begin) {
  await page.getByLabel('What goes wrong').selectOption(name);
  await click(begin);
  await page.locator('.next-step button').first().waitFor({ timeout: 30_000 });
  if (await page.getByRole('button', { name: 'Run to the end' }).isVisible()) await click('Run to the end');
  await page.locator('#refusal-title').waitFor({ timeout: 30_000 });
}

test('a teacher adds a quiz, a student takes it, and Canvas has the score: step by step, by the keyboard', async () => {
  await page.getByRole('button', { name: TEACHER }).focus();
  await page.keyboard.press('Enter');
  const steps = ['Follow the redirect to Canvas', 'Follow the redirect to the institution', 'Post the id_token to the tool'];
  for (const name of [...steps, 'Add a quiz, and send it to Canvas', 'Open the quiz as the student', ...steps, 'Report a score']) {
    const next = page.locator('.next-step button.main', { hasText: name });
    await next.waitFor({ timeout: 30_000 });
    await page.waitForFunction((text) => document.activeElement.innerText === text, name);
    await page.keyboard.press('Enter');
  }
  await done();
  await page.getByText('Canvas has the score: 8 of 10 points.').first().waitFor();
  assert.deepEqual((await arrows()).map(({ way, line }) => `${way} ${line}`), [
    'browser-tool POST /login', 'browser-canvas GET /api/lti/authorize_redirect', 'browser-canvas GET /api/lti/authorize', 'browser-tool POST /launch',
    'tool-canvas GET /api/lti/security/jwks',
    'browser-canvas POST /courses/1/deep_linking_response', 'canvas-tool GET /jwks',
    'browser-tool POST /login', 'browser-canvas GET /api/lti/authorize_redirect', 'browser-canvas GET /api/lti/authorize', 'browser-tool POST /launch',
    'tool-canvas POST /login/oauth2/token', 'canvas-tool GET /jwks', 'tool-canvas POST /api/lti/courses/1/line_items/N/scores',
  ]);
  assert.ok((await arrows()).every(({ outcome }) => outcome.startsWith('✓')));
});

test('an arrow opens its request and answer, secrets masked, and its token is inspected', async () => {
  await click(STUDENT);
  await page.locator('.next-step button').first().waitFor({ timeout: 30_000 });
  await click('Run to the end');
  await done();
  const open = (name) => page.getByRole('button', { name }).click();
  const shown = () => page.locator('.beside').innerText();
  await open(/Launch, with the id_token/);
  assert.match(await shown(), /POST https:\/\/tool\.example\/launch[^]*cookie: __Host-lti-[\w-]+=••••••\n[^]*id_token=eyJ[\w-]+\.eyJ[\w-]+\.••••••&state=/);
  assert.match(await shown(), /Welcome, Sue Student/);
  await open(/Login request/);
  assert.match(await shown(), /Status 302[^]*set-cookie: __Host-lti-[\w-]+=••••••; Path=\//);
  await open(/Reports the score/);
  assert.match(await shown(), /"scoreGiven": 8/);
  await open(/Asks for a token, with a client assertion/);
  await page.locator('.beside').getByRole('button', { name: 'Inspect it' }).click();
  await verdict('This LTI 1.3 client assertion is good');
  await back();
  await open(/Launch, with the id_token/);
  await page.locator('.beside').getByRole('button', { name: 'Inspect it' }).click();
  await verdict('This LTI 1.3 launch (id_token) is good');
  assert.match(await inspected(), /^eyJ/);
});

const FAULTS = {
  redirectUri: [STUDENT, 'Canvas refuses', /address that is not registered/, 3],
  keyOff: [STUDENT, 'The tool refuses', /developer key is turned off/, 4],
  loggedOut: [STUDENT, 'The tool refuses', /no session of this user/, 4],
  noCookie: [STUDENT, 'The tool refuses', /did not bring back the cookie/, 4],
  forged: [STUDENT, 'The tool refuses', /signature is not Canvas’s/, 4],
  otherClient: [STUDENT, 'The tool refuses', /for another tool/, 4],
  otherNonce: [STUDENT, 'The tool refuses', /answers another login/, 4],
  expired: [STUDENT, 'The tool refuses', /too old/, 4],
  replayed: [STUDENT, 'The tool refuses', /has been here before/, 6],
  oldResponse: [TEACHER, 'Canvas refuses', /too long ago/, 6],
  postedTwice: [TEACHER, 'Canvas refuses', /each deep linking response once/, 8],
  noScope: [STUDENT, 'Canvas refuses', /does not have the scope/, 6],
  noKid: [STUDENT, 'Canvas refuses', /not among them/, 6],
  notStudent: [STUDENT, 'Canvas refuses', /students alone/, 8],
  late: [STUDENT, 'Canvas refuses', /later score for this user/, 9],
};

test('each fault says who refuses what, and why, at a red arrow', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const names = await page.getByLabel('What goes wrong').locator('option').evaluateAll((options) => options.map(({ value }) => value));
  assert.deepEqual(names.slice(1), Object.keys(FAULTS));
  for (const [name, [begin, title, reason, number]] of Object.entries(FAULTS)) {
    await fault(name, begin);
    assert.equal(await page.locator('#refusal-title').innerText(), title, name);
    assert.match(await page.locator('.next-step .reason').innerText(), reason, name);
    const refused = await page.locator('.arrow.fail').evaluateAll((items) => items.map((item) => item.innerText));
    assert.ok(refused.length >= 1, name);
    const selected = await page.locator('.arrow [aria-pressed="true"]').innerText();
    assert.match(selected, reason, name);
    assert.match(selected, new RegExp(`^(\\s|[A-Z]\\w+ to \\w+:)*${number}\\b`), name);
  }
});

test('a refused launch is inspected, and begun again with nothing wrong', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await fault('otherClient', STUDENT);
  await page.locator('.next-step').getByRole('button', { name: 'Inspect it' }).click();
  await verdict('Your tool will refuse this LTI 1.3 launch');
  await back();
  await click('Begin again, with nothing wrong');
  await page.getByRole('button', { name: 'Run to the end' }).waitFor();
  await click('Run to the end');
  await done();
});

test('on a narrow screen a request opens below its arrow, and nothing is wider', async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await click(STUDENT);
  await page.locator('.next-step button').first().waitFor({ timeout: 30_000 });
  await click('Run to the end');
  await done();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await page.getByRole('button', { name: /Launch, with the id_token/ }).click();
  await page.locator('.arrow .here').getByText('Welcome, Sue Student').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
});
