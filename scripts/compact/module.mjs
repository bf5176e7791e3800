// The sections of a module, and the numbers and bytes they are made of (WebAssembly 2.0 §5).

export const SECTION = { custom: 0, import: 2, export: 7, code: 10 };

/** The module's sections in order: what each is, and its bytes. */
export function sections(module) {
  const found = [];
  for (let at = 8; at < module.length;) {
    const id = module[at];
    const { bytes: content, end } = sizedAt(module, at + 1);
    found.push({ id, content });
    at = end;
  }
  return found;
}

export const join = (parts) => Buffer.concat([
  Buffer.from('\0asm\x01\0\0\0', 'latin1'), ...parts.flatMap(({ id, content }) => [Buffer.from([id]), sized(content)]),
]);

/** An unsigned number (LEB128). */
export function leb(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return Buffer.from([...bytes, value]);
}

export function lebAt(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, end: at };
  }
}

/** Bytes behind their length. */
export const sized = (bytes) => Buffer.concat([leb(bytes.length), bytes]);

export function sizedAt(bytes, at) {
  const { value, end } = lebAt(bytes, at);
  return { bytes: bytes.subarray(end, end + value), end: end + value };
}
