// Every environment runs the same program on the package as npm would publish it: one row, one test, one closing line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { files, serve } from '../../scripts/serve.mjs';
import { BUNDLERS, NODE_BUNDLERS, viteDev, writePage } from './bundlers.mjs';
import { closeBrowsers, visit } from './browsers.mjs';
import { NAME, makeProject } from './project.mjs';
import * as runtimes from './runtimes.mjs';

// What is in the emulator and nowhere else, whoever makes it smaller.
const EMULATOR = 'you have not provided a valid user agent';
const WEBKIT = { skip: process.platform === 'linux' ? false : 'WebKitGTK is for Linux' };

let project, folder, server, names, expected;
const ends = new Set();
before(async () => {
  project = await makeProject();
  folder = project.folder;
  ({ names } = await import(pathToFileURL(join(folder, 'check.mjs'))));
  const types = readFileSync(join(project.installed, 'wasm', 'types.d.ts'), 'utf8');
  expected = [...types.matchAll(/^export (?:function|class|const) (\w+)/gm)].map(([, name]) => name).sort();
  server = await serve({ handler: files({ '/': folder }) });
});
after(async () => {
  await closeBrowsers();
  for (const end of ends) await end();
  await server?.close();
  project?.remove();
});

/** {environment: [what runs the program there and answers with its report, options of the test]} */
const MATRIX = {
  'Node, import': [() => runtimes.node(folder, 'main.mjs')],
  'Node, require': [() => runtimes.node(folder, 'main.cjs')],
  'Node, worker thread': [() => runtimes.thread(folder, 'main.mjs')],
  Deno: [() => runtimes.deno(folder, 'main.mjs')],
  'Bun, import': [() => runtimes.bun(folder, 'main.mjs')],
  'Bun, require': [() => runtimes.bun(folder, 'main.cjs')],
  Vitest: [() => runtimes.vitest(folder, 'node')],
  'Vitest, jsdom': [() => runtimes.vitest(folder, 'jsdom')],
  workerd: [() => runtimes.workerd(folder, 'worker.mjs')],
  'Next.js, edge route': [nextEdge],
  'Next.js, Node route': [() => nextRoute('/node')],
  'Next.js, page': [nextPage],
  Chromium: [() => plain('chromium', '.')],
  'Chromium, slim': [() => plain('chromium', './slim')],
  Firefox: [() => plain('firefox', '.')],
  'Firefox, slim': [() => plain('firefox', './slim')],
  WebKit: [() => plain('webkit', '.'), WEBKIT],
  'WebKit, slim': [() => plain('webkit', './slim'), WEBKIT],
  'Vite, dev server': [devServer],
  ...rows(BUNDLERS, (name) => name, bundled),
  ...rows(NODE_BUNDLERS, (name) => `${name}, for Node`, bundledForNode),
};

for (const [name, [run, options]] of Object.entries(MATRIX)) {
  test(name, options, async (t) => {
    const { runtime, exported, results } = await run();
    assert.deepEqual(results.filter(({ outcome }) => outcome !== 'ok'), []);
    assert.deepEqual(results.map((result) => result.name), names);
    assert.deepEqual(exported, expected, 'what is exported is what the types declare');
    const [version] = runtime.match(/(Firefox|Chrome|Version)\/[\d.]+/) ?? [runtime];
    t.diagnostic(`${name}: ${results.length} of ${names.length} checks ok (${version})`);
  });
}

function rows(table, title, run) {
  return Object.fromEntries(Object.entries(table).map(([name, build]) => [title(name), [() => run(name, build)]]));
}

/** Visits the two pages; gives the report of the first. */
async function pages(browser, whole, small) {
  const { report, scripts } = await visit(browser, whole);
  assert.ok(scripts.some((text) => text.includes(EMULATOR)), 'the emulator is known by this text');
  const other = await visit(browser, small);
  assert.match(other.report, /^eyJ/);
  assert.ok(other.scripts.length > 0);
  assert.ok(!other.scripts.some((text) => text.includes(EMULATOR)), 'no emulator where none is imported');
  return report;
}

const address = (path) => `${server.url}/${path.replaceAll('\\', '/')}`;

/** No bundler: an import map says where the entries are. */
function plain(browser, entry) {
  const { exports } = JSON.parse(readFileSync(join(project.installed, 'package.json'), 'utf8'));
  const place = (name) => join('/node_modules', NAME, exports[name].default.default);
  const others = ['emulator', 'platform-storage', 'tool'].map((name) => [`${NAME}/${name}`, place(`./${name}`)]);
  const importMap = { [NAME]: place(entry), ...Object.fromEntries(others) };
  const [whole, small] = ['page', 'small'].map((name) => writePage(folder, `plain-${name}.html`, {
    script: `/${name}.mjs`, type: 'module', importMap,
  }));
  return pages(browser, address(whole), address(small));
}

async function bundled(name, build) {
  const [whole, small] = await Promise.all(['page', 'small'].map(async (entry) => {
    const out = join(folder, 'out', name, entry);
    return address(join(relative(folder, out), await build(folder, entry, out)));
  }));
  return pages('chromium', whole, small);
}

async function bundledForNode(name, build) {
  const file = await build(folder, 'main', join(folder, 'out', `${name} for Node`));
  return runtimes.node(folder, file);
}

async function devServer() {
  for (const name of ['page', 'small']) writePage(folder, `${name}.html`, { script: `/${name}.mjs`, type: 'module' });
  const vite = await viteDev(folder);
  try {
    const report = await pages('chromium', `${vite.url}/page.html`, `${vite.url}/small.html`);
    assert.ok(vite.bundled());
    return report;
  } finally {
    await vite.end();
  }
}

let application;

/** Next.js, built and started for the first row that asks. */
async function next() {
  application ??= runtimes.next(folder);
  const started = await application;
  ends.add(started.end);
  return started;
}

const nextRoute = async (path) => (await fetch((await next()).url + path)).json();

async function nextEdge() {
  const report = await nextRoute('/edge');
  // Where it is deployed, it cannot compile bytes; here it could.
  assert.equal((await next()).modules.length, 1);
  return report;
}

async function nextPage() {
  const { url } = await next();
  return pages('chromium', `${url}/page`, `${url}/small`);
}
