// The package's two public entries, by their files: no bundler, and no inline import map that a content security policy
// would have to allow. In a project of your own these are 'canvas-lms-tokens' and 'canvas-lms-tokens/emulator'.
export * from './pkg/index.js';
export { createEmulator, defaultSeeds } from './pkg/emulator.js';
