// The table of test suites. A row whose files are not there is left out.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root, which } from './setup/shell.mjs';
import { browserEnv, wasmEnv } from './setup.mjs';

const here = (path) => existsSync(join(root, path));
// A cargo extension of another toolchain than cargo itself would not understand its output.
const cargoHas = (extension, path) => {
  const [cargo, tool] = [which('cargo', path), which(extension, path)];
  return cargo !== undefined && tool !== undefined && dirname(cargo) === dirname(tool);
};

const RUST = [
  {
    name: 'format', when: () => cargoHas('cargo-fmt'),
    command: () => ['cargo', 'fmt', '--check'],
  },
  {
    name: 'clippy', when: () => cargoHas('cargo-clippy'),
    command: () => ['cargo', 'clippy', '--all-targets', '--', '-D', 'warnings'],
  },
  {
    name: 'clippy-web', when: () => cargoHas('cargo-clippy', wasmEnv().PATH),
    command: () => ['cargo', 'clippy', '--lib', '--target', 'wasm32-unknown-unknown', '--', '-D', 'warnings'],
    env: wasmEnv, needsPackage: true,
  },
  // Fuzzing goes on for a minute each where nobody waits for it.
  {
    name: 'rust', command: () => ['cargo', 'test'],
    env: () => ({ ...process.env, ...(process.env.CI && { FUZZ_SECONDS: process.env.FUZZ_SECONDS ?? '60' }) }),
  },
  {
    name: 'web-chromium', when: () => here('tests/web.rs'),
    command: () => wasmPack('--chrome', '--chromedriver', browserEnv().CHROMEDRIVER),
    env: () => webEnv('CHROMEDRIVER'), needsPackage: true, needsEmulator: true,
  },
  {
    name: 'web-firefox', when: () => here('tests/web.rs'),
    command: () => wasmPack('--firefox', '--geckodriver', browserEnv().GECKODRIVER),
    env: () => webEnv('GECKODRIVER'), needsPackage: true, needsEmulator: true,
  },
];

// Without --test, the native tests would be built for wasm too.
function wasmPack(...browser) {
  return ['wasm-pack', 'test', '--headless', ...browser, '--mode', 'no-install', '.', '--test', 'web'];
}

function webEnv(driver) {
  const env = { ...wasmEnv(), WASM_BINDGEN_TEST_TIMEOUT: '120' };
  // Where several drivers are named, the runner takes Firefox's, whichever browser was asked for.
  for (const name of Object.keys(env)) if (/DRIVER(_REMOTE)?$/.test(name)) delete env[name];
  return { ...env, [driver]: browserEnv()[driver] };
}

const nodeEnv = () => ({ ...process.env, ...browserEnv() });

/**
 * Every suite there is: the rows above, and one for each folder of tests/ and tests/js/ with *.test.js or *.test.mjs files.
 */
export function suites() {
  return [
    ...RUST.filter((suite) => here('Cargo.toml') && (suite.when?.() ?? true)),
    ...kinds().map(({ name, files }) => ({ name, command: () => nodeTest(files), env: nodeEnv, needsPackage: true })),
  ];
}

function kinds() {
  const folders = (parent) => readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'js')
    .map(({ name }) => ({ name, files: testFiles(join(root, parent, name)) }));
  return ['tests', 'tests/js'].filter(here).flatMap(folders)
    .filter(({ files }) => files.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(path);
    return /\.test\.[cm]?js$/.test(entry.name) ? [relative(root, path)] : [];
  }).sort();
}

function nodeTest(files) {
  // Spelt out, as which reporter and which files are the default depends on Node's version.
  const reporter = process.stdout.isTTY ? 'spec' : 'tap';
  return [process.execPath, '--test', `--test-reporter=${reporter}`, ...files];
}
