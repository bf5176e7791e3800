// Command line tools that cargo makes from their published source, kept in the user's cache folder for all clones.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache, capture, root, run, say, which } from './shell.mjs';
import { packageBuild, toolchainEnv } from './wasm-target.mjs';

// The tool must be of exactly the crate's version; this one serves until there is a Cargo.lock.
const WASM_BINDGEN = '0.2.130';

const TOOLS = {
  // Its own lock file is not published in a usable state, hence not --locked.
  'wasm-bindgen': { crate: 'wasm-bindgen-cli', version: lockedWasmBindgen, flags: [], usually: '2-3 minutes' },
  'wasm-pack': { crate: 'wasm-pack', version: () => '0.15.1', flags: ['--locked'], usually: '2-3 minutes' },
  geckodriver: { crate: 'geckodriver', version: () => '0.37.1', flags: ['--locked'], usually: '1-2 minutes' },
};

// These tools work for a second at a time: making them quickly matters more than their speed.
const QUICK = [
  '--config', 'profile.release.opt-level=1',
  '--config', 'profile.release.lto=false',
  '--config', 'profile.release.codegen-units=16',
  '--config', 'profile.release.debug=false',
];

const places = new Map();

/** Makes those of the tools that are not there in the version wanted. */
export function installTools(names) {
  for (const name of names) if (!folderOf(name)) make(name);
}

/** The environment for building for wasm and for wasm-pack's tests: toolchain and tools on PATH. */
export const wasmEnv = () => withTools(toolchainEnv());

/** The same for the package itself, and cargo's arguments for it. */
export function packageEnv() {
  const { env, args } = packageBuild();
  return { env: withTools(env), args };
}

function withTools(env) {
  // Our own folders alone: where a tool is on PATH already, another cargo may stand beside it.
  const ours = Object.keys(TOOLS).map((name) => join(home(name), 'bin')).filter((folder) => existsSync(folder));
  env.PATH = [...ours, env.PATH].join(delimiter);
  return env;
}

/** The folder a tool is in: ours, or the one on PATH where that has the right version. */
function folderOf(name) {
  if (places.has(name)) return places.get(name);
  const version = TOOLS[name].version();
  const ours = join(home(name), 'bin');
  let place = which(name, ours) && ours;
  if (!place) {
    const other = which(name);
    const reported = other && /\d+\.\d+\.\d+/.exec(capture(other, ['--version']) ?? '')?.[0];
    if (reported === version) place = join(other, '..');
  }
  if (place) places.set(name, place);
  return place;
}

const home = (name) => join(cache, `${TOOLS[name].crate}-${TOOLS[name].version()}`);

function make(name) {
  const { crate, version, flags, usually } = TOOLS[name];
  const target = home(name);
  // Made beside its place and renamed, so an interrupted run leaves nothing half made.
  const unfinished = `${target}.${process.pid}`;
  say(`making ${crate} ${version()} in ${target} (once, usually ${usually})`);
  mkdirSync(cache, { recursive: true });
  const env = { ...process.env };
  delete env.CARGO_TARGET_DIR;
  try {
    const what = [crate, '--version', version(), ...flags];
    run('cargo', ['install', ...what, '--root', unfinished, '--no-track', '--quiet', ...QUICK], { env });
    rmSync(target, { recursive: true, force: true });
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function lockedWasmBindgen() {
  const lock = join(root, 'Cargo.lock');
  const text = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
  return /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/.exec(text)?.[1] ?? WASM_BINDGEN;
}
