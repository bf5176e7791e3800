// How the core is called: what it throws tells who called. Its own stack has WebAssembly's frames, and of a promise no others.
import { isTokenError } from './wasm/core_bg.js';

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

/** The error, its stack that of whoever called this function, in engines that tell; what was thrown again keeps its own. */
function withCaller(error, above) {
  if (!Error.captureStackTrace || !isTokenError(error) || told.has(error)) return error;
  told.add(error);
  const { stack } = error;
  Error.captureStackTrace(error, above);
  if (!/\n +at /.test(error.stack)) error.stack = stack;
  return error;
}
