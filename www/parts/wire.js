// <wire-exchange>: a request and its answer as they went over the wire. Who gives them has masked the secrets.
import { texts } from '../texts.js';
import './code.js';
import { Element, html, nothing } from './element.js';

const t = texts.wire;

const head = (headers) => Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`).join('\n');

class WireExchange extends Element {
  /** request: {method, url, headers, body}; answer: {status, headers, body}, absent while there is none. */
  static properties = { request: { attribute: false }, answer: { attribute: false }, version: { attribute: false } };

  render() {
    const { request, answer } = this;
    if (!request) return nothing;
    return html`<div class="wire">
      ${this.part(t.request, `${request.method} ${request.url}`, request)}
      ${answer ? this.part(t.answer, t.status(answer.status), answer) : nothing}
    </div>`;
  }

  part(title, line, { headers, body }) {
    const text = [line, head(headers), '', body ?? ''].join('\n').trimEnd();
    return html`<code-block heading=${title} what=${title.toLowerCase()} .text=${text}></code-block>`;
  }
}

customElements.define('wire-exchange', WireExchange);
