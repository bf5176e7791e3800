// <made-pane>: the right side of Sign: the token, what it will be taken for, and the same in code. Emits 'token' with the text that was
// typed over it, and 'inspectit'.
import { go } from '../../app/router.js';
import '../../editor/token-editor.js';
import { sentence } from '../../format/sentence.js';
import '../../parts/copy.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';
import './code.js';
import { snippetsOf } from './snippets.js';

const t = texts.sign;
const PARTS = { 3: ['protected', 'payload', 'signature'], 5: ['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag'] };

class MadePane extends Element {
  static properties = {
    given: { attribute: false }, made: { attribute: false }, problem: { attribute: false }, note: {}, next: { attribute: false },
    typed: { state: true },
  };

  willUpdate(properties) {
    if (!properties.has('made') || !this.made) return;
    this.parts = partsOf(this.made.token);
    this.snippets = snippetsOf(this.given, this.made);
  }

  render() {
    const { made, note, typed } = this;
    return html`<div class="stack">
      ${this.state()}
      <section class="block" aria-labelledby="made-title">
        <header><h2 id="made-title">${t.token}</h2>
          <span class="row">${made ? html`<copy-button .text=${made.token} what=${t.copyToken}></copy-button>` : nothing}</span></header>
        <token-editor class="made-token" label=${t.token} .description=${t.tokenHelp} .value=${typed ?? made?.token ?? ''} .parts=${typed === undefined ? this.parts : partsOf(typed)}
          @pointed=${(event) => event.stopPropagation()} @focusout=${() => void (this.typed = undefined)}
          @changed=${(event) => { event.stopPropagation(); this.typed = event.detail; this.emit('token', event.detail); }}></token-editor>
        ${typed !== undefined && made && typed.trim() !== made.token ? html`<p class="hint">${t.typed}</p>` : nothing}
        ${note ? html`<p class="problem" role="status">${note}</p>` : nothing}
      </section>
      ${made ? html`<code-languages .snippets=${this.snippets}></code-languages>` : nothing}
    </div>`;
  }

  /** Whether there is a token, and what its reader will say. */
  state() {
    const { made, problem } = this;
    if (!made && !problem) return html`<p class="quiet">${t.waiting}</p>`;
    if (problem) return this.box('fail', '✗', t.notMade, t.problem(t.places[problem.at], problem.message));
    const fault = made.report?.checks.find(({ outcome }) => outcome === 'fail');
    const title = t.outcomes[made.mode](made.header?.alg ?? '');
    return this.box(fault ? 'warn' : 'pass', fault ? '!' : '✓', title, fault ? sentence(fault.message, fault.at) : t.good, fault?.fix && sentence(fault.fix));
  }

  exchange() {
    const { made: { token }, given: { key, endpoint, code } } = this;
    go('canvas', { token, key, endpoint, code });
  }

  box(tone, sign, title, text, fix) {
    const { made, problem, next } = this;
    return html`<section class="verdict ${tone}" aria-labelledby="made-state">
      <span class="sign" aria-hidden="true">${sign}</span>
      <div class="stack">
        <h2 id="made-state">${title}</h2>
        <p class="reason">${text}</p>
        ${fix ? html`<p class="mend small">${fix}</p>` : nothing}
        <p class="unseen" role="status">${title}. ${text}</p>
        ${made && !problem ? html`<p class="facts-line small"><span>${texts.inspect.kinds[made.report?.kind] ?? 'JWT'}</span><span>${made.header?.alg ?? made.jwe.alg}</span><span>${t.length(made.token.length)}</span></p>
          <div class="row">
            ${next ? html`<button type="button" class="main" @click=${() => go(next.view, { token: made.token, key: this.given.key, ...next.given })}>${next.label}</button>` : nothing}
            <button type="button" @click=${() => this.emit('inspectit')}>${t.inspect}</button>
            ${made.report?.kind === 'lti2-assertion' && !next ? html`<button type="button" @click=${this.exchange}>${t.exchange}</button>` : nothing}
          </div>` : nothing}
      </div>
    </section>`;
  }
}

/** Where the parts of a compact token stand, as a report has them. */
function partsOf(token) {
  const texts = token.split('.');
  let start = 0;
  return (PARTS[texts.length] ?? []).map((name, i) => {
    const span = { start, end: start + texts[i].length };
    start = span.end + 1;
    return { name, span };
  });
}

customElements.define('made-pane', MadePane);
