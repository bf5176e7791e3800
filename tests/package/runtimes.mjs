// The runtimes that are no browsers: each runs the project's program and answers with its report.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { text } from 'node:stream/consumers';
import * as esbuild from 'esbuild';
import { output, startServer } from './processes.mjs';
import { program, script } from './tools.mjs';

/** A program that prints its report. */
export async function run(folder, command, ...args) {
  const env = { ...process.env, DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' };
  return JSON.parse(await output(command, args, { cwd: folder, env }));
}

// Node before 20.19 cannot require() an ES module, so that newer ones must not have to.
const REQUIRE = '--experimental-require-module';
const OLD = process.allowedNodeEnvironmentFlags.has(REQUIRE) ? [REQUIRE.replace('--', '--no-')] : [];

export const node = (folder, file) => run(folder, process.execPath, ...OLD, file);
// Without permissions: nothing is read but modules.
export const deno = (folder, file) => run(folder, program('deno'), 'run', '--no-prompt', file);
export const bun = (folder, file) => run(folder, program('bun', 'bin'), file);

export async function thread(folder, file) {
  const worker = new Worker(join(folder, file), { stdout: true });
  return JSON.parse(await text(worker.stdout));
}

/** A test under Vitest, in one of its environments. */
export async function vitest(folder, environment) {
  const report = join(folder, `vitest-${environment}.json`);
  const config = { test: { include: ['vitest.mjs'], environment } };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  const cli = script('vitest', 'vitest.mjs');
  await output(process.execPath, [cli, 'run', '--root', folder], { cwd: folder, env: { ...process.env, REPORT: report } });
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** workerd as wrangler uses it: what is bundled for it imports the wasm as a module. */
export async function workerd(folder, entry) {
  const { url, end } = await startWorkerd(join(folder, entry), join(folder, 'workerd'));
  try {
    const ask = async () => (await fetch(url)).json();
    // Several at once, as nothing may be shared between requests there.
    const [first, ...others] = [...await Promise.all([ask(), ask(), ask()]), await ask()];
    const failed = others.flatMap(({ results }) => results).filter(({ outcome }) => outcome !== 'ok');
    return { ...first, results: [...first.results, ...failed] };
  } finally {
    await end();
  }
}

/**
 * Bundles a worker into the folder `out`, and serves it. `variables` are its bindings, `objects` the classes of its durable objects,
 * each bound under its name, kept in memory, or in the folder `disk`. Resolves to {url, end()}.
 */
export async function startWorkerd(entry, out, options = {}) {
  const { variables = {}, objects = [], disk, date = '2025-01-01', flags = [], port = 0 } = options;
  await esbuild.build({
    entryPoints: [entry], outfile: join(out, 'worker.js'), bundle: true, format: 'esm',
    conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' }, external: ['cloudflare:*'], logLevel: 'error',
  });
  const modules = readdirSync(out).filter((name) => /\.(js|wasm)$/.test(name)).map((name) =>
    `(name = "${name}", ${name.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed "${name}")`);
  // The first module is the one that answers.
  modules.sort((a, b) => Number(b.includes('esModule')) - Number(a.includes('esModule')));
  const bindings = [
    ...Object.entries(variables).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`),
    ...objects.map((name) => `(name = "${name}", durableObjectNamespace = "${name}")`),
  ];
  const worker = [
    `compatibilityDate = "${date}"`, `compatibilityFlags = ${JSON.stringify(flags)}`, `modules = [${modules.join(', ')}]`,
    `bindings = [${bindings.join(', ')}]`,
    ...(objects.length > 0 ? [
      `durableObjectNamespaces = [${objects.map((name) => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`).join(', ')}]`,
      `durableObjectStorage = (${disk ? 'localDisk = "disk"' : 'inMemory = void'})`,
    ] : []),
  ];
  // Where it fetches from is on this machine.
  writeFileSync(join(out, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "check", worker = (${worker.join(', ')})),
    ${disk ? `(name = "disk", disk = (path = ${JSON.stringify(disk)}, writable = true)),` : ''}
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "check")],
);
`);
  const { found, end } = await startServer(
    program('workerd', 'bin'), ['serve', 'config.capnp', '--control-fd=3'], /"port":\s*(\d+)/,
    { cwd: out, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  return { url: `http://127.0.0.1:${found}/`, end };
}

/** Builds and starts the project's Next.js application. Resolves to {url, modules (of wasm, in its edge route), end()}. */
export async function next(folder) {
  const cli = script('next', 'dist', 'bin', 'next');
  const options = { cwd: folder, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } };
  await output(process.execPath, [cli, 'build', 'next'], options);
  const server = await startServer(process.execPath, [cli, 'start', 'next', '-p', '0', '-H', '127.0.0.1'],
    /(http:\/\/127\.0\.0\.1:\d+)/, options);
  const manifest = readFileSync(join(folder, 'next', '.next', 'server', 'middleware-manifest.json'), 'utf8');
  return { url: server.found, modules: JSON.parse(manifest).functions['/edge/route'].wasm, end: server.end };
}
