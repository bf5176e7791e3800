// The instructions of a module (WebAssembly 2.0 §5.4), and what each is followed by.

// By opcode: so many unsigned numbers, or m a memory's alignment and offset, i an i32, l an i64, 4 an f32, 8 an f64,
// t a table of branches.
const ROWS = [
  [0x00, '001110'], [0x0b, '011t012'], [0x1a, '00'], [0x20, '1111111'], [0x28, 'm'.repeat(23)], [0x3f, '11il48'],
  [0x45, '0'.repeat(128)], [0xd0, '101'],
];
/** The opcode of the first of those that are two bytes, of which the first is 0xfc. */
export const TWO_BYTES = 0xd8;
/** The opcode of an i32.const that is an address. */
export const ADDRESS = 0xff;

export const IMMEDIATES = (() => {
  const all = Array.from({ length: 256 }, () => '-');
  for (const [first, kinds] of [...ROWS, [TWO_BYTES, '000000002121212111'], [ADDRESS, 'a']]) {
    [...kinds].forEach((kind, i) => { all[first + i] = kind; });
  }
  return all.join('');
})();

/** Of the memory instructions, from 0x28 on: log2 of the bytes that each accesses. */
export const ALIGNMENTS = '23230011001122232301012';

/** The bodies of a module's functions as lists of instructions, and its bytes before and after them. */
export function read(bytes) {
  let at = 8;
  const byte = () => bytes[at++];
  const take = (length) => [...bytes.subarray(at, at += length)];
  const list = (length, item) => Array.from({ length }, item);
  const leb = () => {
    const start = at;
    while (byte() > 127);
    return [...bytes.subarray(start, at)];
  };
  const number = () => leb().reduceRight((high, low) => high * 128 + (low & 127), 0);
  const signed = () => {
    const digits = leb();
    const number = digits.reduceRight((high, low) => high * 128 + (low & 127), 0);
    return digits.at(-1) & 64 ? number - 128 ** digits.length : number;
  };
  const operands = {
    i: () => ({ value: signed() }),
    m: () => ({ alignment: number(), operands: [number()] }),
    l: () => ({ operands: leb() }),
    4: () => ({ operands: take(4) }),
    8: () => ({ operands: take(8) }),
    t: () => {
      const length = number();
      return { operands: [length, ...list(length + 1, number)] };
    },
    '-': () => { throw new Error(`byte ${at} of the module: an instruction that is not known here`); },
  };
  const instruction = () => {
    const first = byte();
    const opcode = first === 0xfc ? TWO_BYTES + number() : first;
    const kind = IMMEDIATES[opcode] ?? '-';
    return { opcode, ...operands[kind]?.() ?? { operands: list(Number(kind), number) } };
  };

  for (;;) {
    const start = at;
    const [id, length] = [byte(), number()];
    if (id !== 10) {
      at += length;
      continue;
    }
    const functions = list(number(), () => {
      const end = number() + at;
      const locals = list(number(), () => [number(), byte()]);
      const instructions = [];
      while (at < end) instructions.push(instruction());
      return { locals, instructions };
    });
    return { before: bytes.subarray(0, start), functions, after: bytes.subarray(at) };
  }
}
