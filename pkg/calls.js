// How the core is called: what it throws tells who called. Its own stack has WebAssembly's frames, and of a promise no others.
import { isTokenError } from './wasm/core_bg.js';

// Those whose stack is that of a caller: where the core called that, WebAssembly's frames are in it again.
const told = new WeakSet();

/** Calls a function that answers at once. */
export function called(run, given) {
  try {
    return run(...given);
  } catch (error) {
    throw withCaller(error, called);
  }
}

/** Calls a function that answers with a promise: its caller is who awaits it. */
export async function promised(run, given) {
  try {
    return await run(...given);
  } catch (error) {
    throw withCaller(error, promised);
  }
}

/** The error, its stack that of whoever called this function, in engines that tell; what did not arise here keeps its own. */
function withCaller(error, above) {
  if (!Error.captureStackTrace || !isTokenError(error) || !Object.isExtensible(error)) return error;
  const { stack } = error;
  if (told.has(error) || !stack?.includes('wasm-function')) return error;
  told.add(error);
  Error.captureStackTrace(error, above);
  if (!/\n +at /.test(error.stack)) error.stack = stack;
  return error;
}
