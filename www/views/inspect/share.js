// <share-dialog>: a link that holds the token, on request alone, and the report as Markdown and JSON.
import { jsonText, plainText } from '../../format/json.js';
import { sentence } from '../../format/sentence.js';
import { dateOf, nowSeconds } from '../../format/time.js';
import '../../parts/code.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';
import { headline } from './verdict.js';

const t = texts.inspect.sharing;

class ShareDialog extends Element {
  /** token: the text that is inspected; report: on it. */
  static properties = { token: { attribute: false }, report: { attribute: false }, strip: { state: true }, link: { state: true } };

  constructor() {
    super();
    this.strip = true;
  }

  open() {
    this.link = undefined;
    this.querySelector('dialog').showModal();
  }

  makeLink() {
    const { token } = this;
    const shared = this.strip ? withoutSignature(token, this.report) : token;
    this.link = `${location.href.split('#')[0]}#inspect?${new URLSearchParams({ token: shared })}`;
  }

  render() {
    const canStrip = signatureOf(this.report) !== undefined;
    return html`<dialog aria-labelledby="share-title"><div class="stack">
      <h2 id="share-title">${t.title}</h2>
      ${this.report ? this.content(canStrip) : nothing}
      <form method="dialog"><button>${t.close}</button></form>
    </div></dialog>`;
  }

  content(canStrip) {
    return html`
      <p class="small warn"><strong>!</strong> ${t.warning}</p>
      ${canStrip ? html`<label class="check"><input type="checkbox" .checked=${this.strip}
        @change=${({ target }) => { this.strip = target.checked; this.link = undefined; }}>${t.strip}</label>`
        : html`<p class="hint">${t.noSignature}</p>`}
      <div class="row"><button type="button" class="main" @click=${this.makeLink}>${t.makeLink}</button></div>
      ${this.link ? html`<code-block heading=${t.link} what=${texts.copy.what.link} .text=${this.link} is-token></code-block>
        <p class="hint">${t.linkHint}</p>` : nothing}
      <div class="row"><span class="grow">${t.markdown}</span><copy-button what=${texts.copy.what.markdown} .text=${() => markdown(this.report)}></copy-button></div>
      <div class="row"><span class="grow">${t.json}</span><copy-button what=${texts.copy.what.json} .text=${() => json(this.report)}></copy-button></div>
      <p class="hint">${t.reportStrip}</p>`;
  }
}

const signatureOf = (report) => report?.parts?.findLast(({ name, span }) => (name === 'signature' || name === 'tag') && span)?.span;

/** The token with an empty signature, or tag. */
function withoutSignature(text, report) {
  const span = signatureOf(report);
  return span ? text.slice(0, span.start) + text.slice(span.end) : text;
}

/** The report without the token's own text, for a ticket or a chat. */
export function markdown(report) {
  const { kind, checks, header, claims } = report;
  const signs = texts.checks.signs;
  const line = ({ outcome, message, fix, spec, at }) => [
    `- ${signs[outcome]} ${escaped(sentence(message, at))}`, fix && outcome !== 'pass' ? escaped(sentence(fix)) : '', spec ? `(${spec})` : '',
  ].filter(Boolean).join(' ');
  const block = (title, value) => (value ? [`## ${title}`, '', '```json', jsonText(value), '```', ''] : []);
  return [
    `# ${headline(report)}`, '', `${t.kindOf}: ${texts.inspect.kinds[kind]}. ${t.at}: ${dateOf(nowSeconds()).utc}.`, '',
    `## ${texts.checks.list}`, '', ...checks.map(line), '', ...block(texts.inspect.header, header), ...block(texts.inspect.claims, claims),
  ].join('\n');
}

const escaped = (text) => plainText(text).replace(/[\\`*_[\]<>|]/g, '\\$&');

export function json(report) {
  const { kind, outcome, summary, checks, header, claims } = report;
  return jsonText({ kind, outcome, summary, header, claims, checks: checks.map(({ span, ...check }) => check) });
}

customElements.define('share-dialog', ShareDialog);
