// A module as a script, for pages without a bundler and for every bundler.
import { ALIGNMENTS, IMMEDIATES } from './instructions.mjs';
import { ALPHABET, pack } from './pack.mjs';
import { unpack } from './unpack.js';

/** The source of a script whose default export is the module's bytes, and these as they come out of it. */
export function inline(module) {
  const parts = [ALPHABET, IMMEDIATES, ALIGNMENTS, pack(module)];
  const bytes = unpack(...parts);
  return { bytes, source: `${unpack}\nexport default unpack(${parts.map((part) => JSON.stringify(part)).join(', ')});\n` };
}
