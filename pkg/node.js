// Node, and Bun as far as it is like it.
import { readFileSync } from 'node:fs';
import { start } from './start.js';

start(new WebAssembly.Module(readFileSync(new URL('./wasm/core_bg.wasm', import.meta.url))));

export * from './api.js';
