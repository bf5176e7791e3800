// Next.js's edge runtime and Vercel's, which take compiled modules only.
import module from './wasm/core_bg.wasm?module';
import { start } from './start.js';

start(module);

export * from './api.js';
