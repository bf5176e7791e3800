// Inspect: any token to what it is, whether it is good, and if not, why.
import { decode, inspect } from '../package.js';
import { keyField } from '../fields/key.js';
import { samples } from '../samples.js';
import { byId, element } from '../show/element.js';
import { layersOf } from '../show/layers.js';
import { facts } from '../show/members.js';
import { checkList, reportLine } from '../show/report.js';
import { resultOf } from '../show/result.js';

export function startInspect() {
  const form = byId('inspect-form');
  const [token, endpoint, more] = ['inspect-token', 'inspect-endpoint', 'inspect-more'].map(byId);
  const [key, decryptionKey] = ['inspect-key', 'inspect-decryption-key'].map(keyField);
  const result = resultOf('inspect');
  let latest = 0;

  function options() {
    const address = endpoint.value.trim();
    return {
      ...given('key', () => key.read()),
      ...given('decryptionKey', () => decryptionKey.read()),
      ...(address && { endpoint: address }),
    };
  }

  // An error inside a key says "key.n" whichever key it is.
  function mark(at = '') {
    key.mark(/^(options\.)?key/.test(at));
    decryptionKey.mark(/^(options\.decryptionKey|key)/.test(at));
  }

  async function show() {
    // The line break at the end of what is pasted is the terminal's.
    const text = token.value.replace(/\r?\n$/, '');
    const turn = ++latest;
    mark();
    if (text.trim() === '') return result.clear();
    try {
      const report = await inspect(text, options());
      // While typing, an older answer may come after a newer one.
      if (turn === latest) result.answer(reportLine(report), ...reported(report, text));
    } catch (error) {
      if (turn !== latest) return;
      mark(error.at);
      result.refuse('Decoded only, as it could not be inspected.', error, [], decoded(text));
    }
  }

  /** Takes a token, with what it is to be compared with where that is known. */
  function take(given) {
    token.value = given.token;
    key.put(given.key);
    decryptionKey.put(given.decryptionKey);
    endpoint.value = given.endpoint ?? '';
    if (given.key || given.decryptionKey || given.endpoint) more.open = true;
    show();
  }

  // On a narrow screen the answer comes below, so nothing optional stands between.
  more.open = matchMedia('(min-width: 60rem)').matches;
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show();
  });
  for (const [id, sample] of Object.entries(samples)) byId(id).addEventListener('click', () => take({ token: sample }));
  byId('inspect-clear').addEventListener('click', () => {
    take({ token: '' });
    token.focus();
  });

  return { take };
}

/** An option that was given; an error that it is no key tells which. */
function given(name, read) {
  try {
    const value = read();
    return value === undefined ? {} : { [name]: value };
  } catch (error) {
    throw Object.assign(error, { at: `options.${name}` });
  }
}

function reported(report, text) {
  return [checkList(report), facts([['Kind', element('code', {}, report.kind)]]), ...layersOf(report, text)];
}

function decoded(text) {
  try {
    return layersOf(decode(text), text);
  } catch {
    return [];
  }
}
