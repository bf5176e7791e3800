// <call-result>: what came of a call: granted, refused and why, or still on its way; and every request and answer. Emits 'cancel',
// 'again', 'mend', 'inspectit' and 'reportwith'.
import { jsonText } from '../../format/json.js';
import { curlOf } from '../../package/wire.js';
import '../../parts/code.js';
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/time.js';
import '../../parts/wire-list.js';
import { texts } from '../../texts.js';
import { isMendable, labelOf, repairsOf } from '../inspect/repair.js';
import { reasonOf } from './reasons.js';

const t = texts.canvas;

class CallResult extends Element {
  /** version: changes with every step of the run. */
  static properties = { run: { attribute: false }, version: { attribute: false }, canMend: { attribute: false } };

  render() {
    const { run } = this;
    if (!run) return html`<div class="empty"><h2>${t.empty.title}</h2><p class="quiet">${t.empty.text}</p></div>`;
    return html`<div class="stack">
      ${STATES[run.state](this, run)}
      <wire-list .exchanges=${run.wire} .version=${this.version}></wire-list>
    </div>`;
  }

  box(tone, sign, title, content) {
    return html`<section class="verdict ${tone}" aria-labelledby="call-state">
      <span class="sign" aria-hidden="true">${sign}</span><div class="stack"><h2 id="call-state" tabindex="-1">${title}</h2>${content}</div></section>
      <p class="unseen" role="status">${title}</p>`;
  }

  button(event, label, isMain = false) {
    return html`<button type="button" class=${isMain ? 'main' : ''} @click=${() => this.emit(event)}>${label}</button>`;
  }

  busy({ wire }) {
    const host = wire.length ? new URL(wire.at(-1).request.url).host : 'Canvas';
    return this.box('warn', '…', t.busy(host), html`
      <p class="small">${wire.length > 1 ? t.tries(wire.length) : nothing}</p>
      <progress aria-label=${t.busy(host)}></progress>
      <div class="row">${this.button('cancel', t.cancel)}</div>`);
  }

  cancelled() {
    return this.box('warn', '!', t.cancelled, html`<div class="row">${this.button('again', t.again, true)}</div>`);
  }

  failed(run) {
    const { title, text, fix, own, isCors } = reasonOf(run);
    const sent = run.wire.at(-1)?.sent;
    const { report } = run.error;
    const repairs = this.canMend && report && isMendable(report, report.checks) ? repairsOf(report.checks) : [];
    return html`${this.box('fail', '✗', title, html`
      <p class="reason">${text}</p>
      ${fix ? html`<p class="mend">${fix}</p>` : nothing}
      ${own ? html`<p class="small own">${t.own}<code>${own}</code>${run.isInPage ? html` <span class="quiet">${t.ownHint}</span>` : nothing}</p>` : nothing}
      <div class="row">
        ${repairs.length ? this.button('mend', t.mendAndAsk(labelOf(repairs)), true) : nothing}
        ${run.assertion ? this.button('inspectit', t.inspectRefused, !repairs.length) : nothing}
        ${this.button('again', t.again)}
      </div>`)}
      ${isCors && sent ? html`<code-block heading=${t.curl} what=${texts.copy.what.curl} .text=${curlOf(sent)}></code-block>
        ${/authorization/i.test(Object.keys(sent.headers).join()) ? html`<p class="hint">${t.curlToken}</p>` : nothing}` : nothing}`;
  }

  finished({ result }) {
    const { kind, token, claims, expiresAt, object } = result;
    const about = object ? nothing : html`<p>${claims ? t.readable : t.encrypted}</p>
      <p class="small">${t.expires} <time-of .seconds=${expiresAt}></time-of></p>
      <div class="row">${this.button('inspectit', t.inspect, kind !== 'lti2-access-token')}
        ${kind === 'lti2-access-token' ? this.button('reportwith', t.report, true) : nothing}</div>`;
    return html`${this.box('pass', '✓', t.done[kind], about)}
      ${object ? html`<code-block what=${texts.copy.what.report} .text=${jsonText(object)}></code-block>`
        : html`<code-block heading=${t.result} what=${texts.copy.what.token} .text=${token} is-token></code-block>`}`;
  }
}

const STATES = {
  busy: (element, run) => element.busy(run),
  cancelled: (element) => element.cancelled(),
  failed: (element, run) => element.failed(run),
  done: (element, run) => element.finished(run),
};

customElements.define('call-result', CallResult);
