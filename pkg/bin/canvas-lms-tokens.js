#!/usr/bin/env node
// The command line: arguments to options, a report to text. What a token is, the package says.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inspect, isTokenError } from '../node.js';

const USAGE = `Usage: canvas-lms-tokens inspect [TOKEN | -] [options]

Says what a token is, whether it is good, and if not, why Canvas would refuse it and what to change.
Without TOKEN, or with -, the token is read from standard input.

  --secret-file FILE   the shared secret that signs it (one trailing line break is dropped)
  --jwk FILE           a JWK or JWK Set that verifies it
  --pem FILE           a public key or certificate that verifies it
  --decrypt-jwk FILE   a private JWK that opens an encrypted layer
  --decrypt-pem FILE   a private key that opens an encrypted layer
  --endpoint URL       the URL it is sent to, compared with aud as Canvas compares it
  --as KIND            what it is meant to be, such as lti2-assertion
  --json               the whole report as JSON
  --help

Exit status: 0 valid, 1 invalid, 2 wrong usage, 3 nothing failed but not verified.
Secrets are read from files only: a command line can be seen by others.`;

const EXIT = { valid: 0, invalid: 1, unverified: 3 };
// The mark of an outcome and its colour (ECMA-48 select graphic rendition).
const MARK = { fail: ['✗', 31], warn: ['!', 33], pass: ['✓', 32], skip: ['–', 90] };

class UsageError extends Error {}

const withoutLineBreak = (text) => text.replace(/\r?\n$/, '');

function usage(message) {
  throw new UsageError(message);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return usage(`${file} cannot be read: ${error.code}`);
  }
}

function readJson(file) {
  try {
    return JSON.parse(read(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return usage(`${file} is no JSON`);
  }
}

const keyFrom = {
  'secret-file': (file) => ({ secret: withoutLineBreak(read(file)) }),
  jwk: readJson,
  pem: (file) => ({ pem: read(file) }),
  'decrypt-jwk': readJson,
  'decrypt-pem': (file) => ({ pem: read(file) }),
};

function oneKey(values, names) {
  const given = names.filter((name) => values[name] !== undefined);
  if (given.length > 1) usage(`--${given[0]} and --${given[1]} exclude each other`);
  return given.map((name) => keyFrom[name](values[name]))[0];
}

function parse(args) {
  const text = { type: 'string' };
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'secret-file': text, jwk: text, pem: text, 'decrypt-jwk': text, 'decrypt-pem': text, endpoint: text, as: text,
        json: { type: 'boolean' }, help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return usage(error.message);
  }
}

function print(report) {
  const isTerminal = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const coloured = (text, colour) => (isTerminal ? `\x1b[${colour}m${text}\x1b[39m` : text);
  const lines = [report.summary, ''];
  for (const { outcome, id, message, fix } of report.checks) {
    lines.push(`${coloured(...MARK[outcome])} ${id}: ${message}`);
    if (fix && outcome !== 'pass') lines.push(`    ${fix}`);
  }
  console.log(lines.join('\n'));
}

/** Exact integers in JSON: a bigint is written with its digits; bytes as base64url. */
function toJson(value) {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64url'));
  if (Array.isArray(value)) return `[${value.map(toJson)}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`)}}`;
}

async function main(args) {
  const { values, positionals } = parse(args);
  if (values.help) return console.log(USAGE);
  const [command, token = '-', ...rest] = positionals;
  if (command !== 'inspect') usage(command ? `unknown command ${command}` : 'no command');
  if (rest.length > 0) usage('more than one token');
  const options = {
    key: oneKey(values, ['secret-file', 'jwk', 'pem']),
    decryptionKey: oneKey(values, ['decrypt-jwk', 'decrypt-pem']),
    endpoint: values.endpoint,
    as: values.as,
  };
  const report = await inspect(token === '-' ? withoutLineBreak(readFileSync(0, 'utf8')) : token, options);
  if (values.json) console.log(toJson(report));
  else print(report);
  process.exitCode = EXIT[report.outcome];
}

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof UsageError) && !isTokenError(error)) throw error;
  console.error(`canvas-lms-tokens: ${error.message}`);
  console.error('Try canvas-lms-tokens --help');
  process.exitCode = 2;
});
