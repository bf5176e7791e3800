// How Ruby shows a value: what Canvas's texts say of schemas and of what was sent.

/** Ruby 3.4's inspect of what JSON can hold. */
export function inspect(value) {
  if (value === null || value === undefined) return 'nil';
  if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value).replace(/#(?=[{$@])/g, '\\#');
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value).map(([name, member]) => `${inspect(name)} => ${inspect(member)}`);
  return members.length ? `{${members.join(', ')}}` : '{}';
}
