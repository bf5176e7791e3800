// Canvas calls from the page: what is created, what is shown of it, and what is said of a refusal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allowed, block, checksIn, claim, click, emulator, exchange, firstLine, inspected, page, saying, section, sign, start, tokenIn, value,
  verdict,
} from './harness.mjs';

const tokens = () => section('Canvas tokens');
const report = () => section('3. Originality report');
const fill = (within, label, text) => within.getByLabel(label, { exact: true }).fill(text);
const reason = (within) => value(within.getByRole('alert'), "Canvas's own reason").then(firstLine);
const back = () => page.goBack();

start.hash = '#canvas';

async function useServer(within) {
  allowed.add(emulator.url);
  await within.getByLabel('a server at a base URL').check();
  await fill(within, 'Base URL', emulator.url);
}

/** Signs, exchanges, and hands the access token over. */
async function withAccessToken() {
  await sign('Tool proxy');
  await exchange('Granted.');
  const token = await tokenIn('2. Exchange', 'Access token');
  await click('Report with it', section('2. Exchange'));
  assert.equal(await report().getByLabel('LTI 2 access token').inputValue(), token);
  return token;
}

test('a Canvas JWT is created, inspected and refreshed', async () => {
  await click('Create a Canvas JWT');
  await saying('Canvas tokens', 'Created.');
  const first = await tokenIn('Canvas tokens', 'Canvas JWT');
  assert.match(await value(tokens(), 'Encrypted'), /^yes/);
  assert.match(await value(tokens(), 'Expires'), /UTC$/);
  assert.equal(await tokens().getByLabel('Canvas JWT to refresh').inputValue(), first);

  await click('Inspect', tokens());
  await verdict('This Canvas service JWT is encrypted');
  assert.equal(await inspected(), first);
  await back();
  await click("Inspect with the emulator's keys", tokens());
  await verdict('This Canvas service JWT is good');
  assert.equal(await claim('sub'), '10000000000002');
  await back();

  await click('Refresh it');
  await saying('Canvas tokens', 'Refreshed.');
  const second = await tokenIn('Canvas tokens', 'Canvas JWT');
  assert.notEqual(second, first);
  assert.equal(await tokens().getByLabel('Canvas JWT to refresh').inputValue(), second);
});

test('without canvas_audience it can be read and verified, but not refreshed', async () => {
  await fill(tokens(), 'Workflows, optional', 'rich_content, ui');
  await tokens().getByLabel('Context', { exact: true }).selectOption('Course');
  await tokens().getByLabel('canvas_audience').uncheck();
  await click('Create a Canvas JWT');
  await saying('Canvas tokens', 'Created.');
  assert.match(await value(tokens(), 'Encrypted'), /^no/);
  const claims = block(tokens(), 'Claims');
  assert.equal(await value(claims, 'workflows'), '["rich_content", "ui"]');
  assert.equal(await value(claims, 'context_type'), '"Course"');
  assert.equal(await value(claims, 'context_id'), '"1"');
  await click('Inspect', tokens());
  await verdict(/this Canvas service JWT, but its signature/);
  await back();
  await click("Inspect with the emulator's keys", tokens());
  await verdict('This Canvas service JWT is good');
  await back();

  await click('Refresh it');
  await saying('Canvas tokens', 'Refused.');
  const alert = tokens().getByRole('alert');
  assert.equal(await value(alert, 'HTTP status'), '400');
  assert.match(await value(alert, 'Message'), /jwt invalid refresh/);
  assert.match(await reason(tokens()), /Invalid JWT Format/);
});

test('an InstAccess token is created and inspected', async () => {
  await click('Create an InstAccess token');
  await saying('Canvas tokens', 'Created.');
  const token = await tokenIn('Canvas tokens', 'InstAccess token');
  await click('Inspect', tokens());
  await verdict('This InstAccess token is encrypted');
  assert.equal(await inspected(), token);
  await back();
  await click("Inspect with the emulator's keys", tokens());
  await verdict('This InstAccess token is good');
  assert.equal(await claim('iss'), 'instructure:inst_access');
});

test("a refused call shows code, status, Canvas's message and the emulator's reason", async () => {
  await fill(tokens(), 'Access token of a person', 'not-a-token');
  await click('Create an InstAccess token');
  await saying('Canvas tokens', 'Refused.');
  const alert = tokens().getByRole('alert');
  assert.equal(await value(alert, 'Code'), 'ERR_UNAUTHENTICATED');
  assert.equal(await value(alert, 'HTTP status'), '401');
  assert.match(await value(alert, 'Message'), /Invalid access token\./);
  assert.match(await value(alert, 'Answer'), /Invalid access token\./);
  assert.equal(await reason(tokens()), 'no such access token');

  await fill(tokens(), 'Access token of a person', '');
  await click('Create a Canvas JWT');
  await saying('Canvas tokens', 'Refused.');
  assert.equal(await value(alert, 'Code'), 'ERR_ARGUMENT');
  assert.equal(await value(alert, 'Where'), 'options.accessToken');
  assert.equal(await alert.getByText("Canvas's own reason").count(), 0);

  await tokens().getByLabel('a server at a base URL').check();
  await click('Create a Canvas JWT');
  await saying('Canvas tokens', 'Refused.');
  assert.equal(await value(alert, 'Where'), 'options.baseUrl');
});

test('a tool posts an originality report with its access token, and reads it back', async () => {
  await withAccessToken();
  await fill(report(), 'Score, 0 to 100', '42.5');
  await click('Post the report');
  await saying('3. Originality report', 'Posted.');
  const posted = block(report(), 'Originality report');
  assert.equal(await value(posted, 'originality_score'), '42.5');
  assert.equal(await value(posted, 'submission_id'), '6');
  assert.equal(await value(posted, 'file_id'), '71');
  assert.equal(await value(posted, 'workflow_state'), '"scored"');
  const id = await value(posted, 'id');
  assert.equal(await report().getByLabel('Report id').inputValue(), id);

  for (const by of [id, '']) {
    await fill(report(), 'Report id', by);
    await click('Read it back');
    await saying('3. Originality report', 'Read back.');
    assert.equal(await value(posted, 'id'), id);
    assert.equal(await value(posted, 'originality_score'), '42.5');
  }
});

test('a report that Canvas or the package refuses', async () => {
  await withAccessToken();
  const alert = report().getByRole('alert');
  await fill(report(), 'Score, 0 to 100', '101');
  await click('Post the report');
  await saying('3. Originality report', 'Refused.');
  assert.equal(await value(alert, 'Code'), 'ERR_ARGUMENT');
  assert.equal(await value(alert, 'Where'), 'report.originalityScore');

  await fill(report(), 'Score, 0 to 100', '100');
  await fill(report(), 'File id', '7100');
  await click('Post the report');
  await alert.getByText('no file with id 7100').waitFor();
  assert.equal(await value(alert, 'HTTP status'), '404');
  assert.match(await value(alert, 'Message'), /The specified resource does not exist\./);

  await fill(report(), 'LTI 2 access token', 'abc');
  await click('Post the report');
  await alert.getByText('ERR_UNAUTHENTICATED').waitFor();
});

test('the calls work over HTTP too', async () => {
  await useServer(tokens());
  await click('Create a Canvas JWT');
  await saying('Canvas tokens', 'Created.');
  await click('Refresh it');
  await saying('Canvas tokens', 'Refreshed.');
  assert.equal(await tokens().getByRole('button', { name: "Inspect with the emulator's keys" }).count(), 0);
  await click('Create an InstAccess token');
  await saying('Canvas tokens', 'Created.');

  await sign('Tool proxy');
  await useServer(section('2. Exchange'));
  await click('Sign again for this URL');
  await exchange('Granted.');
  await click('Report with it', section('2. Exchange'));
  assert.equal(await report().getByLabel('Base URL', { exact: true }).inputValue(), emulator.url);
  await click('Post the report');
  await saying('3. Originality report', 'Posted.');
  await click('Read it back');
  await saying('3. Originality report', 'Read back.');
  assert.equal(emulator.emulator.requests.at(-1).status, 200);
});

test("a wrong secret's exchange shows the inspector's report", async () => {
  await click('Tool proxy');
  await page.getByLabel('Secret', { exact: true }).fill('another secret');
  const token = await sign();
  await exchange('Refused.');
  const shown = section('2. Exchange');
  const line = block(shown, 'What the assertion shows').locator('p');
  assert.match(await line.innerText(), /^○ Unverified An LTI 2 assertion .*another secret/);
  const [first] = await checksIn('2. Exchange');
  assert.equal(first.id, 'unseen');
  assert.match(first.fix, /secret/);
  await click('Inspect it', shown);
  await verdict('not verified');
  assert.equal(await inspected(), token);
  assert.match(await page.getByLabel('Sent to').inputValue(), /authorize$/);
});

test('an exchange refused for what can be seen says what, and how to mend it', async () => {
  await click("The documentation's template");
  await sign();
  await exchange('Refused.');
  const shown = section('2. Exchange');
  assert.match(await block(shown, 'What the assertion shows').locator('p').innerText(), /^✗ Invalid An LTI 2 assertion .*expired/);
  const [first] = await checksIn('2. Exchange');
  assert.equal(first.id, 'exp');
  assert.equal(first.outcome, '✗ Fault');
  assert.ok(first.fix);
  await click('Inspect', section('1. Sign'));
  await verdict('will refuse');
});

test('nothing of it is wider than a narrow screen', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await withAccessToken();
  await click('Post the report');
  await saying('3. Originality report', 'Posted.');
  await click('Create an InstAccess token');
  await saying('Canvas tokens', 'Created.');
  await click("Inspect with the emulator's keys", tokens());
  await verdict('is good');
  await back();
  await sign("The documentation's template");
  await exchange('Refused.');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
});
