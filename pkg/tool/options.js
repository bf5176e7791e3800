// What createTool and the stores are given, read once: a misspelt option would be as one that was not given.
import { meant } from '../meant.js';
import { argument } from './failure.js';

const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);

/** The members of an object with these names alone; `checks` says of each what it has to be, and `required` which must be there. */
export function read(object, at, checks, required = []) {
  if (object === null || typeof object !== 'object') throw argument(at, `${kind(object)}, expected an object`);
  let given;
  try {
    given = { ...object };
  } catch (cause) {
    throw argument(at, 'reading it failed', { cause });
  }
  const names = Object.keys(checks);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(checks, name)) throw argument(`${at}.${shown(name)}`, `unknown, expected ${meant(name, names)}`);
  }
  for (const [name, [holds, expected]] of Object.entries(checks)) {
    const value = given[name];
    if (value === undefined && !required.includes(name)) {
      // What is not given must not hide a default.
      delete given[name];
      continue;
    }
    if (!holds(value)) throw argument(`${at}.${name}`, `${value === undefined ? 'absent' : kind(value)}, expected ${expected}`);
  }
  return given;
}

/** Whether a host is this machine, where http will do. */
export const isLocal = ({ hostname }) => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);

export const ANY = [(value) => value !== undefined, 'a value'];
export const FUNCTION = [(value) => typeof value === 'function', 'a function'];
export const OBJECT = [(value) => value !== null && typeof value === 'object', 'an object'];
export const TEXTS = [(value) => Array.isArray(value) && value.every((text) => typeof text === 'string'), 'an array of strings'];
export const FLAG = [(value) => typeof value === 'boolean', 'true or false'];
export const TEXT = [(value) => typeof value === 'string', 'a string'];
export const COUNT = [(value) => Number.isSafeInteger(value) && value > 0, 'a whole number over 0'];
// What timers and the core take.
export const TIMEOUT = [(value) => COUNT[0](value) && value <= 2_147_483_647, 'a whole number over 0 and at most 2147483647'];

/** An object with these methods, of somebody else's making. */
export function methods(object, at, names) {
  for (const name of names) {
    if (typeof object?.[name] !== 'function') throw argument(`${at}.${name}`, `${kind(object?.[name])}, expected a function`);
  }
  return object;
}

// A name of the caller's is shown in a message.
const shown = (name) => name.replace(/\p{Cc}/gu, '').slice(0, 40);
