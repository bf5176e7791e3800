// What a report says a program can change, made: the token's claims and header, signed again.
import { keyFrom } from '../../package/keys.js';
import { call } from '../../package/worker-client.js';
import { texts } from '../../texts.js';

const t = texts.inspect.repair;

/** All that can be mended of what these checks found. */
export const repairsOf = (checks) => checks.filter(({ outcome }) => outcome === 'fail').flatMap(({ repairs }) => repairs ?? []);

/** Whether there are claims to change, and a signature to make anew. */
export const isMendable = ({ layers, claims }, checks) => claims !== null && layers.at(-1)?.type === 'jws' && repairsOf(checks).length > 0;

/** 'Sign again with iat and exp' */
export function labelOf(repairs) {
  const names = repairs.map(({ change, claim, to, parameter }) => ({
    'set-claim': claim, 'rename-claim': to, 'remove-claim': t.without(claim), 'remove-white-space': claim, 'set-header': parameter, 'remove-header': t.without(parameter),
    'change-secret': t.secret,
  })[change]);
  return t.sign([...new Set(names)]);
}

/**
 * What Inspect is given for the mended token: {token, key}.
 *
 * @throws an Error with `isNoKey`, where no key is there to sign with
 */
export async function mend({ header, claims, layers }, repairs, entered) {
  const key = repairs.reduce(changeKey, keyFrom(entered));
  if (!key || key.keys) throw Object.assign(new Error(t.noKey), { isNoKey: true });
  const mended = repairs.reduce(change, { header: { ...header }, claims: { ...claims } });
  const signed = await call('signJwt', mended.claims, key, mended.header);
  const token = layers[0].type === 'base64' ? await call('wrap', signed) : signed;
  return { token, key: key.secret === undefined ? entered : { kind: 'secret', text: key.secret } };
}

function change({ header, claims }, repair) {
  const { change: how, claim, parameter, to, value } = repair;
  switch (how) {
    case 'set-claim': return { header, claims: { ...claims, [claim]: value } };
    case 'rename-claim': return { header, claims: renamed(claims, claim, to) };
    case 'remove-claim': return { header, claims: without(claims, claim) };
    case 'remove-white-space': return { header, claims: { ...claims, [claim]: withoutSpace(claims[claim]) } };
    case 'set-header': return { header: { ...header, [parameter]: value }, claims };
    case 'remove-header': return { header: without(header, parameter), claims };
    default: return { header, claims };
  }
}

const withoutSpace = (value) => (Array.isArray(value) ? value.map(withoutSpace)
  : typeof value === 'string' ? value.replace(/[\s\p{Cc}\u200b-\u200f\u2060\ufeff]/gu, '') : value);

// In its place, unless the right name stands beside the wrong one.
const renamed = (claims, from, to) => (Object.hasOwn(claims, to) ? without(claims, from)
  : Object.fromEntries(Object.entries(claims).map(([name, value]) => [name === from ? to : name, value])));
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));

function changeKey(key, { change: what, how }) {
  if (what !== 'change-secret' || key?.secret === undefined) return key;
  return { ...key, secret: CHANGED[how](key.secret) };
}

const CHANGED = {
  trim: (secret) => secret.trim(),
  'remove-quotes': (secret) => secret.trim().slice(1, -1),
  'decode-base64': (secret) => Uint8Array.from(atob(secret.trim().replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0)),
  'decode-hexadecimal': (secret) => Uint8Array.from(secret.trim().match(/../g), (byte) => parseInt(byte, 16)),
};
