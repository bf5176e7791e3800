// Bytes as a JavaScript module. Text of base64 is a third larger once a server has compressed it, as its characters
// straddle bytes; here every byte is one or two characters of its own.

// What needs no escape in any quotes, nor in HTML, whatever the page's character encoding.
const SINGLE = Array.from({ length: 0x7b - 0x23 }, (_, i) => String.fromCharCode(0x23 + i))
  .filter((character) => !'\'`\\<'.includes(character)).join('');
// The first bytes are single characters, the next ones pairs that begin with one of these.
const SHIFTS = '{|}';

/** The text that decode() makes the bytes of again. */
export function encode(bytes) {
  const codes = Array.from({ length: 256 }, (_, byte) =>
    ['', ...SHIFTS][Math.floor(byte / SINGLE.length)] + SINGLE[byte % SINGLE.length]);
  return Array.from(bytes, (byte) => codes[byte]).join('');
}

/** The source of a module whose default export is these bytes. */
export const inlineModule = (bytes) =>
  `${decode}\nexport default decode(${JSON.stringify(SINGLE)}, ${bytes.length}, "${encode(bytes)}");\n`;

// Goes into the module as it stands.
export function decode(single, length, text) {
  const bytes = new Uint8Array(length);
  const values = new Uint8Array(128);
  for (let i = 0; i < single.length; i += 1) values[single.charCodeAt(i)] = i;
  for (let i = 0, at = 0; at < length; i += 1, at += 1) {
    const shift = Math.max(0, text.charCodeAt(i) - 122);
    i += Math.min(shift, 1);
    bytes[at] = values[text.charCodeAt(i)] + shift * single.length;
  }
  return bytes;
}
