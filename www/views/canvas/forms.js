// <call-form>: what a call is made with. Emits 'given' with what changed, and 'ask' with the name of the call.
import '../../editor/token-editor.js';
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/secret.js';
import { texts } from '../../texts.js';
import { CALLERS, urlOf } from './model.js';

const t = texts.canvas;

class CallForm extends Element {
  static properties = { given: { attribute: false }, isBusy: { attribute: false } };

  give(changes) {
    this.emit('given', changes);
  }

  render() {
    const { call } = this.given;
    return html`<form class="stack" novalidate @submit=${(event) => { event.preventDefault(); this.emit('ask', call); }}>${FORMS[call](this)}</form>`;
  }

  text(name, label, { hint, inputmode = 'text', value = this.given[name], ...more } = {}) {
    const id = `call-${name}`;
    return html`<div class="field"><label for=${id}>${label}</label>
      <input id=${id} .value=${value} inputmode=${inputmode} placeholder=${more.placeholder ?? nothing} autocomplete="off" autocapitalize="off" spellcheck="false"
        aria-describedby=${hint ? `${id}-hint` : nothing} @input=${({ target }) => this.give({ [name]: target.value, ...more.also })}>
      ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}</div>`;
  }

  select(name, label, options) {
    return html`<div class="field"><label for="call-${name}">${label}</label>
      <select id="call-${name}" @change=${({ target }) => this.give({ [name]: target.value })}>
        ${Object.entries(options).map(([value, shown]) => html`<option value=${value} .selected=${value === this.given[name]}>${shown}</option>`)}</select></div>`;
  }

  secret(name, label) {
    return html`<div class="field"><span class="label">${label}</span>
      <secret-input label=${label} .value=${this.given[name]} @changed=${({ detail }) => this.give({ [name]: detail })}></secret-input></div>`;
  }

  token(name, label) {
    return html`<div class="field"><span class="label">${label}</span>
      <token-editor class="call-token" label=${label} .value=${this.given[name]} @pointed=${(event) => event.stopPropagation()}
        @changed=${(event) => { event.stopPropagation(); this.give({ [name]: event.detail }); }}></token-editor></div>`;
  }

  submit(label) {
    return html`<button type="submit" class="main" ?disabled=${this.isBusy}>${label}</button>`;
  }

  button(name, label) {
    return html`<button type="button" ?disabled=${this.isBusy} @click=${() => this.emit('ask', name)}>${label}</button>`;
  }
}

/** By the call that is chosen. */
const FORMS = {
  exchange(form) {
    const { given } = form;
    const isSigned = given.who === 'toolProxy' || given.who === 'developerKey';
    return html`
      ${form.select('who', t.who, Object.fromEntries(Object.keys(CALLERS).map((who) => [who, t.callers[who]])))}
      ${isSigned ? form.text('sub', t.sub) : form.token('assertion', t.assertion)}
      ${form.secret('secret', isSigned ? t.secret : t.secretToMend)}
      ${form.text('code', t.code)}
      ${form.text('url', t.url, { hint: t.urlHint, inputmode: 'url', value: urlOf(given), also: { isUrlTyped: true } })}
      <div class="row">${form.submit(isSigned ? t.signAndExchange : t.exchange)}</div>`;
  },
  report(form) {
    return html`
      ${form.token('token', t.token)}
      <div class="pairs">
        ${form.text('assignment', t.assignment, { inputmode: 'numeric' })}${form.text('submission', t.submission, { inputmode: 'numeric' })}
        ${form.text('file', t.file, { inputmode: 'numeric' })}${form.text('score', t.score, { inputmode: 'decimal' })}</div>
      ${form.text('report', t.reportId, { hint: t.reportIdHint, inputmode: 'numeric' })}
      <div class="row">${form.submit(t.post)}${form.button('readReport', t.readBack)}</div>`;
  },
  jwt(form) {
    const { given } = form;
    return html`
      ${form.secret('bearer', t.bearer)}
      ${form.text('workflows', t.workflows, { hint: t.workflowsHint, placeholder: 'rich_content, ui' })}
      <div class="pairs">${form.select('contextType', t.context, t.contexts)}${given.contextType ? form.text('contextId', t.contextId, { inputmode: 'numeric' }) : nothing}</div>
      <label class="check"><input type="checkbox" .checked=${given.audience} aria-describedby="call-audience-hint"
        @change=${({ target }) => form.give({ audience: target.checked })}>${t.audience}</label>
      <p class="hint" id="call-audience-hint">${t.audienceHint}</p>
      <div class="row">${form.submit(t.create.jwt)}</div>
      ${form.token('jwt', t.jwt)}
      <div class="row">${form.button('refresh', t.refresh)}</div>`;
  },
  instAccess(form) {
    return html`${form.secret('bearer', t.bearer)}<div class="row">${form.submit(t.create.instAccess)}</div>`;
  },
};

customElements.define('call-form', CallForm);
