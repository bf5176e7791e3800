// NumericDates for people.
import { element } from './element.js';

// Canvas's own sample writes Iat, so the case is not looked at.
const TIMES = new Set(['exp', 'iat', 'nbf']);

const local = new Intl.DateTimeFormat(undefined, {
  year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
  timeZoneName: 'short',
});

export const isTime = (name, value) =>
  TIMES.has(name.toLowerCase()) && (typeof value === 'number' || typeof value === 'bigint');

/** Local time and UTC; null for what no calendar holds. */
export function dateOf(seconds) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const iso = date.toISOString();
  const utc = iso.replace('T', ' ').replace(/(\.000)?Z$/, ' UTC');
  return element('time', { datetime: iso }, element('span', {}, local.format(date)), element('span', {}, utc));
}
