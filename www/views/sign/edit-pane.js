// <edit-pane>: the left side of Sign: what the token is made of. Emits 'given' with what changed, 'template', 'alg', 'generate' and
// 'renew'.
import '../../editor/json-editor.js';
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/key-field.js';
import '../../parts/time.js';
import { texts } from '../../texts.js';
import { CONTENT, MANAGEMENT, SIGNATURES, generatedFor, read } from './algorithms.js';
import './key-forms.js';
import { templateLabel, templateNames } from './templates.js';
import { jsonText } from '../../format/json.js';

const t = texts.sign;
const MODES = ['signed', 'nested', 'encrypted'];
const TIMES = ['iat', 'nbf', 'exp'];

class EditPane extends Element {
  /** claims: of the last token that could be made. */
  static properties = {
    given: { attribute: false }, problem: { attribute: false }, claims: { attribute: false }, isMaking: { attribute: false },
  };

  give(changes) {
    this.emit('given', changes);
  }

  render() {
    const { given: { mode } } = this;
    return html`<div class="stack">
      ${this.begin()}
      ${this.isMaking ? html`<p class="hint" role="status">${t.making}</p>` : nothing}
      ${mode === 'encrypted' ? nothing : this.headerBlock()}
      ${this.claimsBlock()}
      ${mode === 'signed' ? nothing : this.encryption()}
      ${mode === 'encrypted' ? nothing : this.key('key', read(this.given.header)?.alg)}
      ${this.kindOfToken()}
    </div>`;
  }

  begin() {
    const { template } = this.given;
    return html`<div class="row">
      <label class="label" for="edit-template">${t.template}</label>
      <select id="edit-template" class="grow" @change=${({ target }) => this.emit('template', target.value)}>
        ${template ? nothing : html`<option value="" selected disabled>${t.custom}</option>`}
        ${templateNames.map((name) => html`<option value=${name} .selected=${name === template}>${templateLabel(name)}</option>`)}
      </select>
      <button type="button" title=${t.renewHint} @click=${() => this.emit('renew')}>${t.renew}</button>
    </div>`;
  }

  kindOfToken() {
    const { mode, isWrapped } = this.given;
    return html`<div class="row">
      <span class="label" id="edit-make">${t.make}</span>
      <span class="segmented" role="group" aria-labelledby="edit-make">${MODES.map((name) => html`<label>
        <input type="radio" name="edit-mode" .checked=${name === mode} @change=${() => this.give({ mode: name })}>${t.modes[name]}</label>`)}</span>
      <label class="check"><input type="checkbox" .checked=${isWrapped} @change=${({ target }) => this.give({ isWrapped: target.checked })}>${t.wrap}</label>
    </div>`;
  }

  headerBlock() {
    const { header } = this.given;
    return html`<section class="block" aria-labelledby="edit-header-title">
      <header><h2 id="edit-header-title" class="part-header">${t.header}</h2>
        <span class="row">${this.choice(t.algorithm, SIGNATURES, read(header)?.alg, (alg) => this.emit('alg', alg))}
          <copy-button .text=${header} what=${texts.copy.what.header}></copy-button></span></header>
      ${this.editor('header', t.header)}
    </section>`;
  }

  claimsBlock() {
    return html`<section class="block" aria-labelledby="edit-claims-title">
      <header><h2 id="edit-claims-title" class="part-claims">${t.claims}</h2>
        <copy-button .text=${this.given.claims} what=${texts.copy.what.claims}></copy-button></header>
      ${this.editor('claims', t.claims)}
      ${this.times()}
    </section>`;
  }

  times() {
    const { claims } = this;
    const found = TIMES.filter((name) => typeof claims?.[name] === 'number');
    if (!found.length) return nothing;
    return html`<ul class="times small" role="list">${found.map((name) => html`<li><code>${name}</code> <time-of .seconds=${claims[name]}></time-of></li>`)}</ul>`;
  }

  encryption() {
    const jwe = read(this.given.jwe) ?? {};
    const set = (name) => (value) => this.give({ jwe: jsonText({ ...jwe, [name]: value }) });
    return html`<section class="block" aria-labelledby="edit-jwe-title">
      <header><h2 id="edit-jwe-title" class="part-signature">${t.jwe}</h2>
        <span class="row">${this.choice(t.management, MANAGEMENT, jwe.alg, set('alg'))}${this.choice(t.content, CONTENT, jwe.enc, set('enc'))}</span></header>
      ${this.editor('jwe', t.jwe)}
      ${this.key('recipient', generatedFor(jwe))}
    </section>`;
  }

  choice(label, names, chosen, choose) {
    return html`<select class="choice" aria-label=${label} @change=${({ target }) => choose(target.value)}>
      ${names.includes(chosen) ? nothing : html`<option value="" selected disabled>${t.anyAlg}</option>`}
      ${names.map((name) => html`<option .selected=${name === chosen}>${name}</option>`)}</select>`;
  }

  editor(name, label) {
    const { problem } = this;
    const isWrong = problem?.at === name;
    return html`<json-editor class="edit-${name}" label=${label} .value=${this.given[name]} ?wrong=${isWrong} .fault=${isWrong ? problem.fault : undefined}
        @pointed=${(event) => event.stopPropagation()}
        @changed=${(event) => { event.stopPropagation(); this.give({ [name]: event.detail }); }}></json-editor>
      ${isWrong ? html`<p class="problem">${problem.fault ? t.fault(problem.message) : problem.message}</p>` : nothing}`;
  }

  key(name, alg) {
    const { given, problem, isMaking } = this;
    return html`<div class="stack key-of">
      <key-field label=${t[name]} .value=${given[name]} .kinds=${['secret', 'base64', 'jwk', 'pem']} .problem=${problem?.at === name ? problem.message : undefined}
        @changed=${(event) => { event.stopPropagation(); this.give({ [name]: event.detail }); }}></key-field>
      <div class="row"><button type="button" ?disabled=${isMaking || !alg} aria-label=${alg ? t.generateFor(alg, t[name]) : nothing}
        @click=${() => this.emit('generate', name)}>${t.generate}</button></div>
      <key-forms .entered=${given[name]} .alg=${alg}></key-forms>
    </div>`;
  }
}

customElements.define('edit-pane', EditPane);
