// <claims-panel>: header and claims of the layer that was chosen, as a table or as JSON; the payload's text where there are no
// claims, with its fault marked.
import '../../editor/json-editor.js';
import { jsonText } from '../../format/json.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';
import './claims-table.js';
import { headerMeaning, meaningOf } from './meaning.js';
import { faultIn, payloadOf } from './payload.js';

const t = texts.inspect;

class ClaimsPanel extends Element {
  /** layer: the place of the one that is shown; parts: with spans where the text is still the one that was inspected. */
  static properties = {
    report: { attribute: false }, layer: { attribute: false }, isMarked: { attribute: false }, now: { attribute: false },
    mode: { state: true },
  };

  constructor() {
    super();
    this.mode = 'table';
  }

  part(name) {
    return this.report.parts?.find((part) => part.layer === this.layer && part.name === name);
  }

  rows(object, part, meaning) {
    const spans = spansOf(part);
    return Object.entries(object ?? {}).map(([name, value]) => ({ name, value, span: spans.get(name), ...meaning(name) }));
  }

  /** What is costly for long tokens is made once for each report. */
  willUpdate(properties) {
    if (!properties.has('report') && !properties.has('layer')) return;
    const { report, layer } = this;
    this.headerRows = this.rows(report.layers[layer]?.header, this.part('protected'), headerMeaning);
    this.claimRows = this.rows(report.claims, this.part('payload'), (name) => meaningOf(name, report.kind));
    this.text = undefined;
  }

  render() {
    const { report, layer } = this;
    const shown = report.layers[layer];
    if (!shown) return nothing;
    const isInnermost = layer === report.layers.length - 1;
    return html`
      <section class="block" aria-labelledby="header-title">
        <header><h2 id="header-title" class="part-header">${t.header}</h2>
          <copy-button .text=${() => jsonText(shown.header)} what=${texts.copy.what.header}></copy-button></header>
        <claims-table caption=${t.header} .rows=${this.headerRows} .isMarked=${this.isMarked}></claims-table>
      </section>
      ${isInnermost ? this.content(shown) : nothing}`;
  }

  content(shown) {
    const { claims } = this.report;
    if (claims) return this.claims(claims);
    if (shown.type === 'jwe') return html`<p class="quiet">${t.encrypted}</p>`;
    return this.payload(shown);
  }

  claims(claims) {
    const mode = (name, label) => html`<label><input type="radio" name="claims-mode" .checked=${this.mode === name}
      @change=${() => void (this.mode = name)}>${label}</label>`;
    return html`<section class="block" aria-labelledby="claims-title">
      <header><h2 id="claims-title" class="part-claims">${t.claims}</h2>
        <span class="row">
          <span class="segmented" role="group" aria-label=${t.showAs}>${mode('table', t.asTable)}${mode('json', t.asJson)}</span>
          <copy-button .text=${() => jsonText(claims)} what=${texts.copy.what.claims}></copy-button>
        </span></header>
      ${this.mode === 'json' ? this.json() : html`<claims-table caption=${t.claims} .now=${this.now} .isMarked=${this.isMarked}
        .rows=${this.claimRows}></claims-table>`}
    </section>`;
  }

  json() {
    const { text, places } = (this.text ??= placed(this.claimRows));
    const at = (position) => places.find(({ start, end }) => position !== null && position >= start && position < end);
    return html`<json-editor readonly label=${t.claims} .value=${text}
      .marked=${places.filter(({ span }) => span && this.isMarked?.(span))}
      @pointed=${(event) => { event.stopPropagation(); this.emit('mark', at(event.detail)?.span ?? null); }}></json-editor>`;
  }

  payload(shown) {
    const { text, length } = payloadOf(shown.payload);
    if (text === undefined) return html`<p class="quiet">${t.payloadBytes(length)}</p>`;
    return html`<section class="block" aria-labelledby="payload-title">
      <header><h2 id="payload-title" class="part-claims">${t.payloadText}</h2><copy-button .text=${text} what=${texts.copy.what.payload}></copy-button></header>
      <p class="quiet">${t.noObject}</p>
      <json-editor readonly label=${t.payloadText} .value=${text} .fault=${faultIn(text, this.report.checks)}></json-editor>
    </section>`;
  }
}

/** The claims as text, of which each member's place is known, so that it can be marked. */
function placed(rows) {
  const members = rows.map(({ name, value }) => jsonText({ [name]: value }).slice(4, -2));
  let end = 1;
  const places = rows.map(({ span }, i) => {
    const start = end + 3;
    end = start + members[i].length + (i < rows.length - 1 ? 1 : 0);
    return { start, end: start + members[i].length, span };
  });
  return { text: members.length ? `{\n  ${members.join(',\n  ')}\n}` : '{}', places };
}

const spansOf = (part) => new Map((part?.members ?? []).map(({ name, span }) => [name, span]));

customElements.define('claims-panel', ClaimsPanel);
