// A module as text, such that a server's brotli finds more in it than in the bytes: the instructions are apart from
// their numbers, and numbers of one meaning are together. Text of base64 is a third larger once it is compressed, as its
// characters straddle bytes.
import { ADDRESS, IMMEDIATES, read } from './instructions.mjs';

// What needs no escape in any quotes, nor in HTML, whatever the page's character encoding. ~ ends a column.
export const ALPHABET = Array.from({ length: 126 - 32 }, (_, i) => String.fromCharCode(32 + i))
  .filter((character) => !'"$\'<\\`'.includes(character)).join('');
const BASE = ALPHABET.length;
// The first digit tells how many there are: from here on two, three, six.
const [TWO, THREE, SIX] = [64, 81, 87];
const THREE_DIGITS = (SIX - THREE) * BASE ** 2;
const I32_CONST = 0x41;

/**
 * The text that unpack() makes the module of again, with every alignment as wide as the access. Its columns: 0 what is
 * there once, 1 opcodes, 2 the bytes before the functions, 3 those behind them, 4 locals, from 5 on the numbers of each
 * opcode, from 261 on the constants before each opcode.
 */
export function pack(bytes) {
  const { before, functions, after } = read(bytes);
  const data = dataStart(functions);
  const kindOf = ({ opcode, value }) =>
    opcode === I32_CONST && value >= data && value < data + THREE_DIGITS ? ADDRESS : opcode;
  const head = [];
  const opcodes = [];
  const locals = [];
  const numbers = Array.from({ length: 256 }, () => []);
  // By the opcode behind it, which tells what it is for.
  const constants = Array.from({ length: 256 }, () => []);
  for (const { locals: groups, instructions } of functions) {
    locals.push(groups.length, ...groups.flat());
    const kinds = instructions.map(kindOf);
    opcodes.push(...kinds);
    instructions.forEach(({ value, operands }, i) => {
      if (kinds[i] === I32_CONST) constants[kinds[i + 1]].push(value < 0 ? -2 * value - 1 : 2 * value);
      else if (kinds[i] === ADDRESS) numbers[ADDRESS].push(value - data);
      else numbers[kinds[i]].push(...operands);
    });
  }
  const [frequent, symbols] = [byFrequency(constants.flat()).slice(0, TWO), byFrequency(opcodes)];
  while (frequent.length < TWO) frequent.push(0);
  head.push(bytes.length, data, ...frequent, symbols.length, ...symbols, functions.length);
  const constant = (value) => frequent.includes(value) ? frequent.indexOf(value) : value + TWO;
  return [
    text(head), text(opcodes.map((opcode) => symbols.indexOf(opcode))), plain(before), plain(after), text(locals),
    ...numbers.map(text), ...constants.map((values) => text(values.map(constant))),
  ].map((column) => `${column}~`).join('');
}

const text = (numbers) => numbers.map(digits).join('');

function digits(number) {
  if (number < TWO) return ALPHABET[number];
  if (number < (THREE - TWO) * BASE) return spelt(number, TWO, 2);
  return number < THREE_DIGITS ? spelt(number, THREE, 3) : spelt(number, SIX, 6);
}

function spelt(number, first, count) {
  const places = Array.from({ length: count }, (_, i) => Math.floor(number / BASE ** (count - 1 - i)) % BASE);
  places[0] += first;
  return places.map((place) => ALPHABET[place]).join('');
}

/** Most bytes are the character they are in ASCII; the rest are two. */
function plain(bytes) {
  const isOther = (value) => value > 122 || !ALPHABET.includes(String.fromCharCode(value));
  const others = [...Array(256).keys()].filter(isOther);
  return Array.from(bytes, (value) => {
    const place = others.indexOf(value);
    return place < 0 ? String.fromCharCode(value) : '{|}'[Math.floor(place / 64)] + ALPHABET[place % 64];
  }).join('');
}

function byFrequency(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
}

/** Where the addresses of the data begin: the stretch of three digits' length that has the most constants. */
function dataStart(functions) {
  const values = functions.flatMap(({ instructions }) => instructions)
    .filter(({ opcode, value }) => opcode === I32_CONST && value >= 1024).map(({ value }) => value).sort((a, b) => a - b);
  let best = { count: 0, start: 0 };
  for (let first = 0, last = 0; first < values.length; first += 1) {
    while (last < values.length && values[last] < values[first] + THREE_DIGITS) last += 1;
    if (last - first > best.count) best = { count: last - first, start: values[first] };
  }
  return best.start;
}
