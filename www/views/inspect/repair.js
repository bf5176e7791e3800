// What a report says a program can change, made: the token's claims and header, signed again.
import { fromBase64url, toBase64url } from '../../format/base64url.js';
import { keyFrom } from '../../package/keys.js';
import { call } from '../../package/worker-client.js';
import { texts } from '../../texts.js';

const t = texts.inspect.repair;

/** All that can be mended of what these checks found. */
export const repairsOf = (checks) => checks.filter(({ outcome }) => outcome === 'fail').flatMap(({ repairs }) => repairs ?? []);

/** Whether there are claims to change, and a signature to make anew. */
export const isMendable = ({ layers, claims }, checks) => claims !== null && layers.at(-1)?.type === 'jws' && repairsOf(checks).length > 0;

/** Whether only the secret is read in another way: the token is right as it is. */
const isOfSecret = (repairs) => repairs.length > 0 && repairs.every(({ change }) => change === 'change-secret');

/** 'Sign again with iat and exp'; where only the key is another, as which it is to be read. */
export function labelOf(repairs) {
  const [{ how }] = repairs;
  if (isOfSecret(repairs)) return t.useSecret[how];
  const names = repairs.map(({ change, claim, to, parameter }) => ({
    'set-claim': claim, 'rename-claim': to, 'remove-claim': t.without(claim), 'remove-white-space': claim, 'set-header': parameter, 'remove-header': t.without(parameter),
    'change-secret': t.secret,
  })[change]);
  return t.sign([...new Set(names)]);
}

/**
 * What Inspect is given for the mended token: {token (undefined where it stays as it is), key}.
 *
 * @throws an Error with `isNoKey`, where no key is there to sign with
 */
export async function mend({ header, claims, layers }, repairs, entered) {
  const changed = repairs.reduce(changeKey, entered);
  if (isOfSecret(repairs)) return { key: changed };
  const key = keyFrom(changed);
  if (!key || key.keys) throw Object.assign(new Error(t.noKey), { isNoKey: true });
  const mended = repairs.reduce(change, { header: { ...header }, claims: { ...claims } });
  const signed = await call('signJwt', mended.claims, key, mended.header);
  const token = layers[0].type === 'base64' ? await call('wrap', signed) : signed;
  return { token, key: changed };
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

/** The key as it would have been entered. */
function changeKey(entered, { change: what, how }) {
  const secret = what === 'change-secret' ? secretOf(entered) : undefined;
  return secret === undefined ? entered : CHANGED[how](secret.trim());
}

/** The text of a secret, in whichever form it was entered. */
function secretOf(entered) {
  const key = keyFrom(entered);
  const secret = key?.kty === 'oct' ? fromBase64url(key.k) : key?.secret;
  return secret instanceof Uint8Array ? new TextDecoder().decode(secret) : secret;
}

const CHANGED = {
  trim: (text) => ({ kind: 'secret', text }),
  'remove-quotes': (text) => ({ kind: 'secret', text: text.slice(1, -1) }),
  'decode-base64': (text) => ({ kind: 'base64', text }),
  'decode-hexadecimal': (text) => ({ kind: 'base64', text: toBase64url(Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16))) }),
};
