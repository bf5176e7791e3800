// The table of test suites. A suite is left out where its program is missing.
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root, which } from './setup/shell.mjs';
import { browserEnv, wasmEnv } from './setup.mjs';

// A cargo extension of another toolchain than cargo itself would not understand its output.
const cargoHas = (extension, path) => {
  const [cargo, tool] = [which('cargo', path), which(extension, path)];
  return cargo !== undefined && tool !== undefined && dirname(cargo) === dirname(tool);
};

const RUST = [
  { name: 'format', when: () => cargoHas('cargo-fmt'), command: () => ['cargo', 'fmt', '--check', '--', 'examples/rust/src/main.rs'] },
  {
    name: 'clippy', when: () => cargoHas('cargo-clippy'),
    command: () => ['cargo', 'clippy', '--all-targets', '--', '-D', 'warnings'],
  },
  {
    name: 'clippy-web', when: () => cargoHas('cargo-clippy', wasmEnv().PATH),
    command: () => ['cargo', 'clippy', '--lib', '--test', 'web', '--target', 'wasm32-unknown-unknown', '--', '-D', 'warnings'],
    env: wasmEnv, needsPackage: true,
  },
  { name: 'deny', command: () => [process.execPath, join(root, 'scripts', 'deny.mjs')] },
  {
    // Fuzzing goes on for a minute each where nobody waits for it.
    name: 'rust', command: () => ['cargo', 'test'],
    env: () => ({ ...process.env, ...(process.env.CI && { FUZZ_SECONDS: process.env.FUZZ_SECONDS ?? '60' }) }),
  },
  web('chromium', 'chrome', 'CHROMEDRIVER'),
  web('firefox', 'firefox', 'GECKODRIVER'),
];

/** The suite that runs tests/web.rs in a browser. */
function web(name, browser, variable) {
  return {
    name: `web-${name}`, needsPackage: true, needsEmulator: true,
    // Without --test, the native tests would be built for wasm too.
    command: () => ['wasm-pack', 'test', '--headless', `--${browser}`, `--${variable.toLowerCase()}`, browserEnv()[variable],
      '--mode', 'no-install', '.', '--test', 'web'],
    env: () => {
      const env = { ...wasmEnv(), WASM_BINDGEN_TEST_TIMEOUT: '120' };
      // Where several drivers are named, the runner takes Firefox's, whichever browser was asked for.
      for (const other of Object.keys(env)) if (/DRIVER(_REMOTE)?$/.test(other)) delete env[other];
      return { ...env, [variable]: browserEnv()[variable] };
    },
  };
}

/** Every suite there is: the rows above, and one for each folder of tests/ and tests/js/ with *.test.mjs files. */
export function suites() {
  const kinds = ['tests', 'tests/js'].flatMap((parent) => readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'js')
    .map(({ name }) => ({ name, files: testFiles(join(root, parent, name)) })))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...RUST.filter((suite) => suite.when?.() ?? true),
    ...kinds.filter(({ files }) => files.length > 0).map(({ name, files }) => ({
      name, command: () => nodeTest(files), env: () => ({ ...process.env, ...browserEnv() }), needsPackage: true,
      needsPage: name === 'page',
    })),
  ];
}

const testFiles = (folder) => readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.mjs') && !name.includes('node_modules'))
  .map((name) => relative(root, join(folder, name))).sort();

function nodeTest(files) {
  // Named, as which reporter is the default depends on Node's version.
  const reporter = process.stdout.isTTY ? 'spec' : 'tap';
  return [process.execPath, '--test', `--test-reporter=${reporter}`, ...files];
}
