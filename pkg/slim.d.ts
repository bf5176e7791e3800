// Where TypeScript does not read the exports of package.json.
export * from './wasm/types.js';
