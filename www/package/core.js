// The package in this thread, loaded when it is first asked for: for what needs a fetch of ours, as the flows do. All else is
// asked of the worker (worker-client.js), so that no key or token, however long, keeps the page waiting.
let loaded;

/** Resolves to all that canvas-lms-tokens exports. */
export const core = () => (loaded ??= load());

async function load() {
  try {
    return await import('canvas-lms-tokens/slim');
  } catch {
    // A host that does not serve .wasm as application/wasm: the other entry holds its bytes.
    return import('canvas-lms-tokens');
  }
}
