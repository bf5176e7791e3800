// npm test: makes ready, builds, runs every suite and sums up. npm test -- NAME... runs only those suites.
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { serveEmulator } from './serve.mjs';
import { SetupError, exitWith, root, say } from './setup/shell.mjs';
import { setup } from './setup.mjs';
import { suites } from './suites.mjs';

// One port every time: the address is compiled into the web tests, and another one recompiles them.
const EMULATOR_PORT = 8931;
const LIMIT = 20 * 60_000;

let emulator;

await exitWith(async () => {
  const wanted = choose(process.argv.slice(2));
  const results = [];
  let built = true;
  if (wanted.some((suite) => suite.needsPackage)) {
    setup('test');
    built = await timed(results, 'build', async () => {
      await build();
      return true;
    });
  }
  for (const suite of wanted) {
    // Asked again, as set-up may have changed which toolchain builds for wasm.
    if (suite.when?.() === false) continue;
    if (suite.needsPackage && !built) results.push({ name: suite.name, outcome: 'FAILED (not built)', seconds: 0 });
    else await timed(results, suite.name, () => runSuite(suite));
  }
  await emulator?.close();
  return summary(results);
});

function choose(names) {
  const all = suites();
  for (const name of names) {
    if (!all.some((suite) => suite.name === name)) {
      throw new SetupError(`there is no suite "${name}"; there are: ${all.map((suite) => suite.name).join(', ')}`);
    }
  }
  return names.length === 0 ? all : all.filter((suite) => names.includes(suite.name));
}

/** Starts the emulator for the first suite that needs it; the others share it. */
async function emulatorUrl() {
  emulator ??= await serveEmulator({ port: EMULATOR_PORT, cors: true });
  return emulator.url;
}

async function timed(results, name, work) {
  const start = performance.now();
  let ok = false;
  try {
    ok = await work();
  } catch (error) {
    console.error(error instanceof SetupError ? `error: ${error.message}` : error);
  }
  results.push({ name, outcome: ok ? 'ok' : 'FAILED', seconds: (performance.now() - start) / 1000 });
  return ok;
}

/** Resolves to whether the suite passed. */
async function runSuite({ name, command, env, needsEmulator }) {
  const [program, ...args] = command();
  say(`${name}: ${[program, ...args].join(' ')}`);
  const suiteEnv = { ...(env?.() ?? process.env) };
  if (needsEmulator) suiteEnv.CANVAS_EMULATOR_URL = await emulatorUrl();
  return new Promise((done, failed) => {
    const child = spawn(program, args, {
      cwd: root, env: suiteEnv, stdio: ['ignore', 'inherit', 'inherit'], timeout: LIMIT,
    });
    child.on('error', failed);
    child.on('close', (code) => done(code === 0));
  });
}

function summary(results) {
  console.log('\nsuite            result    seconds');
  for (const { name, outcome, seconds } of results) {
    console.log(`${name.padEnd(16)} ${outcome.padEnd(8)} ${seconds.toFixed(1).padStart(8)}`);
  }
  const failed = results.filter(({ outcome }) => outcome !== 'ok');
  const suitesRun = results.filter(({ name }) => name !== 'build').length;
  if (failed.length === 0) {
    console.log(`\nall ${suitesRun} suites passed`);
    return 0;
  }
  console.log(`\nFAILED: ${failed.map(({ name }) => name).join(', ')}`);
  return 1;
}
