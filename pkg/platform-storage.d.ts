// The storage of a platform alone, for pages that need nothing else.
export { platformStorage, type PlatformStorage } from './wasm/types.js';
