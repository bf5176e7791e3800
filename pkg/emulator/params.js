// Request parameters as Rails reads them: query, body (urlencoded, multipart or JSON) and path, later ones winning.

import { toText } from './bytes.js';
import { parseJson } from './json.js';

/**
 * @param {URL} url
 * @param {Headers} headers
 * @param {Uint8Array} body
 * @returns {Promise<Record<string, any>>} throws when the body is not what its content type says
 */
export async function readParams(url, headers, body) {
  const type = headers.get('content-type') ?? '';
  return Object.assign(nest(url.searchParams), await readBody(type, body));
}

async function readBody(type, body) {
  if (body.length === 0) return {};
  if (/^application\/(?:vnd\.ims\.lis\.v[0-9]\.\w+\+)?json\b/i.test(type)) {
    const value = parseJson(toText(body));
    return value && typeof value === 'object' && !Array.isArray(value) ? value : { _json: value };
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return nest(new URLSearchParams(toText(body)));
  if (!/^multipart\/form-data\b/i.test(type)) return {};
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const fields = [];
  for (const [name, value] of form) fields.push([name, typeof value === 'string' ? value : await value.text()]);
  return nest(fields);
}

// `a[b]=1` is an object, `a[]=1` an array.
function nest(fields) {
  const root = Object.create(null);
  for (const [name, value] of fields) {
    const path = [name.replace(/\[.*$/s, ''), ...Array.from(name.matchAll(/\[([^\]]*)\]/g), ([, key]) => key)];
    let at = root;
    path.forEach((key, depth) => {
      if (key === '' && depth > 0) return;
      const isList = path[depth + 1] === '';
      if (isList) (Array.isArray(at[key]) ? at[key] : (at[key] = [])).push(value);
      else if (depth === path.length - 1) at[key] = value;
      else at = isPlain(at[key]) ? at[key] : (at[key] = Object.create(null));
    });
  }
  return root;
}

const isPlain = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Rails' blank?: absent, empty or white space only. */
export const isBlank = (value) =>
  value === undefined || value === null || value === false || (typeof value === 'string' && !value.trim())
  || (typeof value === 'object' && Object.keys(value).length === 0);

/** As text; empty for what is no single value. */
export const textOf = (value) => (value === null || value === undefined || typeof value === 'object' ? '' : String(value));

/** Canvas's value_to_boolean. */
export const toBoolean = (value) => ['true', 't', '1', 'y', 'yes', 'on'].includes(String(value).trim().toLowerCase());
