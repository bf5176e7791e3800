// Cloudflare's workerd, which takes compiled modules only.
import module from './wasm/core_bg.wasm';
import { start } from './start.js';

start(module);

export * from './api.js';
