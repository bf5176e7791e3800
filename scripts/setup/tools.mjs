// Command line tools that cargo makes from their published source, kept in the user's cache folder for all clones.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache, capture, root, run, say, which } from './shell.mjs';
import { toolchainEnv } from './wasm-target.mjs';

const TOOLS = {
  // This one publishes no lock file that can be used, hence not --locked.
  'wasm-bindgen': { crate: 'wasm-bindgen-cli', version: versionOfCrate('wasm-bindgen'), flags: [], usually: '2-3 minutes' },
  'wasm-pack': { crate: 'wasm-pack', version: '0.15.1', flags: ['--locked'], usually: '2-3 minutes' },
  geckodriver: { crate: 'geckodriver', version: '0.37.1', flags: ['--locked'], usually: '1-2 minutes' },
  'cargo-deny': { crate: 'cargo-deny', version: '0.20.2', flags: ['--locked'], usually: '3-5 minutes' },
};

// These tools work for a second at a time: making them quickly matters more than their speed.
const QUICK = ['opt-level=1', 'lto=false', 'codegen-units=16', 'debug=false']
  .flatMap((setting) => ['--config', `profile.release.${setting}`]);

/** The environment for building for WebAssembly and for wasm-pack's tests: toolchain and tools on PATH. */
export function wasmEnv() {
  const env = toolchainEnv();
  const folders = Object.keys(TOOLS).map(binOf).filter((folder) => existsSync(folder));
  env.PATH = [...folders, env.PATH].join(delimiter);
  return env;
}

/** Makes those of the tools that are not there in the version wanted. */
export function installTools(names) {
  for (const name of names) if (!which(name, binOf(name)) && versionOnPath(name) !== TOOLS[name].version) make(name);
}

const home = (name) => join(cache, `${TOOLS[name].crate}-${TOOLS[name].version}`);
const binOf = (name) => join(home(name), 'bin');
const versionOnPath = (name) => /\d+\.\d+\.\d+/.exec(capture(name, ['--version']) ?? '')?.[0];

function make(name) {
  const { crate, version, flags, usually } = TOOLS[name];
  say(`making ${crate} ${version} in ${home(name)} (once, usually ${usually})`);
  // Made beside its place and renamed, so that an interrupted run leaves nothing half made.
  const unfinished = `${home(name)}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  const { CARGO_TARGET_DIR, ...env } = process.env;
  try {
    const what = [crate, '--version', version, ...flags, '--root', unfinished, '--no-track', '--quiet'];
    run('cargo', ['install', ...what, ...QUICK], { env });
    rmSync(home(name), { recursive: true, force: true });
    renameSync(unfinished, home(name));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The tool must be of exactly the version of the crate that the package is built with. */
function versionOfCrate(name) {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  return new RegExp(`name = "${name}"\\r?\\nversion = "([^"]+)"`).exec(lock)[1];
}
