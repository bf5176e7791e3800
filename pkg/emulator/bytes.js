// Text, base64 in both alphabets, and concatenation.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param {string | Uint8Array} text */
export const toBytes = (text) => (typeof text === 'string' ? encoder.encode(text) : text);
/** Throws for bytes that are not UTF-8. */
export const toText = (bytes) => decoder.decode(bytes);

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Standard alphabet, padded. */
export function toBase64(data) {
  let binary = '';
  for (const byte of toBytes(data)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export const toBase64url = (data) =>
  toBase64(data).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** As Ruby's urlsafe_decode64: padding optional, either alphabet, no stray bits. Throws for anything else. */
export function fromBase64url(text) {
  const standard = text.replace(/-/g, '+').replace(/_/g, '/');
  const padded = standard.endsWith('=') ? standard : standard.padEnd(Math.ceil(standard.length / 4) * 4, '=');
  const binary = atob(padded);
  if (btoa(binary) !== padded) throw new SyntaxError('invalid base64');
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** As Ruby's decode64: what is not of the alphabet is skipped, and the first padding ends it. */
export function fromBase64Leniently(text) {
  const standard = text.replace(/[^A-Za-z0-9+/=]/g, '').replace(/=.*$/, '');
  const whole = standard.length % 4 === 1 ? standard.slice(0, -1) : standard;
  return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
}
