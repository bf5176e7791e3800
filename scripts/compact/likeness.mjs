// Code that repeats what stands just before it costs next to nothing with brotli.
import { SECTION, join, leb, lebAt, sections, sized, sizedAt } from './module.mjs';

// In bytes: as long as an instruction with its number, or two of them.
const GRAM = 4;

/** The module with names by which wasm-opt --reorder-functions-by-name puts functions that share code side by side. */
export function nameByLikeness(wasm) {
  const parts = sections(wasm);
  const content = (id) => parts.find((section) => section.id === id).content;
  const { value: imports } = lebAt(content(SECTION.import), 0);
  const order = byLikeness(functionsOf(content(SECTION.code)));
  const names = [];
  order.forEach((index, place) => {
    names[index] = Buffer.concat([leb(imports + index), sized(Buffer.from(String(place).padStart(5, '0')))]);
  });
  const functionNames = Buffer.concat([leb(names.length), ...names]);
  const section = Buffer.concat([sized(Buffer.from('name')), Buffer.from([1]), sized(functionNames)]);
  return join([...parts, { id: SECTION.custom, content: section }]);
}

function functionsOf(code) {
  const { value: count, end } = lebAt(code, 0);
  let at = end;
  return Array.from({ length: count }, () => {
    const body = sizedAt(code, at);
    at = body.end;
    return body.bytes;
  });
}

/** Indices of functions, each followed by the one that is most like it and, half as much, the one before it. */
function byLikeness(functions) {
  const grams = functions.map(gramsOf);
  const holders = new Map(grams.flatMap((own) => [...own]).map((gram) => [gram, []]));
  grams.forEach((own, index) => own.forEach((gram) => holders.get(gram).push(index)));
  const left = new Set(functions.keys());
  const order = [];
  for (let last = 0; left.size > 0;) {
    left.delete(last);
    order.unshift(last);
    const shared = new Float64Array(functions.length);
    order.slice(0, 2).forEach((index, back) => {
      for (const gram of grams[index]) for (const other of holders.get(gram)) shared[other] += 1 / (back + 1);
    });
    const size = grams[last].size;
    const likeness = (other) => shared[other] / (grams[other].size + size - shared[other] + 1);
    last = [...left].reduce((best, other) => (likeness(other) > likeness(best) ? other : best), [...left][0]);
  }
  return order.reverse();
}

function gramsOf(bytes) {
  const grams = new Set();
  for (let at = 0; at + GRAM <= bytes.length; at += 1) grams.add(bytes.readUInt32LE(at));
  return grams;
}
