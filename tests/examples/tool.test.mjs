// examples/tool, which is the README's, on each runtime as it stands: opened in a browser on Canvas's own page.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateKey } from 'canvas-lms-tokens';
import { root } from '../../scripts/setup/shell.mjs';
import { freePort, startServer } from '../package/processes.mjs';
import { startWorkerd } from '../package/runtimes.mjs';
import { installTools, program } from '../package/tools.mjs';
import { seedsOf, startCanvas } from './canvas.mjs';
import { readsThePage } from './reading.mjs';
import { makeRecipe, writeEnv } from './recipe.mjs';

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

const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';
/** What a server answers to these bytes, by the time that it closes the connection; `drip` is sent now and then after them. */
const raw = (port, bytes, drip) => new Promise((resolve) => {
  let text = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  const dripping = drip && setInterval(() => socket.write(drip), 300);
  socket.setEncoding('utf8').on('data', (more) => {
    text += more;
    // It may wait for more of the same connection.
    clearInterval(dripping);
  }).on('error', () => undefined).on('close', () => { clearInterval(dripping); resolve(text); });
});

test('Node, over sockets: a body that comes a byte now and then, one that is too long, one that breaks off, and line breaks', async (t) => {
  const port = await freePort();
  writeEnv(recipe.folder, { ...settings, PORT: port });
  const server = await recipe.start('start', /(listens)/);
  t.after(() => server.end());
  const post = (path, headers, body = '') => `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${FORM}${headers}\r\n\r\n${body}`;
  const [slow, silent, long, strange, broken] = await Promise.all([
    raw(port, post('/lti/login', 'Content-Length: 100000'), 'a'),
    raw(port, post('/lti/launch', 'Transfer-Encoding: chunked', '5\r\na=bcd\r\n')),
    raw(port, post('/lti/launch', 'Content-Length: 10000000', 'a'.repeat(300_000))),
    raw(port, `GET /lti/login?iss=%0d%0aEvil:1&login_hint=%0aEvil:1&target_link_uri=x HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
    raw(port, post('/lti/login', 'Connection: close\r\nTransfer-Encoding: chunked', '5\r\na=bcd\r\nZZ\r\n')),
  ]);
  for (const answer of [slow, silent]) assert.match(answer, /^HTTP\/1.1 408 [^]*ERR_TIMEOUT/);
  assert.match(long, /^HTTP\/1.1 413 [^]*ERR_LTI_MESSAGE_INVALID/);
  assert.match(strange, /^HTTP\/1.1 40[03] /);
  assert.doesNotMatch(strange, /^Evil/im);
  assert.match(broken, /^HTTP\/1.1 400 /);
  // And it goes on.
  assert.equal((await fetch(`http://localhost:${port}/lti/jwks`)).status, 200);
});
