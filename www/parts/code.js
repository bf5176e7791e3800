// <code-block>: a titled text with a copy button; with `file`, a button that saves it under that name.
import { texts } from '../texts.js';
import { save } from './copy.js';
import { Element, html, nothing } from './element.js';

class CodeBlock extends Element {
  /** what: in words, for the buttons, such as 'the curl command'. isToken: broken anywhere, not only at words. */
  static properties = {
    heading: {}, what: {}, text: { attribute: false }, file: {}, isToken: { type: Boolean, attribute: 'is-token' },
  };

  render() {
    return html`<div class="block">
      <header>
        ${this.heading ? html`<h3>${this.heading}</h3>` : nothing}
        <span class="row">
          ${this.file ? html`<button type="button" aria-label=${texts.copy.saveLabel(this.what)}
            @click=${() => save(this.file, this.text)}>${texts.copy.save}</button>` : nothing}
          <copy-button .text=${this.text} what=${this.what}></copy-button>
        </span>
      </header>
      <pre class="code ${this.isToken ? 'token-text' : ''}" tabindex="0" dir="ltr">${this.text}</pre>
    </div>`;
  }
}

customElements.define('code-block', CodeBlock);
