// Lists of names and values.
import { element } from './element.js';
import { jsonText } from './json.js';
import { dateOf, isTime } from './time.js';

/** The members of a header or claims set, in their order. */
export function members(title, object) {
  const rows = Object.entries(object).map(([name, value]) => [
    element('code', {}, name),
    [element('code', {}, jsonText(value)), isTime(name, value) && dateOf(value)],
  ]);
  return titled(title, rows.length ? list(rows) : element('p', { class: 'quiet' }, 'None.'));
}

/** Rows of name and value; a row without a value is left out. */
export function facts(rows) {
  return list(rows.filter(([, value]) => value !== null && value !== undefined));
}

export function titled(title, ...content) {
  return element('div', { class: 'titled' }, element('h3', {}, title), ...content);
}

function list(rows) {
  const pair = ([name, value]) => [element('dt', {}, name), element('dd', {}, value)];
  return element('dl', {}, rows.flatMap(pair));
}
