// The pages that Canvas answers browsers with: a form that posts itself, and plain ones.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const NAMES = Object.fromEntries(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));

export const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** JSON that may stand in a script. */
export const scriptJson = (value) => JSON.stringify(value).replace(/</g, '\\u003c');

/** @returns {import('../answers.js').Answer} */
export const page = (status, title, body, headers = {}) => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  text: `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body>${body}</body></html>\n`,
});

export function form(action, fields, { target, id = 'form' } = {}) {
  const inputs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`);
  const where = target === undefined ? '' : ` target="${escapeHtml(target)}"`;
  return `<form id="${id}" action="${escapeHtml(action)}" method="post"${where}>\n${inputs.join('\n')}\n</form>`;
}

export const submits = (id = 'form') => `<script>document.getElementById('${id}').submit();</script>`;

/** What such a form posts, and where: { url, form }, or null for a page without one. */
export function readForm(text) {
  const action = /<form [^>]*action="([^"]*)"/.exec(text);
  if (!action) return null;
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return {
    url: unescape(action[1]),
    form: Object.fromEntries(fields.map(([, name, value]) => [unescape(name), unescape(value)])),
  };
}

/** Where the links of a page lead, whoever wrote it: no `<` within one, or many that do not end would take for ever. */
export const readLinks = (text) => [...text.matchAll(/<a\s[^<>]*?href=(?:"([^"]*)"|'([^']*)')/gi)].map(([, one, other]) => unescape(one ?? other));

/** Where a page's script goes at once, or null. */
export function readRedirect(text) {
  const found = /window\.location\.replace\(("[^]*?")\);<\/script>/.exec(text);
  return found && JSON.parse(found[1]);
}

const unescape = (text) => text.replace(/&(?:amp|lt|gt|quot|#(\d+)|#x([\da-f]+));/gi, (entity, decimal, hex) => {
  const name = NAMES[entity.toLowerCase()];
  if (name) return name;
  const point = decimal ? Number(decimal) : parseInt(hex, 16);
  return point > 0x10FFFF ? entity : String.fromCodePoint(point);
});
