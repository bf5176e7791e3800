// wasm-bindgen's names between the wasm and its script are long and end in hashes: each becomes a short one, in both.
import { readFileSync, writeFileSync } from 'node:fs';

const IMPORTS = 2;
const EXPORTS = 7;
// What the entries call keeps its name.
const isLong = (name) => /^(__wb|__externref|wasm_bindgen)/.test(name) && name !== '__wbindgen_start';

export function shortenNames(wasmFile, scriptFile) {
  const bytes = readFileSync(wasmFile);
  const module = new WebAssembly.Module(bytes);
  const names = [...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)]
    .map(({ name }) => name).filter(isLong);
  const short = new Map([...new Set(names)].map((name, i) => [name, `$${i.toString(36)}`]));

  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const start = at;
    const id = bytes[at];
    const length = readLeb(bytes, at + 1);
    at = length.end + length.value;
    const body = bytes.subarray(length.end, at);
    parts.push(id === IMPORTS || id === EXPORTS ? section(id, renamed(body, short)) : bytes.subarray(start, at));
  }
  writeFileSync(wasmFile, Buffer.concat(parts));
  const script = readFileSync(scriptFile, 'utf8');
  writeFileSync(scriptFile, script.replace(/\b(__wb|__externref|wasm_bindgen)\w+/g, (name) => short.get(name) ?? name));
}

/** With every name, which stands behind its length, exchanged. */
function renamed(body, short) {
  let text = body.toString('latin1');
  for (const [name, other] of short) text = text.replaceAll(withLength(name), () => withLength(other));
  return Buffer.from(text, 'latin1');
}

const withLength = (name) => leb(name.length).toString('latin1') + name;
const section = (id, body) => Buffer.concat([Buffer.from([id]), leb(body.length), body]);

function leb(value) {
  const bytes = [];
  for (; value > 127; value >>= 7) bytes.push(value & 127 | 128);
  return Buffer.from([...bytes, value]);
}

function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return { value, end: at };
  }
}
