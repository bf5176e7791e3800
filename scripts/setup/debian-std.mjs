// Rust's standard library for WebAssembly where Debian's Rust is the only one to be had: Debian packages the library's
// source alone. This script builds it once, in the user's cache folder; it writes nothing into a folder of the system.
// It is the only place that uses unstable features (RUSTC_BOOTSTRAP, -Zbuild-std). The package itself needs neither.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError, cache, capture, run, say } from './shell.mjs';

export const PACKAGES = ['rustc-web', 'cargo-web', 'rust-web-src', 'lld-22'];
const TARGET = 'wasm32-unknown-unknown';
const BIN = '/usr/bin';
const RUSTC = join(BIN, 'rustc');
const SOURCE = '/usr/lib/rustlib/src/rust/library';

/** The folder for this very version of Debian's rustc, which rustc takes as its sysroot; undefined without Debian's rustc. */
function sysroot() {
  const status = capture('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Version}', PACKAGES[0]]) ?? '';
  const [state, version] = status.split(' ');
  return state === 'installed' ? join(cache, `wasm-std-${version}`) : undefined;
}

/** Whether the library was built for the version of rustc that is installed. */
export function isBuilt() {
  const folder = sysroot();
  return folder !== undefined && existsSync(folder);
}

/** Makes Debian's Rust the one that cargo uses in this environment; returns the flags that rustc needs. */
export function useDebian(env) {
  env.PATH = BIN + delimiter + env.PATH;
  for (const name of ['RUSTC', 'RUSTDOC', 'RUSTUP_TOOLCHAIN']) delete env[name];
  return [`--sysroot=${sysroot()}`, '-Clinker=/usr/lib/llvm-22/bin/wasm-ld'];
}

/** Builds the library beside its place and renames the folder, so that an interrupted run leaves nothing half made. */
export function buildStd(flags) {
  const place = sysroot();
  if (!place || !existsSync(SOURCE)) throw new SetupError(`install these packages: ${PACKAGES.join(' ')}`);
  say(`building Rust's standard library for ${TARGET} in ${place} (once, usually 70 seconds)`);
  const unfinished = `${place}.${process.pid}`;
  const libraries = join(unfinished, 'lib', 'rustlib', TARGET, 'lib');
  const project = join(unfinished, 'project');
  try {
    for (const folder of [libraries, join(project, 'src')]) mkdirSync(folder, { recursive: true });
    const manifest = '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n';
    writeFileSync(join(project, 'Cargo.toml'), manifest);
    writeFileSync(join(project, 'src', 'lib.rs'), '');
    const built = join(compile(project, flags), TARGET, 'release', 'deps');
    for (const name of readdirSync(built).filter((file) => /^lib(?!empty-).*\.rlib$/.test(file))) {
      renameSync(join(built, name), join(libraries, name));
    }
    rmSync(project, { recursive: true });
    rmSync(place, { recursive: true, force: true });
    renameSync(unfinished, place);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Returns cargo's target folder. */
function compile(project, flags) {
  const target = join(project, 'target');
  const env = {
    ...process.env,
    RUSTC,
    RUSTC_BOOTSTRAP: '1',
    // Bitcode lets the package's link-time optimisation work across the library.
    CARGO_ENCODED_RUSTFLAGS: ['-Cembed-bitcode=yes', '--remap-path-prefix=/usr=rust', ...flags].join('\x1f'),
    CARGO_TARGET_DIR: target,
  };
  // Tests need the crate `test`.
  const parts = '-Zbuild-std=std,panic_abort,test';
  run(join(BIN, 'cargo'), ['build', '--release', '--target', TARGET, parts], { cwd: project, env });
  return target;
}
