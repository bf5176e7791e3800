// A token's own text, its parts in colours that a legend names.
import { copyButton } from './copy.js';
import { element } from './element.js';
import { titled } from './members.js';

const PARTS = {
  3: ['header', 'payload', 'signature'],
  5: ['header', 'encrypted key', 'iv', 'ciphertext', 'tag'],
};

/**
 * @param compact a JWS or JWE in compact serialization; anything else is shown in one colour
 * @param buttons what else can be done with it
 */
export function tokenText(title, compact, ...buttons) {
  const parts = compact.split('.');
  const names = PARTS[parts.length] ?? [];
  const coloured = names.length
    ? parts.flatMap((part, i) => [i > 0 && '.', element('span', { class: classOf(names[i]) }, part)])
    : [compact];
  return titled(
    title,
    element('code', { class: 'token' }, coloured),
    element(
      'div',
      { class: 'under' },
      element('span', { class: 'legend' }, names.map((name) => element('span', { class: classOf(name) }, name))),
      element('span', { class: 'buttons' }, copyButton(title, compact), buttons),
    ),
  );
}

const classOf = (name) => `part-${name.replace(' ', '-')}`;
