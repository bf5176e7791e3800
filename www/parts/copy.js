// <copy-button>: copies its text, over plain http, too, where a page has no clipboard of the newer kind.
import { notify } from '../app/notice.js';
import { texts } from '../texts.js';
import { Element, html } from './element.js';

const t = texts.copy;

class CopyButton extends Element {
  /** text: what is copied, or a function that gives it. what: in words, such as 'the token'. */
  static properties = { text: { attribute: false }, what: {} };

  async copy() {
    const text = typeof this.text === 'function' ? await this.text() : this.text;
    notify(await toClipboard(text, this) ? t.copied : t.failed);
  }

  render() {
    return html`<button type="button" aria-label=${t.label(this.what)} @click=${this.copy}>${t.button}</button>`;
  }
}

async function toClipboard(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, beside);
  }
}

/** The command of old, which copies what is selected: a field beside the button, as outside an open dialog nothing can be. */
function copySelected(text, beside) {
  const { activeElement } = document;
  const field = Object.assign(document.createElement('textarea'), { value: text, readOnly: true, className: 'unseen', ariaHidden: 'true' });
  beside.after(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  activeElement?.focus({ preventScroll: true });
  return isCopied;
}

/** Saves text as a file. */
export function save(name, text, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

customElements.define('copy-button', CopyButton);
