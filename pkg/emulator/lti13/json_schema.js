// JSON Schema, as far as Canvas's schemas of registrations go, with the faults as its library words them.

import { inspect } from './ruby.js';

const TYPES = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => typeof value === 'bigint' || Number.isInteger(value),
  object: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  array: Array.isArray,
  null: (value) => value === null,
};

const isUri = (text) => {
  try {
    return /^[a-z][a-z0-9+.-]*:/i.test(text) && !/[\s<>"{}|\\^`]/.test(text) && Boolean(new URL(text));
  } catch {
    return false;
  }
};

const FORMATS = {
  uri: isUri,
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  hostname: (text) => /^(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/.test(text),
};

// Each: whether a value of its type keeps the rule.
const RULES = {
  const: (value, wanted) => value === wanted,
  enum: (value, wanted) => wanted.includes(value),
  pattern: (value, wanted) => typeof value !== 'string' || new RegExp(wanted).test(value),
  format: (value, wanted) => typeof value !== 'string' || FORMATS[wanted](value),
  minLength: (value, least) => typeof value !== 'string' || [...value].length >= least,
  minItems: (value, least) => !Array.isArray(value) || value.length >= least,
};

/** What Canvas answers for each fault of a value, in a list that is empty where there is none. */
export function schemaFaults(schema, value) {
  return [...faults(schema, value, '')].map((fault) => {
    if (fault.pointer) return `${shown(fault.value)} ${fault.pointer}. Schema: ${inspect(fault.schema)}`;
    return `The following fields are required: ${fault.message}`;
  });
}

const shown = (value) => (typeof value === 'string' ? value : value === null ? '' : inspect(value));

function* faults(schema, value, pointer) {
  const fault = (message) => ({ schema, value, pointer, message });
  for (const part of schema.allOf ?? []) yield* faults(part, value, pointer);
  if (schema.type && ![schema.type].flat().some((type) => TYPES[type](value))) {
    yield fault(`value at \`${pointer}\` is not one of the types: ${[schema.type].flat().join(', ')}`);
    return;
  }
  for (const [name, rule] of Object.entries(RULES)) {
    if (schema[name] !== undefined && !rule(value, schema[name])) yield fault(`value at \`${pointer}\` fails ${name}`);
  }
  if (schema.contains && Array.isArray(value)) yield* containsFaults(schema, value, pointer);
  if (schema.items && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* faults(schema.items, item, `${pointer}/${index}`);
  }
  if (TYPES.object(value)) yield* memberFaults(schema, value, pointer, fault);
}

function* memberFaults(schema, value, pointer, fault) {
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    if (Object.hasOwn(value, name)) yield* faults(part, value[name], `${pointer}/${escaped(name)}`);
  }
  if (TYPES.object(schema.additionalProperties)) {
    for (const [name, member] of Object.entries(value)) {
      if (Object.hasOwn(schema.properties ?? {}, name)) continue;
      yield* faults(schema.additionalProperties, member, `${pointer}/${escaped(name)}`);
    }
  }
  const absent = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  const where = pointer ? `at \`${pointer}\`` : 'at root';
  if (absent.length) yield fault(`object ${where} is missing required properties: ${absent.join(', ')}`);
}

// The library tells of each item that is not what the list has to contain.
function* containsFaults(schema, value, pointer) {
  if (value.some((item) => [...faults(schema.contains, item, pointer)].length === 0)) return;
  if (value.length === 0) yield { schema, value, pointer, message: 'does not contain what it has to' };
  for (const [index, item] of value.entries()) yield* faults(schema.contains, item, `${pointer}/${index}`);
}

const escaped = (name) => name.replace(/~/g, '~0').replace(/\//g, '~1');
