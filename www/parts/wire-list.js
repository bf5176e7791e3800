// <wire-list>: requests and their answers in their order, each a line that opens.
import { texts } from '../texts.js';
import { Element, html, nothing } from './element.js';
import './wire.js';

const t = texts.wire;

class WireList extends Element {
  /** exchanges: of package/wire.js; count: how many there are, so that it is shown anew when one is added or answered. */
  static properties = { exchanges: { attribute: false }, opened: { state: true }, version: { attribute: false } };

  render() {
    const { exchanges } = this;
    if (!exchanges?.length) return nothing;
    return html`<section class="block" aria-label=${t.list}>
      <header><h2>${t.list}</h2><span class="hint">${t.masked}</span></header>
      <ol class="wires" role="list">${exchanges.map((exchange, i) => this.row(exchange, i === exchanges.length - 1))}</ol>
    </section>`;
  }

  row({ request, answer, error, took }, isLast) {
    const tone = answer ? (answer.status < 400 ? 'pass' : 'fail') : error ? 'fail' : 'quiet';
    const { pathname, host } = new URL(request.url);
    return html`<li><details ?open=${isLast}>
      <summary><span class="line"><code>${request.method} ${pathname}</code><span class="quiet">${host}</span></span>
        <span class=${tone}>${answer ? `${tone === 'pass' ? '✓' : '✗'} ${answer.status}` : error ? t.noAnswer : t.waiting}</span>
        ${took === undefined ? nothing : html`<span class="quiet">${t.milliseconds(took)}</span>`}</summary>
      <wire-exchange .request=${request} .answer=${answer}></wire-exchange>
    </details></li>`;
  }
}

customElements.define('wire-list', WireList);
