// What the commands print: for people with colours and times in words, for programs as JSON.

import { stringify } from '../node.js';

// The mark of an outcome and its colour (ECMA-48 select graphic rendition).
const MARK = { fail: ['✗', 31], warn: ['!', 33], pass: ['✓', 32], skip: ['–', 90] };
const BOLD = 1;
const GREY = 90;

const isTerminal = (stream = process.stdout) => stream.isTTY === true;
const hasColours = (stream) => isTerminal(stream) && !process.env.NO_COLOR;
const coloured = (text, colour, stream) => (hasColours(stream) ? `\x1b[${colour}m${text}\x1b[0m` : text);

/** Prints JSON: in lines on a terminal, in one where a program reads it. Bytes are base64url. */
export function printJson(value) {
  console.log(stringify(plain(value), isTerminal() ? 2 : 0));
}

function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

/** The examples of a command, for its help. */
export const examples = (...lines) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

const UNITS = [
  ['year', 365.25 * 86400], ['month', 30.4375 * 86400], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1],
];

/** A span in words, its two largest units: "9 years 10 months". */
export function spanInWords(seconds) {
  let rest = Math.abs(Math.round(seconds));
  const first = UNITS.findIndex(([, length]) => rest >= length);
  const words = UNITS.slice(first < 0 ? -1 : first).slice(0, 2).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 && `${count} ${unit}${count > 1 ? 's' : ''}`;
  });
  return words.filter(Boolean).join(' ') || '0 seconds';
}

function timeInWords(name, time, now = Date.now() / 1000) {
  const date = new Date(time * 1000);
  if (Number.isNaN(date.getTime())) return 'no time that a calendar has';
  const past = name === 'exp' ? 'expired ' : '';
  const when = time <= now ? `${past}${spanInWords(now - time)} ago` : `in ${spanInWords(time - now)}`;
  return `${date.toISOString().replace('.000', '')}, ${when}`;
}

/** The header and claims of a token, its times in words. */
export function printToken({ layers, header, claims, where }) {
  if (where) console.log(`${where}\n`);
  console.log(coloured(layers.map(({ type }) => type).join(' → '), GREY));
  console.log(`\n${coloured('Header', BOLD)}\n${stringify(header, 2)}`);
  if (claims === null) console.log(`\n${coloured('Claims', BOLD)}\nnone that can be read`);
  else console.log(`\n${coloured('Claims', BOLD)}\n${stringify(claims, 2)}`);
  for (const name of ['iat', 'nbf', 'exp']) {
    if (typeof claims?.[name] === 'number') console.log(coloured(`${name}: ${timeInWords(name, claims[name])}`, GREY));
  }
}

/** The lines of checks, each with its fix. */
export function printChecks(checks, stream = process.stdout) {
  for (const { outcome, id, message, fix } of checks) {
    stream.write(`${coloured(...MARK[outcome], stream)} ${id}: ${message}\n`);
    if (fix && outcome !== 'pass') stream.write(`    ${fix}\n`);
  }
}

/** The tokens beside the one that was looked at. */
function printOthers(others) {
  for (const { name, kind } of others) console.log(coloured(`Another token is there: ${name ?? 'without a name'} (${kind})`, GREY));
  if (others.length > 0) console.log('');
}

/** A whole report. */
export function printReport(report) {
  console.log(`${coloured(report.summary, BOLD)}\n`);
  printOthers(report.others ?? []);
  printChecks(report.checks);
  if (report.layers.length === 0) return;
  console.log('');
  printToken(report);
}
