// npm test: makes ready, builds, runs every suite and sums up. npm test -- NAME... runs only those suites.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from './build.mjs';
import { serveEmulator } from './serve.mjs';
import { SetupError, exitWith, root, say } from './setup/shell.mjs';
import { setup } from './setup.mjs';
import { suites } from './suites.mjs';
import { buildPage } from './www.mjs';

// One port every time: the address is compiled into the web tests, and another one recompiles them.
const EMULATOR_PORT = 8931;
const LIMIT = 20 * 60_000;

let emulator;
const results = [];

await exitWith(async () => {
  const wanted = choose(process.argv.slice(2));
  let built = true;
  if (wanted.some((suite) => suite.needsPackage)) {
    setup('test');
    built = await timed('build', () => build().then(() => true));
    if (built && wanted.some((suite) => suite.needsPage)) built = await timed('build:www', () => buildPage().then(() => true));
  }
  for (const suite of wanted) {
    // Asked again, as set-up may have changed which toolchain builds for wasm.
    if (suite.when?.() === false) continue;
    await timed(suite.name, () => (built || !suite.needsPackage) && runSuite(suite));
  }
  await emulator?.close();
  return summary();
});

function choose(names) {
  const all = suites();
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown) throw new SetupError(`there is no suite "${unknown}"; there are: ${all.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** Adds to the results whether the work resolved to true, and how long it took. */
async function timed(name, work) {
  const start = performance.now();
  let ok = false;
  try {
    ok = await work();
  } catch (error) {
    console.error(error instanceof SetupError ? `error: ${error.message}` : error);
  }
  results.push({ name, ok, seconds: (performance.now() - start) / 1000 });
  return ok;
}

/** Resolves to whether the suite passed. */
async function runSuite({ name, command, env, needsEmulator }) {
  const [program, ...args] = command();
  say(`${name}: ${[program, ...args].join(' ')}`);
  const suiteEnv = { ...(env?.() ?? process.env) };
  if (needsEmulator) {
    // Started for the first suite that needs it; the others share it.
    emulator ??= await serveEmulator({ port: EMULATOR_PORT, cors: true });
    suiteEnv.CANVAS_EMULATOR_URL = emulator.url;
  }
  const options = { cwd: root, env: suiteEnv, stdio: ['ignore', 'inherit', 'inherit'], timeout: LIMIT };
  const [code] = await once(spawn(program, args, options), 'close');
  return code === 0;
}

function summary() {
  console.log('\nsuite            result    seconds');
  for (const { name, ok, seconds } of results) {
    console.log(`${name.padEnd(16)} ${(ok ? 'ok' : 'FAILED').padEnd(8)} ${seconds.toFixed(1).padStart(8)}`);
  }
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  const suitesRun = results.filter(({ name }) => !name.startsWith('build')).length;
  console.log(failed.length > 0 ? `\nFAILED: ${failed.join(', ')}` : `\nall ${suitesRun} suites passed`);
  return failed.length > 0 ? 1 : 0;
}
