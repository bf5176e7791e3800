// JSON as a token has it: a bigint with all its digits, and nothing that could disguise the text around it.

// Control characters, and those that turn the direction of writing.
const DISGUISING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

// The longest array that is written on one line.
const LINE = 60;

const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
const text = (value) => JSON.stringify(value).replace(DISGUISING, escaped);

/** Indented by two spaces a level. ofBigint: how a bigint is written. */
export function jsonText(value, indent = '', ofBigint = String) {
  if (typeof value === 'bigint') return ofBigint(value);
  if (typeof value !== 'object' || value === null) return text(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => jsonText(item, inner, ofBigint))
    : Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]) => `${text(name)}: ${jsonText(member, inner, ofBigint)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const line = open + items.join(', ') + close;
  if (Array.isArray(value) && line.length <= LINE && !line.includes('\n')) return line;
  return items.length ? `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}` : open + close;
}

/** Text that is shown as it is, but for what could disguise it. */
export const plainText = (value) => value.replace(DISGUISING, escaped);
