// An instance of our own, as the entries keep theirs to themselves.
import { readFileSync } from 'node:fs';

const folder = new URL('node_modules/canvas-lms-tokens/wasm/', import.meta.url);
export const core = await import(new URL('core_bg.js', folder));
const module = new WebAssembly.Module(readFileSync(new URL('core_bg.wasm', folder)));
export const { exports } = new WebAssembly.Instance(module, { './core_bg.js': core });
core.__wbg_set_wasm(exports);
exports.__wbindgen_start();
