// The package's two public entries.
export * from 'canvas-lms-tokens/slim';
export { defaultSeeds } from 'canvas-lms-tokens/emulator';
