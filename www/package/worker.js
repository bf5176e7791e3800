// The package in a worker: a message is a call of one of its functions, the answer what it returns or throws.
import { core } from './core.js';

addEventListener('message', async ({ data: { id, name, given } }) => {
  try {
    const functions = await core();
    postMessage({ id, value: await functions[name](...given) });
  } catch (error) {
    // A copy, as an error's own members do not survive the way between threads.
    const { message, code, at, claim, spec } = error;
    postMessage({ id, error: { message: String(message ?? error), code, at, claim, spec } });
  }
});
