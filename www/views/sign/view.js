// <sign-view>: header, claims and key to a token, live. Left what is edited, right what it makes.
import { notify } from '../../app/notice.js';
import { go } from '../../app/router.js';
import { jsonText } from '../../format/json.js';
import { makeKey, madeKey, makeSecret } from '../../package/made-keys.js';
import { call } from '../../package/worker-client.js';
import { Element, html } from '../../parts/element.js';
import { texts } from '../../texts.js';
import { SIGNATURES, generatedFor, isHmac, mayFit, read } from './algorithms.js';
import './edit-pane.js';
import './made-pane.js';
import { EMPTY, Model } from './model.js';
import { renewed, templateOf } from './templates.js';

const t = texts.sign;

class SignView extends Element {
  static properties = { isMaking: { state: true }, note: { state: true } };

  constructor() {
    super();
    this.model = new Model();
    this.model.addEventListener('changed', () => this.requestUpdate());
    this.addEventListener('given', ({ detail }) => this.give(detail));
    this.addEventListener('template', ({ detail }) => this.fill(detail));
    this.addEventListener('alg', ({ detail }) => this.chooseAlg(detail));
    this.addEventListener('generate', ({ detail }) => this.generate(detail));
    this.addEventListener('renew', () => this.renew());
    this.addEventListener('token', ({ detail }) => this.edit(detail));
    this.addEventListener('inspectit', () => this.inspect());
  }

  shown() {
    if (this.model.given === EMPTY) this.fill('toolProxy');
  }

  /**
   * Takes a token to edit, with the key that signs it, and what it is for. next: where it goes when it is signed, {view, label}.
   */
  async take({ token, key, endpoint = '', code = '', next }) {
    this.next = next;
    this.isOwnKey = true;
    this.model.set({ ...EMPTY, endpoint, code, ...(key && { key }) });
    await this.edit(token);
  }

  give(changes) {
    this.note = undefined;
    if (changes.key) this.isOwnKey = true;
    this.model.set({ template: undefined, ...changes });
    if (changes.header !== undefined) this.fitKey(read(changes.header)?.alg);
  }

  async fill(name) {
    const given = templateOf(name);
    this.filling = name;
    this.next = undefined;
    this.isOwnKey = false;
    this.note = undefined;
    if (!given.key) Object.assign(given, await this.making(async () => {
      const { privateKey } = await madeKey(read(given.header).alg);
      return { key: { kind: 'jwk', text: jsonText(privateKey) }, header: jsonText({ ...read(given.header), kid: privateKey.kid }) };
    }));
    if (this.filling === name) this.model.set({ ...EMPTY, ...given }, 0);
  }

  /** An algorithm that was chosen, not typed: the header says it, with the key that goes with it. */
  async chooseAlg(alg) {
    const { kid, ...header } = read(this.model.given.header) ?? { typ: 'JWT' };
    this.model.set({ template: undefined, header: jsonText({ ...header, alg, ...(this.isOwnKey && kid && { kid }) }) });
    const key = await this.fitKey(alg);
    if (key?.kid) this.model.set({ header: jsonText({ ...header, alg, kid: key.kid }) });
  }

  /** Another key of the page's own, where the algorithm takes another. Resolves to the JWK, where there is one. */
  async fitKey(alg) {
    const { key } = this.model.given;
    if (!SIGNATURES.includes(alg) || mayFit(key, alg) || (this.isOwnKey && key.text.trim() !== '')) return undefined;
    if (isHmac(alg)) return void this.model.set({ key: { kind: 'secret', text: makeSecret(alg) } });
    const { privateKey } = await this.making(() => madeKey(alg)) ?? {};
    if (privateKey && read(this.model.given.header)?.alg === alg) this.model.set({ key: { kind: 'jwk', text: jsonText(privateKey) } });
    return privateKey;
  }

  /** name: 'key' or 'recipient' */
  async generate(name) {
    const { header, jwe } = this.model.given;
    const alg = name === 'key' ? read(header)?.alg : generatedFor(read(jwe) ?? {});
    if (name === 'key') this.isOwnKey = false;
    if (name === 'key' && isHmac(alg)) this.model.set({ key: { kind: 'secret', text: makeSecret(alg) } }, 0);
    else {
      const { privateKey } = await this.making(() => makeKey(alg)) ?? {};
      if (!privateKey) return;
      const kid = name === 'key' && { header: jsonText({ ...read(header), kid: privateKey.kid }) };
      this.model.set({ [name]: { kind: 'jwk', text: jsonText(privateKey) }, ...kid }, 0);
    }
    notify(t.generated(alg));
  }

  async making(run) {
    this.isMaking = true;
    try {
      return await run();
    } catch (error) {
      notify(t.generateFailed(error.message));
      return undefined;
    } finally {
      this.isMaking = false;
    }
  }

  renew() {
    const claims = this.model.made?.claims;
    if (!claims) return;
    this.model.set({ claims: jsonText(renewed(claims)) }, 0);
    notify(t.renewed);
  }

  /** A token that was typed or pasted: its header and claims are what is edited. */
  async edit(token) {
    const text = token.trim();
    if (text === '') return;
    try {
      const { header, claims, layers } = await call('decode', text);
      if (layers.at(-1).type === 'jwe') {
        this.note = t.encryptedPasted;
        return;
      }
      this.note = undefined;
      this.model.set({
        template: undefined, header: jsonText(header), claims: jsonText(claims ?? {}), mode: 'signed', isWrapped: layers[0].type === 'base64',
      });
      this.fitKey(header.alg);
    } catch (error) {
      this.note = t.notReadable(error.message);
    }
  }

  inspect() {
    const { made, given: { key, recipient, mode, endpoint } } = this.model;
    go('inspect', {
      token: made.token, ...(mode !== 'encrypted' && { key }), ...(mode !== 'signed' && { decryptionKey: recipient }), endpoint,
    });
  }

  render() {
    const { given, made, problem } = this.model;
    return html`<h1 tabindex="-1" class="unseen">${texts.views.sign.title}</h1>
      <p class="lead">${t.lead}</p>
      <div class="sides">
        <edit-pane .given=${given} .problem=${problem} .claims=${made?.claims} .isMaking=${this.isMaking}></edit-pane>
        <made-pane .given=${given} .made=${made} .problem=${problem} .note=${this.note} .next=${this.next}></made-pane>
      </div>`;
  }
}

customElements.define('sign-view', SignView);
