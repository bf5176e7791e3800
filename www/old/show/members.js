// Lists of names and values.
import { element } from './element.js';
import { jsonText } from '../../format/json.js';
import { dateOf, isTime } from './time.js';

/** The members of a header or claims set, in their order. */
export function members(title, object) {
  const rows = Object.entries(object).map(([name, value]) => [
    element('code', {}, breakable(name)),
    [element('code', {}, jsonText(value)), isTime(name, value) && dateOf(value)],
  ]);
  return titled(title, rows.length ? list(rows) : element('p', { class: 'quiet' }, 'None.'));
}

// A long name is broken after its underscores first.
const breakable = (name) => name.split(/(?<=_)/).flatMap((part, i) => [i > 0 && element('wbr'), part]);

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
