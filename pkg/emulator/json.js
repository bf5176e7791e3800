// JSON with exact integers: global ids exceed 2^53, and JSON.parse has no source text access in Node 20.

const WHITE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORDS = { true: true, false: false, null: null };
const WORD = /true|false|null/y;
const DEEPEST = 100; // as Ruby's parser

/**
 * Reads JSON. Integers outside ±(2^53−1) come as bigint. Of duplicate names the last wins, as in Ruby.
 * @param {string} text
 * @returns {any}
 */
export function parseJson(text) {
  let at = 0;

  const fail = () => {
    throw new SyntaxError(`unexpected token at character ${at}`);
  };
  const take = (pattern) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at += match[0].length;
    return match;
  };
  const next = (character) => {
    take(WHITE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };

  function value(depth) {
    if (depth > DEEPEST) fail();
    if (next('{')) return object(depth);
    if (next('[')) return array(depth);
    const text = take(STRING);
    if (text) return JSON.parse(text[0]);
    const number = take(NUMBER);
    if (number) return toNumber(number);
    const word = take(WORD);
    return word ? WORDS[word[0]] : fail();
  }

  function object(depth) {
    const entries = [];
    if (next('}')) return {};
    do {
      take(WHITE);
      const name = take(STRING) ?? fail();
      if (!next(':')) fail();
      entries.push([JSON.parse(name[0]), value(depth + 1)]);
    } while (next(','));
    if (!next('}')) fail();
    return Object.fromEntries(entries);
  }

  function array(depth) {
    const items = [];
    if (next(']')) return items;
    do items.push(value(depth + 1));
    while (next(','));
    if (!next(']')) fail();
    return items;
  }

  const result = value(0);
  take(WHITE);
  if (at !== text.length) fail();
  return result;
}

function toNumber([digits, fraction, exponent]) {
  const number = Number(digits);
  return fraction || exponent || Number.isSafeInteger(number) ? number : BigInt(digits);
}

/**
 * Writes JSON without white space; a bigint as its digits, a member that is undefined not at all.
 * @param {any} value
 * @returns {string}
 */
export function writeJson(value) {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(',')}}`;
}

/** A Canvas id as it stands in JSON: a number, or a bigint when a number would lose digits. */
export function idNumber(id) {
  const exact = BigInt(id);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

export const wantsStringIds = (accept) => accept.includes('application/json+canvas-string-ids');

const isInteger = (value) => typeof value === 'bigint' || Number.isInteger(value);

/** Integers under names that end in id or ids become text, at every depth. */
export function withStringIds(value, name = '') {
  if (Array.isArray(value)) return value.map((item) => withStringIds(item, name));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withStringIds(member, key)]));
  }
  return isInteger(value) && /(^|_)ids?$/.test(name) ? String(value) : value;
}
