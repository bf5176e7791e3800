// <key-forms>: a key of this page in the forms that other programs take, made when they are asked for.
import { jsonText } from '../../format/json.js';
import { keyFrom } from '../../package/keys.js';
import { pemOf, publicOf, secretJwk } from '../../package/made-keys.js';
import '../../parts/code.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';
import { read } from './algorithms.js';

const t = texts.sign;

class KeyForms extends Element {
  /** entered: as <key-field> has it; alg: what it is for. */
  static properties = { entered: { attribute: false }, alg: {}, forms: { state: true }, isOpen: { state: true } };

  willUpdate(properties) {
    if (this.isOpen && (properties.has('entered') || properties.has('isOpen'))) this.make();
  }

  async make() {
    const { entered, alg } = this;
    const forms = await formsOf(entered, alg);
    if (entered === this.entered) this.forms = forms;
  }

  render() {
    const { entered: { kind, text }, forms } = this;
    if (text === '' || !['secret', 'base64', 'jwk'].includes(kind)) return nothing;
    return html`<details ?open=${this.isOpen} @toggle=${({ target }) => void (this.isOpen = target.open)}>
      <summary>${t.saveKey}</summary>
      <div class="stack"><p class="hint">${t.hidden}</p>
        ${(this.isOpen && forms ? forms : []).map(({ name, text: shown, file, problem }) => (problem
          ? html`<p class="hint">${t.forms[name]}: ${t.noPem(problem)}</p>`
          : html`<code-block heading=${t.forms[name]} what=${t.forms[name]} file=${file} .text=${shown} is-token></code-block>`))}</div>
    </details>`;
  }
}

/** [{name, text, file} or {name, problem}] */
async function formsOf({ kind, text }, alg) {
  if (kind === 'secret' || kind === 'base64') return secretForms(text, keyFrom({ kind, text }).secret, alg);
  const jwk = read(text);
  if (!jwk) return [];
  if (jwk.kty === 'oct') return [{ name: 'secretJwk', text: jsonText(jwk), file: 'secret.jwk.json' }];
  const publicJwk = publicOf(jwk);
  const privately = jwk.d === undefined ? [] : [
    { name: 'privateJwk', text: jsonText(jwk), file: 'private.jwk.json' }, await pem('privatePem', jwk, 'private.pem'),
  ];
  return [...privately, { name: 'publicJwk', text: jsonText({ keys: [publicJwk] }), file: 'jwks.json' }, await pem('publicPem', publicJwk, 'public.pem')];
}

/** As it was entered, and as a JWK. */
const secretForms = (text, secret, alg) => [
  { name: 'secret', text, file: 'secret.txt' }, { name: 'secretJwk', text: jsonText(secretJwk(secret, alg)), file: 'secret.jwk.json' },
];

async function pem(name, jwk, file) {
  try {
    return { name, text: await pemOf(jwk), file };
  } catch (error) {
    return { name, problem: error.message };
  }
}

customElements.define('key-forms', KeyForms);
