// Several instances in one process, values of other realms, and memory that does not grow.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { files, serve } from '../../scripts/serve.mjs';
import { writePage } from './bundlers.mjs';
import { closeBrowsers, visit } from './browsers.mjs';
import { NAME, makeProject } from './project.mjs';
import { run, thread } from './runtimes.mjs';
import { load } from './tools.mjs';

let project, folder, imported, emulator, required, check;
before(async () => {
  project = await makeProject();
  folder = project.folder;
  required = createRequire(join(folder, 'main.cjs'))(NAME);
  const own = (name) => import(pathToFileURL(join(project.installed, name)));
  [imported, emulator] = [await own('node.js'), await own('emulator.js')];
  ({ check } = await import(pathToFileURL(join(folder, 'check.mjs'))));
});
after(async () => {
  await closeBrowsers();
  project?.remove();
});

const failed = ({ results }) => results.filter(({ outcome }) => outcome !== 'ok');

test('two copies in one process work side by side, and read what the other makes', async () => {
  assert.notEqual(imported.decode, required.decode);
  const reports = await Promise.all([imported, required, imported, required].map((copy) => check(copy, emulator)));
  assert.deepEqual(reports.flatMap(failed), []);
  const { privateKey, publicKey } = await imported.generateKey('ES256');
  const token = await required.signJwt({ iss: 'a' }, privateKey);
  assert.deepEqual((await imported.verifyJwt(token, publicKey)).claims, { iss: 'a' });
});

test('an error of one copy is known to the other', () => {
  assert.throws(() => required.decode('no token'), (error) => imported.isTokenError(error) && required.isTokenError(error));
});

test('several worker threads at once', async () => {
  const reports = await Promise.all([1, 2, 3].map(() => thread(folder, 'main.mjs')));
  assert.deepEqual(reports.flatMap(failed), []);
});

/** A page of jsdom, with what it lacks from Node, as those who test in it give it. */
async function jsdom() {
  const { JSDOM } = await load('jsdom');
  const { window } = new JSDOM('', { runScripts: 'outside-only', url: 'https://school.example/' });
  Object.defineProperty(window, 'crypto', { value: webcrypto });
  Object.assign(window, { TextEncoder, TextDecoder, Request, Response, Headers, structuredClone });
  return window;
}

test('in the realm of jsdom, loaded as Jest loads it', async () => {
  const window = await jsdom();
  assert.notEqual(window.Uint8Array, Uint8Array);
  const evaluate = (file, text) => {
    const module = { exports: {} };
    const wrapped = window.eval(`(function (module, exports, require, __filename) {${text}\n})`);
    wrapped(module, module.exports, createRequire(file), file);
    return module.exports;
  };
  const load = (name) => {
    const file = createRequire(join(folder, 'main.cjs')).resolve(name);
    return evaluate(file, readFileSync(file, 'utf8'));
  };
  const { outputFiles: [{ text }] } = await esbuild.build({
    entryPoints: [join(folder, 'check.mjs')], bundle: true, format: 'cjs', write: false,
  });
  const program = evaluate(join(folder, 'check.cjs'), text);
  assert.deepEqual([...failed(await program.check(load(NAME), load(`${NAME}/emulator`)))], []);
});

test('values of another realm', async () => {
  const window = await jsdom();
  const secret = window.Uint8Array.from('secret', (character) => character.charCodeAt(0));
  assert.ok(!(secret instanceof Uint8Array));
  const claims = window.eval('({ sub: "1", aud: ["https://school.example/"] })');
  const token = imported.signJwtSync(claims, { secret, alg: 'HS256' });
  const { claims: read } = imported.verifyJwtSync(token, { secret: 'secret' });
  assert.deepEqual(read, { sub: '1', aud: ['https://school.example/'] });
  const jws = await imported.signJws(secret, { secret, alg: 'HS256' });
  assert.equal(Buffer.from((await imported.verifyJws(jws, { secret })).payload).toString(), 'secret');
});

test('a page and its iframe, each with the values and keys of the other', async () => {
  const server = await serve({ handler: files({ '/': folder }) });
  try {
    const page = (name) => writePage(folder, `${name}.html`, {
      script: `/${name}.mjs`, type: 'module', importMap: { [NAME]: `/node_modules/${NAME}/index.js` },
    });
    page('inner');
    const { report } = await visit('chromium', `${server.url}/${page('frames')}`);
    assert.deepEqual(report, { otherRealm: true, results: ['c2VjcmV0', 'c2VjcmV0', '1', '1'] });
  } finally {
    await server.close();
  }
});

test('memory is flat after the first rounds', async () => {
  // A million signed and verified in ten rounds, with refusals between, and after each round ten times some of everything.
  const sizes = await run(folder, process.execPath, '--expose-gc', 'memory.mjs', '10', '100000', '10');
  assert.equal(sizes.length, 10);
  for (const size of sizes.slice(3)) assert.deepEqual(size, sizes[3], `after each round: ${JSON.stringify(sizes)}`);
});

test('no secret is left in memory when a call has ended', async () => {
  assert.deepEqual(await run(folder, process.execPath, 'secrets.mjs'), []);
});
