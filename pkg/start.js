// Gives the compiled core its imports; every entry calls it once.
import * as core from './wasm/core_bg.js';

export function start(module) {
  const { exports } = new WebAssembly.Instance(module, { './core_bg.js': core });
  core.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}
