// Goes into the package as it stands, so it is short. Makes the module again of what pack.mjs made of it.
export function unpack(alphabet, immediates, alignments, text) {
  const values = new Uint8Array(128);
  for (let i = 0; i < alphabet.length; i += 1) values[alphabet.charCodeAt(i)] = i;
  const codes = new TextEncoder().encode(text);
  const places = [0];
  for (let i = 0; i < codes.length; i = places.at(-1)) places.push(codes.indexOf(126, i) + 1);
  const digit = (column) => values[codes[places[column]++]];
  const number = (column) => {
    const first = digit(column);
    if (first < 64) return first;
    if (first < 81) return (first - 64) * 88 + digit(column);
    let [value, more] = first < 87 ? [first - 81, 2] : [0, 5];
    for (; more > 0; more -= 1) value = value * 88 + digit(column);
    return value;
  };
  const head = () => number(0);
  const list = (length, item) => Array.from({ length }, item);

  const bytes = new Uint8Array(head());
  let at = 0;
  const leb = (value) => {
    for (; value > 127; value = Math.floor(value / 128)) bytes[at++] = value % 128 + 128;
    bytes[at++] = value;
  };
  const signed = (value) => {
    for (; value < -64 || value > 63; value >>= 7) bytes[at++] = value & 127 | 128;
    bytes[at++] = value & 127;
  };
  // Moves what was written from here on behind its length.
  const close = (start) => {
    const end = at;
    at = start - 5;
    leb(end - start);
    bytes.copyWithin(at, start, end);
    at += end - start;
  };
  // Most bytes are the character they are in ASCII.
  const others = list(256, (_, value) => value)
    .filter((value) => value > 122 || !alphabet.includes(String.fromCharCode(value)));
  const plain = (column) => {
    const end = places[column + 1] - 1;
    while (places[column] < end) {
      const code = codes[places[column]++];
      bytes[at++] = code < 123 ? code : others[(code - 123) * 64 + digit(column)];
    }
  };

  const data = head();
  const constants = list(64, head);
  const opcodes = list(head(), head);
  const numbers = (column, count) => { for (; count > 0; count -= 1) leb(number(column)); };
  const some = (count) => (column) => { for (let i = 0; i < count; i += 1) bytes[at++] = number(column); };
  let opcode;
  let next = opcodes[number(1)];
  const write = {
    0: () => {},
    1: (column) => leb(number(column)),
    2: (column) => numbers(column, 2),
    4: some(4),
    8: some(8),
    m: (column) => {
      bytes[at++] = alignments[opcode - 40];
      leb(number(column));
    },
    i: () => {
      let value = number(next + 261);
      value = value < 64 ? constants[value] : value - 64;
      signed(value % 2 ? -(value + 1) / 2 : value / 2);
    },
    a: (column) => signed(data + number(column)),
    l: (column) => { do bytes[at] = number(column); while (bytes[at++] > 127); },
    t: (column) => {
      const count = number(column);
      leb(count);
      numbers(column, count + 1);
    },
  };
  const writers = list(256, (_, code) => write[immediates[code]]);
  const instruction = () => {
    opcode = next;
    next = opcodes[number(1)];
    if (opcode < 216) bytes[at++] = opcode;
    else if (opcode === 255) bytes[at++] = 65;
    else {
      bytes[at++] = 252;
      bytes[at++] = opcode - 216;
    }
    writers[opcode](opcode + 5);
  };
  const body = () => {
    const start = at += 5;
    const groups = number(4);
    leb(groups);
    numbers(4, 2 * groups);
    for (let depth = 1; depth > 0;) {
      instruction();
      if (opcode > 1 && opcode < 5) depth += 1;
      if (opcode === 11) depth -= 1;
    }
    close(start);
  };

  plain(2);
  bytes[at++] = 10;
  const start = at += 5;
  let functions = head();
  leb(functions);
  for (; functions > 0; functions -= 1) body();
  close(start);
  plain(3);
  return bytes;
}
