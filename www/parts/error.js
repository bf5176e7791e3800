// <error-view>: what went wrong, the reason first, every fact of it after.
import { jsonText } from '../format/json.js';
import { texts } from '../texts.js';
import { Element, html, nothing } from './element.js';

const t = texts.error;

class ErrorView extends Element {
  /** reason: in plain words, where more is known than the error says. */
  static properties = { error: { attribute: false }, reason: {} };

  render() {
    const { error, reason } = this;
    if (!error) return nothing;
    const message = String(error.message ?? error);
    return html`<div class="error" role="alert">
      <p><strong>${reason ?? message}</strong></p>
      ${reason ? html`<p>${message}</p>` : nothing}
      ${error.retryAfter === undefined ? nothing : html`<p>${t.retryAfter(error.retryAfter)}</p>`}
      ${error.body === undefined ? nothing : html`<details><summary>${t.body}</summary>
        <pre class="code" tabindex="0">${jsonText(error.body)}</pre></details>`}
      ${error.code ? html`<p class="hint">${t.code(error.code)}${error.at ? html` · ${t.at}<code>${error.at}</code>` : nothing}</p>` : nothing}
    </div>`;
  }
}

customElements.define('error-view', ErrorView);
