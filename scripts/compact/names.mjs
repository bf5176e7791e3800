// wasm-bindgen's names between the wasm and its script are long and end in hashes: each becomes a short one, in both.
import { SECTION, join, sections, sized } from './module.mjs';

const PREFIX = /^(__wb|__externref|wasm_bindgen)/;
// The entries call it.
const KEPT = '__wbindgen_start';

export function shortenNames(wasm, script) {
  const module = new WebAssembly.Module(wasm);
  const names = [...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)]
    .map(({ name }) => name).filter((name) => PREFIX.test(name) && name !== KEPT);
  const short = new Map([...new Set(names)].map((name, i) => [name, `$${i.toString(36)}`]));
  const shortened = sections(wasm).map(({ id, content }) =>
    ({ id, content: id === SECTION.import || id === SECTION.export ? renamed(content, short) : content }));
  return {
    wasm: join(shortened),
    script: script.replace(/\b(__wb|__externref|wasm_bindgen)\w+/g, (name) => short.get(name) ?? name),
  };
}

/** With every name, which stands behind its length, exchanged. */
function renamed(content, short) {
  const written = (name) => sized(Buffer.from(name)).toString('latin1');
  let text = content.toString('latin1');
  for (const [name, other] of short) text = text.replaceAll(written(name), () => written(other));
  return Buffer.from(text, 'latin1');
}
