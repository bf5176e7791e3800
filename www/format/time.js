// NumericDates as people say them.
import { texts } from '../texts.js';

const t = texts.time;
const MONTH = 2_629_746;
const YEAR = 12 * MONTH;
const UNITS = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]];

const local = new Intl.DateTimeFormat(undefined, {
  year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});

/** Seconds as the two largest units: '9 years 10 months', '4 minutes 12 seconds'; months are rounded, as in the package's reports. */
export function span(seconds) {
  let rest = Math.floor(Math.abs(seconds));
  if (rest >= YEAR) {
    const months = Math.round(rest / MONTH);
    return [t.units.year(Math.floor(months / 12)), months % 12 > 0 && t.units.month(months % 12)].filter(Boolean).join(' ');
  }
  const first = UNITS.findIndex(([, length]) => rest >= length);
  if (first < 0) return t.units.second(0);
  return UNITS.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 && t.units[unit](count);
  }).filter(Boolean).join(' ');
}

/** 'in 4 minutes 12 seconds', '9 years 10 months ago' */
export function relative(seconds, now) {
  const difference = Math.floor(Number(seconds) - now);
  if (difference === 0) return t.now;
  return difference > 0 ? t.ahead(span(difference)) : t.ago(span(difference));
}

/** {iso, utc, local} of a NumericDate; null for what no calendar holds. */
export function dateOf(seconds) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const iso = date.toISOString();
  return { iso, utc: iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'), local: local.format(date) };
}

export const nowSeconds = () => Date.now() / 1000;
