// A Rust toolchain that can build for wasm32-unknown-unknown: the user's own, or else Debian's.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { hasApt } from './apt.mjs';
import { SetupError, capture, root, run, runAsRoot, say, which } from './shell.mjs';

const TARGET = 'wasm32-unknown-unknown';
const LINKER = 'lld-22';
const PACKAGES = ['rustc-web', 'cargo-web', 'rust-web-src', LINKER];
const DEBIAN = '/usr/bin';
const FLAGS = 'CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS';
// A panic ends the instance whatever it says; its messages, and all that writes them, would be a tenth of the package.
const SMALL_PANICS = ['-Zunstable-options', '-Cpanic=immediate-abort', '-Zlocation-detail=none'];
// Functions of a few statements are inlined by rustc, which leaves that to LLVM alone where it optimises for size.
const INLINE_SMALLEST = ['-Zinline-mir', '-Zinline-mir-threshold=15', '-Zinline-mir-hint-threshold=15'];
// rustc-web has no standard library for wasm, so we build it; this file says for which rustc.
const STAMP = 'built-for';

let found;

/** The toolchain to build with: {bin: folder to put first in PATH, or undefined for the default}. */
function toolchain() {
  found ??= ownToolchain() ?? debianToolchain();
  return found;
}

function ownToolchain() {
  const libraries = libraryFolder('rustc');
  return libraries && !isDebian() && hasStd(libraries) && hasSource('rustc') ? { bin: undefined } : undefined;
}

function debianToolchain() {
  const rustc = join(DEBIAN, 'rustc');
  const libraries = existsSync(rustc) && libraryFolder(rustc);
  if (!libraries || !hasStd(libraries) || !hasSource(rustc)) return undefined;
  const stamp = join(libraries, STAMP);
  // Without a stamp it came from a package, which keeps the two in step.
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') !== capture(rustc, ['-vV'])) return undefined;
  return { bin: DEBIAN };
}

const isDebian = () => which('rustc') === join(DEBIAN, 'rustc');
const libraryFolder = (rustc) => capture(rustc, ['--print', 'target-libdir', '--target', TARGET]);
const hasStd = (folder) => existsSync(folder) && readdirSync(folder).some((name) => /^libstd-.*\.rlib$/.test(name));

/** Whether std's source is there, and rustc can build it so that a panic is one instruction. */
function hasSource(rustc) {
  const sysroot = capture(rustc, ['--print', 'sysroot']);
  if (!sysroot || !existsSync(join(sysroot, 'lib', 'rustlib', 'src', 'rust', 'library', 'Cargo.toml'))) return false;
  const env = { ...process.env, RUSTC_BOOTSTRAP: '1' };
  return capture(rustc, [...SMALL_PANICS, ...INLINE_SMALLEST, '--print', 'cfg'], { env }) !== undefined;
}

/** The environment in which cargo and wasm-pack build for wasm. */
export const toolchainEnv = () => wasmFlags();

function wasmFlags(...flags) {
  // RUSTFLAGS would take the place of the flags in .cargo/config.toml; these are added to them.
  const { RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS, [FLAGS]: own, ...env } = process.env;
  env.CARGO_TARGET_DIR = join(root, 'target', 'web');
  const given = [RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS?.replaceAll('\x1f', ' '), own];
  env[FLAGS] = [...given, ...shortPaths(), ...flags].filter(Boolean).join(' ');
  const bin = toolchain()?.bin;
  if (bin) {
    env.PATH = bin + delimiter + env.PATH;
    for (const name of ['RUSTC', 'RUSTDOC', 'RUSTUP_TOOLCHAIN']) delete env[name];
  }
  return env;
}

/** What cargo needs besides to build the package: std is built with it, as small as it can be. */
export function packageBuild() {
  const sysroot = capture('rustc', ['--print', 'sysroot'], { env: wasmFlags() });
  const library = join(sysroot, 'lib', 'rustlib', 'src', 'rust', 'library');
  const env = wasmFlags(...SMALL_PANICS, ...INLINE_SMALLEST, `--remap-path-prefix=${library}=`);
  // These flags of rustc and cargo are not stable yet.
  env.RUSTC_BOOTSTRAP = '1';
  env.CARGO_TARGET_DIR = join(root, 'target', 'package');
  const args = ['--features', 'small-allocator', '-Zbuild-std=std', '-Zbuild-std-features=optimize_for_size'];
  return { env, args };
}

/** A panic carries the path of its source: of no use in the package, and different on every machine. */
function shortPaths() {
  const sources = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry', 'src');
  // The flags must be the same from the first build on, or everything would be built again.
  if (!existsSync(sources)) run('cargo', ['fetch', '--locked']);
  const crates = readdirSync(sources).map((name) => join(sources, name));
  return [...crates, root].map((folder) => `--remap-path-prefix=${folder}=`);
}

/** First half, before packages are installed: tries rustup; tells which Debian packages are needed. */
export function packagesForWasm() {
  if (toolchain()) return [];
  if (which('rustup')) {
    say(`adding to your Rust toolchain: ${TARGET} and rust-src (usually 10 seconds; given up after 2 minutes)`);
    try {
      run('rustup', ['target', 'add', TARGET], { timeout: 120_000 });
      run('rustup', ['component', 'add', 'rust-src'], { timeout: 120_000 });
    } catch {
      console.log("rustup could not add them; going on with the system's packages");
    }
    if (toolchain()) return [];
    const libraries = libraryFolder('rustc');
    if (libraries && hasStd(libraries) && !isDebian()) throw new SetupError('rustc is too old; run: rustup update');
  }
  if (hasApt()) return PACKAGES;
  throw new SetupError(
    `Rust's standard library for ${TARGET}, its source, or a rustc that is new enough is missing. Install Rust with ` +
    `rustup (https://rustup.rs), then run: rustup update; rustup target add ${TARGET}; rustup component add rust-src`,
  );
}

/** Second half: builds the standard library for Debian's rustc, if that is what we build with. */
export function installWasmTarget() {
  if (toolchain()) return;
  const rustc = join(DEBIAN, 'rustc');
  const libraries = libraryFolder(rustc);
  if (!libraries) throw new SetupError(`${rustc} is missing; it comes with the package rustc-web`);
  if (!hasSource(rustc)) {
    throw new SetupError(`${rustc} is too old, or without its source; run: apt-get install ${PACKAGES.join(' ')}`);
  }
  say(`building Rust's standard library for ${TARGET}, once (usually 70 seconds)`);
  console.log(`changing this system: it goes to ${libraries}`);
  const folder = mkdtempSync(join(tmpdir(), 'wasm-std-'));
  try {
    const built = buildStd(folder, rustc);
    const stamp = join(folder, STAMP);
    writeFileSync(stamp, capture(rustc, ['-vV']));
    runAsRoot('rm', ['-rf', libraries]);
    runAsRoot('mkdir', ['-p', libraries]);
    runAsRoot('install', ['-m', '644', ...built, stamp, libraries]);
    linkLinker(rustc);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (!toolchain()) throw new SetupError(`${rustc} still has no standard library for ${TARGET}`);
}

function buildStd(folder, rustc) {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'lib.rs'), '');
  const manifest = '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n';
  writeFileSync(join(folder, 'Cargo.toml'), manifest);
  const env = {
    ...process.env,
    RUSTC: rustc,
    RUSTC_BOOTSTRAP: '1',
    // Bitcode lets release builds use link-time optimisation across std.
    RUSTFLAGS: '-Cembed-bitcode=yes',
    CARGO_TARGET_DIR: join(folder, 'target'),
  };
  const args = ['build', '--release', '--target', TARGET, '-Zbuild-std=std,panic_abort,test'];
  run(join(DEBIAN, 'cargo'), args, { cwd: folder, env });
  const built = join(folder, 'target', TARGET, 'release', 'deps');
  return readdirSync(built)
    .filter((name) => /^lib.*\.rlib$/.test(name) && !name.startsWith('libempty-'))
    .map((name) => join(built, name));
}

function linkLinker(rustc) {
  const host = /^host: (.*)$/m.exec(capture(rustc, ['-vV']))[1];
  const linker = join(capture(rustc, ['--print', 'sysroot']), 'lib', 'rustlib', host, 'bin', 'rust-lld');
  // rust-lld is called by its name plus "-flavor wasm", which only LLVM's generic lld understands.
  const lld = join('/usr/lib', LINKER.replace('lld', 'llvm'), 'bin', 'lld');
  runAsRoot('mkdir', ['-p', dirname(linker)]);
  runAsRoot('ln', ['-sf', lld, linker]);
}
