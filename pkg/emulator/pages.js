// Canvas's pages: a part of a list, and the Link header that leads to the others.

import { textOf } from './params.js';

const NOT_IN_LINKS = ['page', 'per_page', 'access_token', 'api_key'];

const whole = (text, least) => Math.max(least, Number.parseInt(textOf(text), 10) || 0);

/** What per_page asks for, within bounds. */
export const pageSize = (asked, { usual = 10, largest = 100 } = {}) => Math.min(whole(asked, 0) || usual, largest);

/**
 * @param options `size` of a page; `base`, the address without query that links begin with; `hidden`, parameters that they
 *   do not repeat
 * @returns {{ items: any[], link: string }}
 */
export function paginate(call, all, { size, base = call.url.origin + call.url.pathname, hidden = [] }) {
  const page = whole(call.params.page, 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const kept = [...call.url.searchParams].filter(([name]) => ![...NOT_IN_LINKS, ...hidden].includes(name));
  const address = (number) => `${base}?${new URLSearchParams([...kept, ['page', number], ['per_page', size]])}`;
  const pages = { current: page, next: page < last ? page + 1 : 0, prev: page - 1, first: 1, last };
  const links = Object.entries(pages).filter(([, number]) => number > 0);
  return {
    items: all.slice((page - 1) * size, page * size),
    link: links.map(([rel, number]) => `<${address(number)}>; rel="${rel}"`).join(','),
  };
}
