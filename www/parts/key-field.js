// <key-field>: a key in any form that the package takes. Emits 'changed' with what was entered, {kind, text, key}: `key` where it
// was fetched, or is the emulator's. package/keys.js makes of it what the package takes.
import { kindOf } from '../package/keys.js';
import { texts } from '../texts.js';
import './code.js';
import { Element, html, newId, nothing } from './element.js';
import './secret.js';

const t = texts.key;

class KeyField extends Element {
  /**
   * label: such as 'Key'. value: what was entered. kinds: those to choose from. emulated: a function that resolves to the emulator's
   * key for what is inspected. problem: why the package does not take it.
   */
  static properties = {
    label: {}, value: { attribute: false }, kinds: { attribute: false }, emulated: { attribute: false }, problem: {},
    state: { state: true },
  };

  constructor() {
    super();
    this.value = { kind: 'secret', text: '' };
    this.kinds = ['secret', 'base64', 'jwk', 'pem', 'url'];
    this.id_ = newId('key');
  }

  enter(value) {
    this.value = value;
    this.state = undefined;
    this.emit('changed', value);
  }

  async choose(kind) {
    this.enter({ kind, text: kind === 'emulator' || kind === 'url' || this.value.kind === 'emulator' ? '' : this.value.text });
    if (kind === 'emulator') this.enter({ kind, text: '', key: await this.emulated() });
  }

  /** What is pasted shows by itself what it is. */
  type(text) {
    this.enter({ kind: kindOf(text) ?? this.value.kind, text });
  }

  async open(file) {
    if (file) this.type(await file.text());
  }

  async fetch() {
    const url = this.value.text.trim();
    if (!/^https?:\/\/./.test(url) || !URL.canParse(url)) {
      this.state = { problem: t.notUrl };
      return;
    }
    const { host } = new URL(url);
    this.state = { note: t.fetching };
    try {
      const answer = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' });
      if (!answer.ok) throw Object.assign(new Error(t.fetchStatus(host, answer.status)), { isAnswer: true });
      const key = await answer.json();
      this.enter({ kind: 'url', text: url, key });
      this.state = { note: t.fetched(key.keys?.length ?? 1, host) };
    } catch (error) {
      this.state = error.isAnswer ? { problem: error.message }
        : { problem: t.fetchFailed(host), curl: `curl -s '${url.replaceAll("'", '%27')}'` };
    }
  }

  drop(event) {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(file);
  }

  render() {
    const { kind } = this.value;
    const option = (name) => html`<option value=${name} ?selected=${name === kind}>${t.kinds[name]}</option>`;
    const problem = this.state?.problem ?? this.problem;
    return html`<div class="field" role="group" aria-label=${this.label} @drop=${this.drop}>
      <div class="row">
        <span class="label">${this.label}</span>
        <select class="grow" aria-label=${t.kind(this.label)} .value=${kind} @change=${({ target }) => this.choose(target.value)}>
          ${this.kinds.map(option)}</select>
      </div>
      ${this.fields(kind)}
      ${problem ? html`<p class="problem" id=${this.id_} role="status">${problem}</p>` : nothing}
      ${this.state?.note ? html`<p class="hint" role="status">${this.state.note}</p>` : nothing}
      ${this.state?.curl ? html`<code-block what=${texts.copy.what.curl} .text=${this.state.curl}></code-block>` : nothing}
    </div>`;
  }

  fields(kind) {
    const { text } = this.value;
    if (kind === 'secret' || kind === 'base64') {
      return html`<secret-input label=${this.label} .value=${text} .isWrong=${Boolean(this.problem)}
        @changed=${(event) => { event.stopPropagation(); this.type(event.detail); }}></secret-input>`;
    }
    if (kind === 'emulator') return html`<p class="hint">${t.ofEmulator}</p>`;
    if (kind === 'url') return this.urlField(text);
    return html`<textarea rows="3" aria-label=${this.label} .value=${text} autocomplete="off" autocapitalize="off" spellcheck="false"
        aria-invalid=${this.problem ? 'true' : nothing} aria-describedby=${this.problem ? this.id_ : nothing}
        @input=${({ target }) => this.type(target.value)}></textarea>
      <label class="button"><input class="unseen" type="file" @change=${({ target }) => this.open(target.files[0])}>${t.file}</label>`;
  }

  urlField(text) {
    return html`<div class="row">
        <input class="grow" type="url" inputmode="url" aria-label=${this.label} .value=${text} placeholder="https://…" autocomplete="off" spellcheck="false"
          @input=${({ target }) => this.enter({ kind: 'url', text: target.value })}
          @keydown=${(event) => event.key === 'Enter' && this.fetch()}>
        <button type="button" @click=${this.fetch}>${t.fetch}</button>
      </div>
      ${text ? html`<p class="hint">${t.willAsk(text)}</p>` : nothing}`;
  }
}

customElements.define('key-field', KeyField);
