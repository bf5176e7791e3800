// <copy-button>: copies its text. Where there is no clipboard (a page over plain http has none), the text is marked instead.
import { notify } from '../app/notice.js';
import { texts } from '../texts.js';
import { Element, html } from './element.js';

const t = texts.copy;

class CopyButton extends Element {
  /** text: what is copied, or a function that gives it. what: in words, such as 'the token'. */
  static properties = { text: { attribute: false }, what: {} };

  async copy() {
    const text = typeof this.text === 'function' ? await this.text() : this.text;
    notify(await toClipboard(text) ? t.copied : (this.mark(), t.marked));
  }

  mark() {
    const shown = this.closest('code-block, .block')?.querySelector('.code, pre');
    if (shown) getSelection().selectAllChildren(shown);
  }

  render() {
    return html`<button type="button" aria-label=${t.label(this.what)} @click=${this.copy}>${t.button}</button>`;
  }
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Saves text as a file. */
export function save(name, text, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

customElements.define('copy-button', CopyButton);
