// Sign: a form to an assertion.
import { decode, signAssertion } from '../package.js';
import { secretField } from '../fields/secret.js';
import { presets } from '../presets.js';
import { byId } from '../show/element.js';
import { handOver } from '../show/go.js';
import { members } from '../show/members.js';
import { resultOf } from '../show/result.js';
import { tokenText } from '../show/token.js';

const FIELDS = {
  sub: 'sign-sub', subType: 'sign-sub-type', aud: 'sign-aud', secret: 'sign-secret', lifetime: 'sign-lifetime',
  exp: 'sign-exp', iat: 'sign-iat', jti: 'sign-jti',
};
/** Which field an error's `at` is about. */
const AT = {
  'claims.sub': 'sub', 'claims.aud': 'aud', 'claims.exp': 'exp', 'claims.iat': 'iat', 'claims.jti': 'jti',
  secret: 'secret', 'options.lifetime': 'lifetime',
};

/**
 * @param signed is called with each new assertion
 * @param filled is called with the preset that the form was filled with
 * @param inspect shows a token in full
 */
export function startSign({ signed, filled, inspect }) {
  const form = byId('sign-form');
  const result = resultOf('sign');
  const fields = Object.fromEntries(Object.entries(FIELDS).map(([name, id]) => [name, byId(id)]));
  let isSigned = false;

  function fill(preset) {
    for (const [name, field] of Object.entries(fields)) field.value = preset[name];
    mark(fields, undefined);
    filled(preset);
    changed();
  }

  function changed() {
    if (isSigned) result.say('The form has changed since this was signed.');
  }

  function sign() {
    mark(fields, undefined);
    try {
      const { claims, secret, options } = read(fields);
      const token = signAssertion(claims, secret, options);
      const decoded = decode(token);
      const key = { kind: 'secret', text: secret };
      isSigned = true;
      result.answer(
        'Signed with HS256.',
        tokenText('Assertion', token, handOver('Inspect', 'inspect', () => inspect({ token, key }))),
        members('Header', decoded.header),
        members('Claims', decoded.claims),
      );
      signed(token);
    } catch (error) {
      isSigned = false;
      mark(fields, AT[error.at]);
      result.refuse('Not signed.', error);
      signed('');
    }
  }

  for (const [id, preset] of Object.entries(presets)) byId(id).addEventListener('click', () => fill(preset));
  secretField(FIELDS.secret);
  form.addEventListener('input', ({ target }) => target.id !== 'sign-secret-show' && changed());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sign();
  });
  fill(presets['preset-tool-proxy']);

  return {
    /** Signs anew, for another address. */
    signFor(url) {
      fields.aud.value = url;
      sign();
    },
  };
}

/** The arguments of signAssertion: an empty field is an absent member, everything else is the package's to judge. */
function read(fields) {
  const given = (name, from = (text) => text) => {
    const text = fields[name].value.trim();
    return text === '' ? {} : { [name]: from(text) };
  };
  return {
    claims: { sub: readSub(fields), ...given('aud'), ...given('exp', Number), ...given('iat', Number), ...given('jti') },
    secret: fields.secret.value,
    options: given('lifetime', Number),
  };
}

// Through BigInt, as an id may have more digits than a number holds.
function readSub({ sub, subType }) {
  const text = sub.value.trim();
  if (subType.value === 'text') return text;
  if (/^-?(0|[1-9]\d*)$/.test(text)) return BigInt(text);
  throw Object.assign(new Error('a JSON number is written in digits only'), { at: 'claims.sub' });
}

function mark(fields, wrong) {
  for (const [name, field] of Object.entries(fields)) {
    if (name === wrong) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }
}
