// What went wrong, every fact of it.
import { isTokenError } from '../package.js';
import { element } from './element.js';
import { jsonText } from '../../format/json.js';
import { facts } from './members.js';

/** @param more rows that the error itself does not know */
export function errorBox(error, more = []) {
  const code = (value) => (value === undefined ? null : element('code', {}, String(value)));
  const known = isTokenError(error) ? error : { message: String(error?.message ?? error), at: error?.at };
  return facts([
    ['Code', code(known.code)],
    ['Message', known.message],
    ['Where', code(known.at)],
    ['OAuth error', code(known.oauthError)],
    ['HTTP status', code(known.status)],
    ['Try again after', known.retryAfter === undefined ? null : `${known.retryAfter} seconds`],
    ['Answer', known.body === undefined ? null : element('code', {}, jsonText(known.body))],
    ...more,
  ]);
}
