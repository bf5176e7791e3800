// Times to the microsecond, as Canvas's database keeps them, in a number.

const ISO = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** Microseconds since 1970 of an ISO 8601 time; null for anything else. One without a zone is UTC. */
export function microseconds(text) {
  const match = typeof text === 'string' && ISO.exec(text.trim());
  if (!match) return null;
  const [, date, time = '00:00', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(milliseconds) ? null : milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** As microseconds, but takes what the platform's Date understands, too. */
export function microsecondsLeniently(text) {
  const exact = microseconds(text);
  if (exact !== null || typeof text !== 'string') return exact;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds * 1000;
}

/** With three decimals. */
export const isoText = (instant) => new Date(Math.floor(instant / 1000)).toISOString();

/** To the second, as Canvas writes times in JSON. */
export const secondsText = (instant) => isoText(instant).replace(/\.\d+/, '');
