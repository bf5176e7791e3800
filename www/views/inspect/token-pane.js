// <token-pane>: the left side of Inspect: the token, where it comes from, and what it is checked against. Emits 'given' with what
// changed, and 'sample' with the name of one.
import { notify } from '../../app/notice.js';
import '../../editor/token-editor.js';
import '../../parts/copy.js';
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/key-field.js';
import { texts } from '../../texts.js';
import { emulatorKeys } from './emulator-keys.js';
import { NOTHING } from './model.js';
import { sampleNames } from './samples.js';

const t = texts.inspect;

class TokenPane extends Element {
  static properties = {
    given: { attribute: false }, report: { attribute: false }, parts: { attribute: false }, marked: { attribute: false },
    problem: { attribute: false }, isOver: { state: true },
  };

  constructor() {
    super();
    const isWide = matchMedia('(min-width: 960px)').matches;
    // On a narrow screen the verdict comes below, so nothing optional stands between.
    this.isOpen = isWide;
  }

  get editor() {
    return this.querySelector('token-editor');
  }

  give(changes) {
    this.emit('given', changes);
  }

  async fromClipboard() {
    try {
      this.give({ token: await navigator.clipboard.readText() });
    } catch {
      notify(t.noClipboard);
    }
  }

  async fromFile(file) {
    if (file) this.give({ token: (await file.text()).replace(/\r?\n$/, '') });
  }

  /** A file that is dropped anywhere in the view, and text that is pasted outside its fields, is the token; not behind an open dialog. */
  firstUpdated() {
    const view = this.closest('inspect-view');
    const isHeard = () => !view.hidden && !document.querySelector('dialog[open]');
    // Before the editor, which would put a file's text where it was dropped.
    const hear = (name, act) => document.addEventListener(name, (event) => isHeard() && act(event), { capture: true });
    hear('dragover', (event) => this.over(event));
    hear('dragleave', ({ relatedTarget }) => void (this.isOver = this.isOver && relatedTarget !== null));
    hear('drop', (event) => this.drop(event));
    hear('paste', (event) => this.paste(event));
  }

  over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.isOver = !ofKey(event);
  }

  drop(event) {
    const [file] = event.dataTransfer?.files ?? [];
    this.isOver = false;
    if (!file || ofKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.fromFile(file);
  }

  paste(event) {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const [target] = event.composedPath();
    if (text.trim() === '' || target.closest?.('input, textarea, select, [contenteditable="true"]')) return;
    event.preventDefault();
    this.give({ token: text });
  }

  /** Shows where the key is entered. */
  toKey() {
    this.isOpen = true;
    this.querySelector('details.against').open = true;
    this.querySelector('key-field input').focus();
  }

  clear() {
    this.give(NOTHING);
    this.editor.focus();
  }

  render() {
    return html`<section class="token-pane" aria-labelledby="token-title">
      <h2 id="token-title" class="unseen">${t.token}</h2>
      <div class="editor-box ${this.isOver ? 'is-over' : ''}">
        <token-editor label=${t.token} placeholder=${t.placeholder} .value=${this.given.token}
          .parts=${this.parts} .marked=${this.marked}
          @changed=${(event) => { event.stopPropagation(); this.give({ token: event.detail }); }}></token-editor>
        ${this.isOver ? html`<p class="drop-here">${t.dropHere}</p>` : nothing}
      </div>
      <div class="row between">${this.legend()}<span class="small quiet">${this.given.token ? t.length(this.given.token.length) : nothing}</span></div>
      ${this.report?.found ? this.found(this.report) : nothing}
      <div class="row">
        <button type="button" @click=${this.fromClipboard}>${t.clipboard}</button>
        <label class="button"><input class="unseen" type="file" @change=${({ target }) => { this.fromFile(target.files[0]); target.value = ''; }}>${t.file}</label>
        ${this.given.token ? html`<copy-button .text=${this.given.token} what=${texts.copy.what.token}></copy-button>
          <button type="button" @click=${this.clear}>${t.clear}</button>` : nothing}
      </div>
      ${this.given.token ? html`<div class="samples" role="group" aria-label=${t.samples}>
        <span class="label">${t.samples}</span>
        ${sampleNames.map((name) => html`<button type="button" class="plain" @click=${() => this.emit('sample', name)}>${t.sampleNames[name]}</button>`)}
      </div>` : nothing}
      <details class="against" ?open=${this.isOpen} @toggle=${({ target }) => void (this.isOpen = target.open)}>
        <summary>${t.against}</summary>${this.against()}</details>
    </section>`;
  }

  /** Where in a longer text the token was found, and which others are in it. */
  found({ found, others = [] }) {
    return html`<div class="found small"><p role="status">${t.found(t.forms[found.form], found.name)}</p>
      ${others.length ? html`<p class="row">${t.others}: ${others.map(({ token, kind, name }) => html`<button type="button" class="plain"
        @click=${() => this.give({ token })}>${t.other(t.kinds[kind], name)}</button>`)}</p>` : nothing}</div>`;
  }

  legend() {
    const names = this.parts?.some(({ name }) => name === 'tag') ? t.partsOfJwe : t.parts;
    if (!this.parts?.length) return html`<span></span>`;
    return html`<ul class="legend">${Object.entries(names).map(([part, name]) => html`<li class="part-${part}">${name}</li>`)}</ul>`;
  }

  /** What the token is checked against. */
  against() {
    const { given, problem } = this;
    // An error inside a key says "key.n" whichever key it is.
    const wrong = (name) => (problem && (/^options\.(\w+)/.exec(problem.at)?.[1] ?? 'key') === name ? t.keyWrong + problem.message : undefined);
    const text = (name, label, hint, more = {}) => html`<div class="field">
      <label for="inspect-${name}">${label}</label>
      <input id="inspect-${name}" .value=${given[name]} inputmode=${more.inputmode ?? 'text'} autocomplete="off" autocapitalize="off"
        spellcheck="false" aria-describedby=${hint ? `inspect-${name}-hint` : nothing} @input=${({ target }) => this.give({ [name]: target.value })}>
      ${hint ? html`<p class="hint" id="inspect-${name}-hint">${hint}</p>` : nothing}
    </div>`;
    const key = (name) => html`<key-field label=${t[name]} .value=${given[name]} .problem=${wrong(name)}
      .kinds=${['secret', 'base64', 'jwk', 'pem', 'url', 'emulator']} .emulated=${() => emulatorKeys(this.report, name)}
      @changed=${(event) => { event.stopPropagation(); this.give({ [name]: event.detail }); }}></key-field>`;
    return html`<div class="stack">
      ${key('key')}
      ${text('endpoint', t.endpoint, t.endpointHint, { inputmode: 'url' })}
      <details class="more" ?open=${this.report?.layers.some(({ type }) => type === 'jwe')}>
        <summary>${t.more}</summary><div class="stack">${key('decryptionKey')}
      <div class="pairs">
        <div class="field"><label for="inspect-as">${t.asKind}</label>
          <select id="inspect-as" @change=${({ target }) => this.give({ as: target.value })}>
            <option value="">${t.detected}</option>
            ${Object.entries(t.kinds).map(([kind, name]) => html`<option value=${kind} ?selected=${given.as === kind}>${name}</option>`)}
          </select></div>
        ${text('now', t.now, t.nowHint, { inputmode: 'numeric' })}
        ${text('nonce', t.nonce)}
        ${text('tolerance', t.tolerance, undefined, { inputmode: 'numeric' })}
      </div></div></details>
    </div>`;
  }
}

// A file that is dropped on a key's field is a key.
const ofKey = ({ target }) => target.closest?.('key-field') != null;

customElements.define('token-pane', TokenPane);
