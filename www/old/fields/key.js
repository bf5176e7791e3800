// A key as the package takes it: a shared secret, a JWK or a set of them, or PEM.
import { byId } from '../show/element.js';
import { secretField } from './secret.js';

/** @param id the id that the fields' ids begin with */
export function keyField(id) {
  const [kind, secretBox, textBox, text] =
    ['kind', 'secret-field', 'text-field', 'text'].map((name) => byId(`${id}-${name}`));
  const secret = secretField(`${id}-secret`);

  function update() {
    secretBox.hidden = kind.value !== 'secret';
    textBox.hidden = kind.value === 'secret';
  }
  kind.addEventListener('change', update);
  update();

  const field = () => (kind.value === 'secret' ? secret : text);
  return {
    /** Undefined when nothing was given. */
    read: () => (field().value.trim() === '' ? undefined : READ[kind.value](field().value)),

    put(given) {
      kind.value = given?.kind ?? 'secret';
      secret.value = '';
      text.value = '';
      field().value = given?.text ?? '';
      update();
    },

    mark(isWrong) {
      for (const one of [secret, text]) one.removeAttribute('aria-invalid');
      if (isWrong && field().value.trim() !== '') field().setAttribute('aria-invalid', 'true');
    },
  };
}

const READ = {
  secret: (secret) => ({ secret }),
  pem: (pem) => ({ pem }),
  jwk(text) {
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message would quote the key.
      throw new Error('this is no JSON, expected a JWK or a JWK Set');
    }
  },
};
