// How this language counts.
const plural = new Intl.PluralRules('en');

/** '1 check', '2 checks' */
export const counted = (count, one, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${plural.select(count) === 'one' ? one : many}`;
