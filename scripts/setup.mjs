// Makes a machine ready: node scripts/setup.mjs [build|start|test]. What is there already is skipped.
import { installPackages } from './setup/apt.mjs';
import { checkTestNeeds, packagesForTests } from './setup/browsers.mjs';
import { installNpmPackages } from './setup/npm.mjs';
import { SetupError, exitWith, isMain, which } from './setup/shell.mjs';
import { installTools } from './setup/tools.mjs';
import { installWasmTarget, packagesForWasm } from './setup/wasm-target.mjs';

export { browserEnv } from './setup/browsers.mjs';
export { wasmEnv } from './setup/tools.mjs';

// Starting needs nothing that building does not.
const TOOLS = {
  build: ['wasm-bindgen'],
  start: ['wasm-bindgen'],
  test: ['wasm-bindgen', 'wasm-pack', 'geckodriver'],
};

/** Makes the machine ready to build, to start the demo, or to run the tests. */
export function setup(purpose = 'build') {
  if (!Object.hasOwn(TOOLS, purpose)) {
    throw new SetupError(`"${purpose}" is not one of ${Object.keys(TOOLS).join(', ')}`);
  }
  installPackages([
    ...(process.platform === 'linux' && !which('cc') ? ['gcc', 'libc6-dev'] : []),
    ...packagesForWasm(),
    ...(purpose === 'test' ? packagesForTests() : []),
  ]);
  if (purpose === 'test') checkTestNeeds();
  installWasmTarget();
  installTools(TOOLS[purpose]);
  installNpmPackages();
}

if (isMain(import.meta.url)) {
  await exitWith(() => setup(process.argv[2]));
}
