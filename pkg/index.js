// Browsers, bundlers, Deno, and runtimes without an entry of their own: the core is inlined.
import { start } from './start.js';
import bytes from './wasm/inline.js';

start(new WebAssembly.Module(bytes));

export * from './api.js';
