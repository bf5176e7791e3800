// Errors as the core throws them, for what is found here.

export function failure(code, message, more) {
  const error = Object.assign(new Error(message), { code, ...more });
  // Not enumerable, as the name of every built-in error is not.
  return Object.defineProperty(error, 'name', { value: 'TokenError', configurable: true, writable: true });
}

/** The error of an argument; `at` names it. */
export const argument = (at, message, more) => failure('ERR_ARGUMENT', `${at}: ${message}`, { at, ...more });
