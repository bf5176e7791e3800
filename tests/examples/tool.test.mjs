// examples/tool, which is the README's, on each runtime as it stands: opened in a browser on Canvas's own page.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateKey } from 'canvas-lms-tokens';
import { root } from '../../scripts/setup/shell.mjs';
import { startServer } from '../package/processes.mjs';
import { startWorkerd } from '../package/runtimes.mjs';
import { installTools, program } from '../package/tools.mjs';
import { seedsOf, startCanvas } from './canvas.mjs';
import { readsThePage } from './reading.mjs';
import { freePort, makeRecipe, writeEnv } from './recipe.mjs';

const CODE = 'tool.js';
let recipe, settings;
before(async () => {
  installTools();
  recipe = await makeRecipe('tool');
  const { privateKey } = await generateKey('RS256');
  settings = { TOOL_KEY: JSON.stringify(privateKey), TOOL_SECRET: crypto.randomUUID() };
});
after(() => recipe?.remove());

test('it is what the README shows', () => {
  const [shown] = /^```mjs\n[^]*?^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'));
  assert.equal(shown, `\`\`\`mjs\n${readFileSync(join(root, 'examples', 'tool', CODE), 'utf8')}\`\`\``);
});

const env = () => ({ ...process.env, ...settings, DENO_DIR: join(recipe.folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' });

/** {runtime: (port) => resolves to {end()} once it listens there} */
const RUNTIMES = {
  Node(port) {
    writeEnv(recipe.folder, { ...settings, PORT: port });
    return recipe.start('start', /(listens)/);
  },
  Deno: (port) => startServer(program('deno'), ['serve', '--no-prompt', '--allow-env', '--allow-read', '--allow-net', '--port', port, CODE], /(Listening)/i, {
    cwd: recipe.folder, env: env(),
  }),
  Bun: (port) => startServer(program('bun', 'bin'), [CODE], /(http:\/\/localhost)/i, { cwd: recipe.folder, env: { ...env(), PORT: port } }),
  workerd: (port) => startWorkerd(join(recipe.folder, CODE), join(recipe.folder, 'workerd'), {
    variables: settings, date: '2025-06-01', flags: ['nodejs_compat'], port,
  }),
};

for (const [runtime, start] of Object.entries(RUNTIMES)) {
  test(`${runtime}: launched on the first try, and a point in the gradebook`, async (t) => {
    const port = await freePort();
    const tool = `http://localhost:${port}`;
    const canvas = await startCanvas(seedsOf(recipe.folder, tool));
    t.after(() => canvas.close());
    const code = readFileSync(join(root, 'examples', 'tool', CODE), 'utf8');
    writeFileSync(join(recipe.folder, CODE), code.replace('http://localhost:8931', canvas.url));
    const server = await start(String(port));
    t.after(() => server.end());
    await readsThePage(t, canvas);
  });
}
