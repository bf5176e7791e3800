// Results as text.
import { OURS } from './measure.mjs';

/** How many times as fast as others we want to be, on Node. */
const GOALS = {
  'HS256 sign': { 'jose (CryptoKey)': 8, 'fast-jwt': 1 },
  'HS256 verify': { 'jose (CryptoKey)': 6, 'fast-jwt': 0.65 },
  'HS256 verify, prepared key': { 'fast-jwt': 1 },
  decode: { jose: 0.6 },
  'RS256 sign': { 'jose (CryptoKey)': 0.95 },
  'RS256 verify': { 'jose (CryptoKey)': 0.95 },
  'RS256 sign, prepared key': { 'jose (CryptoKey)': 0.95 },
  'RS256 verify, prepared key': { 'jose (CryptoKey)': 0.95 },
  'ES256 sign': { 'jose (CryptoKey)': 0.95 },
  'ES256 verify': { 'jose (CryptoKey)': 0.95 },
  'ES256 sign, prepared key': { 'jose (CryptoKey)': 0.95 },
  'ES256 verify, prepared key': { 'jose (CryptoKey)': 0.95 },
  'dir+A256GCM decrypt': { 'jose (CryptoKey)': 3 },
  'import and first assertion': { jose: 1 },
};

/** Everything about one runtime. */
export function table({ runtime, operations, first, memory }, { goals }) {
  const timed = operations.filter(({ bytes }) => !bytes)
    .map(({ name, libraries }) => ({ name, libraries, unit: 'µs', divisor: 1000 }));
  if (first) timed.push({ name: 'import and first assertion', libraries: first, unit: 'ms', divisor: 1 });
  const lines = timed.flatMap((row) => rows(row, goals ? GOALS[row.name] ?? {} : {}));
  return [
    `\n${runtime}: median and quartiles of a call, and how many times as fast ours is\n`,
    columns([['operation', 'library', 'median', 'q1', 'q3', 'ratio', 'q1', 'q3', ...(goals ? ['goal', ''] : [])], ...lines]),
    sizes(operations.filter(({ bytes }) => bytes)),
    ...(memory ? [taken(memory)] : []),
  ].join('\n');
}

function rows({ name, libraries, unit, divisor }, goals) {
  return Object.entries(libraries).map(([library, { median, q1, q3, ratio }], index) => {
    const times = [median, q1, q3].map((value) => digits(value / divisor));
    times[0] += ` ${unit}`;
    const goal = goals[library];
    const verdict = goal && [`${goal}×`, ratio.median >= goal ? 'reached' : 'not reached'];
    const ratios = library === OURS ? [] : [`${digits(ratio.median)}×`, digits(ratio.q1), digits(ratio.q3)];
    return [index === 0 ? name : '', library, ...times, ...ratios, ...(verdict ?? [])];
  });
}

/** Nanoseconds for each byte of a token, by its size: where they stay the same, the cost is linear. */
function sizes(operations) {
  const heads = new Map(operations.flatMap(({ kind, libraries }) =>
    Object.keys(libraries).map((library) => [`${kind}, ${library}`, { kind, library }])));
  const tokens = new Set(operations.map(({ bytes, shape }) => `${bytes} of ${shape}`));
  const lines = [...tokens].map((token) => [token, '', ...[...heads.values()].map(({ kind, library }) => {
    const found = operations.find((one) => one.kind === kind && `${one.bytes} of ${one.shape}` === token);
    return digits(found.libraries[library].median / found.bytes);
  })]);
  return `\nns per byte, by the bytes of the token\n\n${columns([['token', '', ...heads.keys()], ...lines])}`;
}

function taken(readings) {
  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const lines = ['rss', 'heapTotal', 'heapUsed', 'wasm'].map((name) =>
    [name, '', ...readings.map((reading) => mebibytes(reading[name]))]);
  const heads = readings.map(({ more }, index) => `after ${more}${index > 0 ? ' more' : ' calls'}`);
  return `\nmemory, half of the calls sign, half verify\n\n${columns([['', '', ...heads], ...lines])}`;
}

const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** The first two columns to the left, the others to the right. */
function columns(lines) {
  const widths = [];
  for (const line of lines) for (const [i, cell] of line.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return lines.map((line) => line.map((cell, i) =>
    (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd()).join('\n');
}
