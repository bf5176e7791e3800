// For those who stream the core: the .wasm is a file of its own.
import { start } from './start.js';

start(await WebAssembly.compileStreaming(fetch(new URL('./wasm/core_bg.wasm', import.meta.url))));

export * from './api.js';
