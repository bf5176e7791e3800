// The package as both module systems load it, and what every error of it must be.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as imported from 'canvas-lms-tokens';

export { imported };
export const required = createRequire(import.meta.url)('canvas-lms-tokens');
export const copies = { import: imported, require: required };

export const rootUrl = new URL('../../../', import.meta.url);
export const read = (path) => readFileSync(new URL(path, rootUrl), 'utf8');
export const vectors = (name) => JSON.parse(read(`tests/vectors/${name}.json`));
export const vector = (name) => vectors('canvas').find((entry) => entry.name === name);

export const GUID = '123123-ad13-ac233';
export const AUD = 'https://canvas.test/api/lti/accounts/1/authorize';
export const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const payloadText = (token) => Buffer.from(token.split('.')[1], 'base64url').toString();

/** A token of these texts, signed by nobody. */
export const unsigned = (payload, header = '{"alg":"HS256"}') =>
  [header, payload, 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');

/** Asserts that it is a whole TokenError, and gives it back. `code` may be left out: any will do. */
export function tokenError(error, code, at) {
  assert.ok(imported.isTokenError(error), `no TokenError: ${describe(error)}`);
  assert.ok(error instanceof Error);
  assert.match(error.code, /^ERR_[A-Z_]+$/);
  assert.notEqual(error.message, '');
  if (code !== undefined) assert.equal(error.code, code, error.message);
  if (at !== undefined) assert.equal(error.at, at, error.message);
  return error;
}

/** Asserts that it throws, synchronously, a TokenError of this code and place. */
export function refuses(run, code, at) {
  let value;
  try {
    value = run();
  } catch (error) {
    return tokenError(error, code, at);
  }
  return assert.fail(`expected ${code ?? 'a TokenError'}, got ${describe(value)}`);
}

/** Asserts that it returns a promise, which rejects with a TokenError of this code and place. */
export async function rejects(run, code, at) {
  const promise = run();
  assert.ok(promise instanceof Promise);
  let value;
  try {
    value = await promise;
  } catch (error) {
    return tokenError(error, code, at);
  }
  return assert.fail(`expected ${code ?? 'a TokenError'}, got ${describe(value)}`);
}

function describe(value) {
  try {
    return String(value?.stack ?? value).slice(0, 500);
  } catch {
    return 'a value that cannot be shown';
  }
}
