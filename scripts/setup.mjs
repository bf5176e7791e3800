// Makes a machine ready to build, or to run the tests: node scripts/setup.mjs [build|test]. What is there is skipped.
import { installPackages } from './setup/apt.mjs';
import { checkTestNeeds, packagesForTests } from './setup/browsers.mjs';
import { installNpmPackages } from './setup/npm.mjs';
import { SetupError, exitWith, isMain, which } from './setup/shell.mjs';
import { installTools } from './setup/tools.mjs';
import { installWasmTarget, packagesForWasm } from './setup/wasm-target.mjs';

export { browserEnv } from './setup/browsers.mjs';
export { wasmEnv } from './setup/tools.mjs';

const TOOLS = { build: ['wasm-bindgen'], test: ['wasm-bindgen', 'wasm-pack', 'geckodriver'] };

export function setup(purpose = 'build') {
  const tools = TOOLS[purpose];
  if (!tools) throw new SetupError(`"${purpose}" is not one of ${Object.keys(TOOLS).join(', ')}`);
  const compiler = process.platform === 'linux' && !which('cc') ? ['gcc', 'libc6-dev'] : [];
  const forTests = purpose === 'test' ? packagesForTests() : [];
  installPackages([...compiler, ...packagesForWasm(), ...forTests]);
  if (purpose === 'test') checkTestNeeds();
  installWasmTarget();
  installTools(tools);
  installNpmPackages();
}

if (isMain(import.meta.url)) await exitWith(() => setup(process.argv[2]));
