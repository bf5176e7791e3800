// examples/vite, built by Vite and opened in Chromium: what it says of what is pasted, and that nothing of it leaves the page.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { signAssertion } from 'canvas-lms-tokens';
import { files, serve } from '../../scripts/serve.mjs';
import { openPage } from './chromium.mjs';
import { makeRecipe } from './recipe.mjs';

const ENDPOINT = 'https://school.example/api/lti/accounts/1/authorize';
let recipe, server;
before(async () => {
  recipe = await makeRecipe('vite');
  await recipe.run('build');
  server = await serve({ handler: files({ '/': join(recipe.folder, 'dist') }) });
});
after(async () => {
  await server?.close();
  recipe?.remove();
});

/** Opens it; `asked` has every address, and `complaints` what the console says. */
async function open(t) {
  const page = await openPage(t);
  const [asked, complaints] = [[], []];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${server.url}/`);
  const fill = (label, text) => page.getByLabel(label).fill(text);
  const says = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
  t.after(() => {
    assert.deepEqual(complaints, []);
    assert.deepEqual(asked.filter((url) => !url.startsWith(`${server.url}/`)), []);
  });
  return { page, fill, says, asked };
}

test('a good assertion is valid with its secret, and every digit is shown', async (t) => {
  const { page, fill, says, asked } = await open(t);
  await fill('Token', signAssertion({ sub: 90000000000000001n, aud: ENDPOINT }, 'secret'));
  await says('LTI 2');
  assert.match(await page.locator('#summary').getAttribute('class'), /unverified/);
  await fill('Secret', 'secret');
  await fill('Where it is sent', ENDPOINT);
  await page.locator('#summary.valid').waitFor();
  assert.match(await page.locator('#claims').innerText(), /"sub": 90000000000000001,/);
  assert.equal(asked.filter((url) => url.endsWith('.wasm')).length, 1);
});

test('a bad one is invalid, with what to change', async (t) => {
  const { page, fill } = await open(t);
  await fill('Token', signAssertion({ sub: '123123-ad13-ac233', aud: `${ENDPOINT}/` }, 'secret'));
  await fill('Where it is sent', ENDPOINT);
  await page.locator('#summary.invalid').waitFor();
  assert.match(await page.locator('#checks > .fail').first().innerText(), /slash.*to change: .*authorize/);
  await fill('Secret', 'another');
  await page.locator('#checks > .fail', { hasText: 'signature' }).waitFor();
});

test('whatever is pasted is answered', async (t) => {
  const { fill, says, page } = await open(t);
  await fill('Token', '<b>no token</b>');
  await page.locator('#summary.invalid').waitFor();
  await fill('Secret', '{"kty":"oct","k":"AA"}');
  await says('secret');
});
