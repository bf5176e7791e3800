// The Rust that builds for WebAssembly: the one on PATH where it has the target's standard library, or else Debian's.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hasApt } from './apt.mjs';
import { PACKAGES, buildStd, isBuilt, useDebian } from './debian-std.mjs';
import { SetupError, capture, root, run, say, which } from './shell.mjs';

const TARGET = 'wasm32-unknown-unknown';
const PROBE = ['-', '--target', TARGET, '--crate-type', 'lib', '--emit', 'metadata=-'];

let builds = false;

/** Whether the Rust on PATH builds an empty library for the target. */
function ownBuilds() {
  builds ||= capture('rustc', PROBE) !== undefined;
  return builds;
}

/** The environment in which cargo, clippy and wasm-pack build for WebAssembly. */
export function toolchainEnv() {
  const env = { ...process.env, CARGO_TARGET_DIR: join(root, 'target') };
  const flags = ownBuilds() || !isBuilt() ? [] : useDebian(env);
  const sysroot = capture('rustc', ['--print', 'sysroot'], { env });
  const paths = [...withoutCratePaths(), `--remap-path-prefix=${sysroot}=rust`];
  env.CARGO_ENCODED_RUSTFLAGS = [...flags, ...paths].join('\x1f');
  return env;
}

/** Flags for rustc: a panic's message names its source file, and folders of this machine are not published. */
function withoutCratePaths() {
  const names = existsSync(sources()) ? readdirSync(sources()) : [];
  return names.map((name) => `--remap-path-prefix=${join(sources(), name)}=crates`);
}

const sources = () => join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry', 'src');

/** First half of set-up, before packages are installed: tries rustup, and returns the Debian packages that are needed. */
export function packagesForWasm() {
  if (ownBuilds() || isBuilt()) return [];
  if (which('rustup')) {
    say(`rustup target add ${TARGET} (usually 10 seconds; given up after 2 minutes)`);
    try {
      run('rustup', ['target', 'add', TARGET], { timeout: 120_000 });
    } catch {
      console.log("rustup could not add it; going on with Debian's Rust");
    }
    if (ownBuilds()) return [];
  }
  if (hasApt()) return PACKAGES;
  throw new SetupError(
    `Rust's standard library for ${TARGET} is missing. Install Rust with rustup (https://rustup.rs), ` +
    `then run: rustup target add ${TARGET}`,
  );
}

/** Second half, after packages are installed. */
export function installWasmTarget() {
  // The folders of the crates' sources must be known before the first build, or the second one would start over.
  if (!existsSync(sources())) run('cargo', ['fetch', '--locked']);
  if (!ownBuilds() && !isBuilt()) buildStd(withoutCratePaths());
}
