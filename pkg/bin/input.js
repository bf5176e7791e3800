// What the commands are given: tokens, texts, JSON and keys, from arguments, files, standard input, the environment or a prompt.

import { readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { canvasPlatform, inspect, parse, remoteJwks } from '../node.js';

/** The command was used in a wrong way: what is said on standard error, with exit status 2. */
export class UsageError extends Error {}

export const withoutLineBreak = (text) => text.replace(/\r?\n$/, '');

export function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reasons = { ENOENT: `no such file: ${file}`, EISDIR: `${file} is a folder, expected a file` };
    throw new UsageError(reasons[error.code] ?? `${file} cannot be read: ${error.code}`);
  }
}

function standardInput() {
  if (process.stdin.isTTY) console.error('Reading what is typed or pasted here; Ctrl-D on a line of its own ends it.');
  return text(process.stdin);
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * The text of an argument: of a file where one has this name, of standard input for - or nothing, else itself. What looks like a
 * path is a file's name, unless it may be any text.
 */
export async function textOf(argument = '-', { anyText = false } = {}) {
  if (argument === '-') return withoutLineBreak(await standardInput());
  // A token is longer than any file's name can be, and begins with no dot, slash or tilde. What it was copied with may, but has a
  // query or white space.
  const isPath = !anyText && /^(\.{0,2}|~)[/\\][^?=\s]*$/.test(argument);
  const isName = argument.length < 256
    && (isFile(argument) || /^\S+\.(txt|json|jwt|jwk|jwks|pem|har)$/i.test(argument) || isPath);
  return isName ? withoutLineBreak(readText(argument)) : argument;
}

/** The text has no token in it, or none that can be used: what is said on standard error, with exit status 1. */
export class NoTokenError extends Error {}

/** The token in an argument, whatever it was copied with: a URL, a form, a curl command, headers, JSON, a HAR. */
export async function tokenOf(argument) {
  const pasted = await textOf(argument);
  const { found, checks } = await inspect(pasted);
  const none = checks.find(({ id }) => id === 'no-token');
  if (none) throw new NoTokenError(`${none.message}. ${none.fix}`);
  return { token: found?.token ?? pasted, where: checks.find(({ id }) => id === 'found')?.message };
}

/** The same for JSON, its large integers exact. */
export async function jsonOf(argument, what) {
  try {
    return parse(await textOf(argument));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`no JSON in ${what}: ${error.message.replace(/^text: /, '')}`);
  }
}

/** The JSON in a file. */
export function jsonFile(file) {
  try {
    return parse(readText(file));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} is no JSON`);
  }
}

/** A JSON object, and no other JSON. */
export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function fromEnvironment(name) {
  if (!process.env[name]) throw new UsageError(`the environment variable ${name} is not set`);
  return process.env[name];
}

/** Asks for a secret without showing it. */
async function fromPrompt() {
  if (!process.stdin.isTTY) throw new UsageError('--secret-prompt needs a terminal');
  process.stderr.write('Secret: ');
  // What is typed is written nowhere.
  const nowhere = new Writable({ write: (chunk, encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // Ctrl-C and Ctrl-D end it.
  const secret = await prompt.question('').catch(() => '');
  prompt.close();
  process.stderr.write('\n');
  if (secret === '') throw new UsageError('no secret was typed');
  return secret;
}

/** The key in a JSON file; of the pair that keygen prints the half that is needed. */
export function jwkFile(file, kind) {
  const key = jsonFile(file);
  const half = kind === 'public' ? 'publicKey' : 'privateKey';
  return key?.privateKey && key?.publicKey ? key[half] : key;
}

// How a key is given, by the option's name.
const FORMS = {
  secretFile: (file) => ({ secret: withoutLineBreak(readText(file)) }),
  secretEnv: (name) => ({ secret: fromEnvironment(name) }),
  secretPrompt: async () => ({ secret: await fromPrompt() }),
  jwk: jwkFile,
  pem: (file) => ({ pem: readText(file) }),
  jwksUrl: (url) => remoteJwks(url),
  decryptJwk: jwkFile,
  decryptPem: (file) => ({ pem: readText(file) }),
};

const flag = (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const SECRETS = [
  ['--secret-file <file>', 'the shared secret (one trailing line break is dropped)'],
  ['--secret-env <name>', 'the shared secret, from an environment variable'],
  ['--secret-prompt', 'asks for the shared secret on the terminal'],
];
const KEYS = {
  secret: SECRETS,
  private: [...SECRETS, ['--jwk <file>', 'a private or symmetric JWK'], ['--pem <file>', 'a private key in PEM']],
  public: [
    ...SECRETS, ['--jwk <file>', 'a JWK or JWK Set'], ['--pem <file>', 'a public key or certificate in PEM'],
    ['--jwks-url <url>', 'a JWK Set, fetched from there'],
  ],
  decrypt: [
    ['--decrypt-jwk <file>', 'a private JWK that opens an encrypted layer'],
    ['--decrypt-pem <file>', 'a private key that opens an encrypted layer'],
  ],
};

/** Adds the options by which a key is given. */
export function withKeyOptions(command, kind) {
  for (const [flags, description] of KEYS[kind]) command.option(flags, description);
  return command;
}

const ofFlags = (flags) => flags.slice(2).split(' ')[0].replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Refuses options that another way of using the command takes: they would be lost. */
export function refuse(options, names, why) {
  const given = names.find((name) => options[name] !== undefined);
  if (given) throw new UsageError(`${flag(given)} ${why}`);
}

/** Refuses to ask for a secret where standard input is read for something else: it cannot be both. */
export function refusePrompt(options, argument = '-', what = 'the token') {
  if (argument === '-') refuse(options, ['secretPrompt'], `reads the terminal, and ${what} would come from standard input: give it as an argument or a file`);
}

/** The names of the options by which a key is given. */
export const keyNames = (kind) => KEYS[kind].map(([flags]) => ofFlags(flags));

/** The key that the options give, undefined where they give none. */
export async function keyOf(options, kind, { needed = false } = {}) {
  const names = keyNames(kind);
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length > 1) throw new UsageError(`${flag(given[0])} and ${flag(given[1])} exclude each other`);
  if (given.length === 0 && needed) throw new UsageError(`no key: give one of ${names.map(flag).join(', ')}`);
  if (given.length === 0) return undefined;
  return FORMS[given[0]](options[given[0]], kind);
}

const CLOUD = ['production', 'beta', 'test'];

/** The platform of LTI 1.3 that the options name: of Instructure's cloud, of a self-hosted Canvas, or of a file. */
export function platformOf({ platform: name, clientId, issuer, deployment: deployments }) {
  if (name === undefined) {
    const alone = Object.entries({ '--client-id': clientId, '--issuer': issuer, '--deployment': deployments }).find(([, value]) => value !== undefined);
    if (alone) throw new UsageError(`${alone[0]} without --platform, which it belongs to`);
    return undefined;
  }
  const isUrl = /^https?:/i.test(name);
  if (!isUrl && !CLOUD.includes(name)) {
    if (!isFile(name)) throw new UsageError(`--platform ${name}: expected ${CLOUD.join(', ')}, the URL of a Canvas, or a JSON file with a platform`);
    const known = jsonFile(name);
    return { ...known, ...(clientId && { clientId }), ...(issuer && { issuer }), ...(deployments && { deployments }) };
  }
  if (clientId === undefined) throw new UsageError('--platform without --client-id');
  const platform = canvasPlatform(isUrl ? { clientId, baseUrl: name, issuer } : { clientId, environment: name });
  if (!isUrl && issuer !== undefined) throw new UsageError(`--issuer is for a self-hosted Canvas; that of ${name} is ${platform.issuer}`);
  return deployments ? { ...platform, deployments } : platform;
}

/** For commander: a whole number. */
export function integer(text) {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

/** For commander: an option that may be given more than once. */
export const collect = (text, list = []) => [...list, text];
