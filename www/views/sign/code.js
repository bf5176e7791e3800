// <code-languages>: the same token in several languages, one at a time.
import '../../parts/copy.js';
import { Element, html } from '../../parts/element.js';
import { texts } from '../../texts.js';

const t = texts.sign;

class CodeLanguages extends Element {
  /** snippets: {curl, javascript, rust} */
  static properties = { snippets: { attribute: false }, language: { state: true } };

  constructor() {
    super();
    this.language = 'curl';
  }

  render() {
    const { snippets, language } = this;
    return html`<section class="block" aria-labelledby="code-title">
      <header><h2 id="code-title">${t.snippets}</h2>
        <span class="row"><span class="segmented" role="group" aria-labelledby="code-title">${Object.keys(snippets).map((name) => html`<label>
          <input type="radio" name="code-language" .checked=${name === language} @change=${() => void (this.language = name)}>${t.languages[name]}</label>`)}</span>
          <copy-button .text=${snippets[language]} what=${t.whatSnippet[language]}></copy-button></span></header>
      <pre class="code" tabindex="0" dir="ltr">${snippets[language]}</pre>
    </section>`;
  }
}

customElements.define('code-languages', CodeLanguages);
