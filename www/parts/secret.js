// <secret-input>: a field whose text is hidden until it is asked for. Emits 'changed' with the text.
import { texts } from '../texts.js';
import { Element, html, nothing } from './element.js';

const t = texts.secret;

class SecretInput extends Element {
  /** label: its accessible name. */
  static properties = { label: {}, value: { attribute: false }, isWrong: { attribute: false }, isShown: { state: true } };

  constructor() {
    super();
    this.value = '';
  }

  /** A key of several lines is pasted whole; the field itself would join its lines. */
  paste(event) {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (!/[\r\n]/.test(text.trim())) return;
    event.preventDefault();
    this.emit('changed', (this.value = text));
  }

  render() {
    return html`<span class="secret">
      <input type=${this.isShown ? 'text' : 'password'} .value=${this.value} aria-label=${this.label}
        aria-invalid=${this.isWrong ? 'true' : nothing} autocomplete="off" autocapitalize="off" spellcheck="false"
        @paste=${this.paste} @input=${({ target }) => this.emit('changed', (this.value = target.value))}>
      <label class="check"><input type="checkbox" aria-label=${t.showWhat(this.label)}
        @change=${({ target }) => void (this.isShown = target.checked)}>${t.show}</label>
    </span>`;
  }
}

customElements.define('secret-input', SecretInput);
