// examples/tool-worker, built and served by workerd with its Durable Objects.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../package/processes.mjs';
import { CLIENT_ID, makeBrowser, seedsOf, startCanvas } from './canvas.mjs';
import { ASSIGNMENT, readsThePage } from './reading.mjs';
import { makeRecipe } from './recipe.mjs';

let recipe, canvas, server, settings, tool;
before(async () => {
  recipe = await makeRecipe('tool-worker');
  await Promise.all([recipe.run('build'), recipe.settle()]);
  const port = await freePort();
  tool = `http://localhost:${port}`;
  const config = join(recipe.folder, 'config.capnp');
  writeFileSync(config, readFileSync(config, 'utf8').replace('127.0.0.1:3000', `127.0.0.1:${port}`));
  canvas = await startCanvas(seedsOf(recipe.folder, tool));
  const env = readFileSync(join(recipe.folder, '.env'), 'utf8');
  // The key has several lines.
  const of = (name) => new RegExp(`^${name}=(?:'([^']*)'|(.*))$`, 'm').exec(env).slice(1).find(Boolean);
  settings = { TOOL_KEY: of('TOOL_KEY'), TOOL_SECRET: of('TOOL_SECRET'), CANVAS_CLIENT_ID: of('CANVAS_CLIENT_ID'), CANVAS_URL: canvas.url };
  server = await recipe.start('start', /"port":\s*(\d+)/, settings);
});
after(async () => {
  await server?.end();
  await canvas?.close();
  recipe?.remove();
});

test('launched on the first try, and a point in the gradebook', (t) => readsThePage(t, canvas));

test('a launch is taken once', async () => {
  const browser = makeBrowser();
  const login = await canvas.emulator.launch({ developerKeyId: CLIENT_ID, assignmentId: ASSIGNMENT, userId: 3 });
  const page = await (await browser.send(login.url, login.form)).text();
  const { url, form } = await canvas.emulator.authorize(JSON.parse(/id="lti">(.*)<\/script>/.exec(page)[1]).url);
  const Cookie = browser.cookie();
  const answers = await Promise.all([1, 2, 3].map(async () => (await browser.send(url, form, { Cookie })).text()));
  assert.equal(answers.filter((text) => /Welcome, Sue Student/.test(text)).length, 1);
  assert.equal(answers.filter((text) => /ERR_LTI_NONCE_USED/.test(text)).length, 2);
});

test('what Cloudflare deploys is what workerd serves', () => {
  const read = (name) => readFileSync(join(recipe.folder, name), 'utf8');
  const { main, durable_objects: { bindings: [binding] }, migrations: [{ new_sqlite_classes: classes }], ...wrangler } =
    JSON.parse(read('wrangler.jsonc').replace(/^\s*\/\/.*$/gm, ''));
  const capnp = read('config.capnp');
  assert.match(read('package.json'), new RegExp(`esbuild ${main} `));
  assert.match(capnp, new RegExp(`name = "${binding.name}", durableObjectNamespace = "${binding.class_name}"`));
  assert.deepEqual(classes, [binding.class_name]);
  assert.match(capnp, new RegExp(`compatibilityDate = "${wrangler.compatibility_date}"`));
});
