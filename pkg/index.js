// Browsers, bundlers, and runtimes without an entry of their own: the core is inlined.
import { start } from './start.js';
import wasm from './wasm/inline.js';

start(new WebAssembly.Module(Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0))));

export * from './api.js';
