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
  /** mode: 'table' or 'json'; layer: the place of the one that is shown; parts: with spans where the text is still the one that was inspected. */
  static properties = {
    report: { attribute: false }, layer: { attribute: false }, isMarked: { attribute: false }, now: { attribute: false },
    mode: {},
  };

  part(name) {
    return this.report.parts?.find((part) => part.layer === this.layer && part.name === name);
  }

  rows(object, part, meaning, place) {
    const spans = spansOf(part);
    const outcomes = outcomesOf(this.report.checks, place);
    return Object.entries(object ?? {}).map(([name, value]) => ({ name, value, span: spans.get(name), outcome: outcomes.get(name), ...meaning(name) }));
  }

  /** What is costly for long tokens is made once for each report. */
  willUpdate(properties) {
    if (!properties.has('report') && !properties.has('layer')) return;
    const { report, layer } = this;
    this.headerRows = this.rows(report.layers[layer]?.header, this.part('protected'), headerMeaning, 'header');
    this.claimRows = this.rows(report.claims, this.part('payload'), (name) => meaningOf(name, report.kind), 'claims');
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
        ${this.members(t.header, this.headerRows)}
      </section>
      ${isInnermost ? this.content(shown) : nothing}`;
  }

  content(shown) {
    const { claims } = this.report;
    if (claims) return this.claims(claims);
    if (shown.type === 'jwe') return html`<p class="quiet">${t.encrypted}</p>`;
    return this.payload(shown);
  }

  members(caption, rows) {
    return this.mode === 'json' ? this.json(caption, rows)
      : html`<claims-table caption=${caption} .now=${this.now} .isMarked=${this.isMarked} .rows=${rows}></claims-table>`;
  }

  claims(claims) {
    return html`<section class="block" aria-labelledby="claims-title">
      <header><h2 id="claims-title" class="part-claims">${t.claims}</h2>
        <copy-button .text=${() => jsonText(claims)} what=${texts.copy.what.claims}></copy-button></header>
      ${this.members(t.claims, this.claimRows)}
    </section>`;
  }

  json(label, rows) {
    const { text, places } = placed(rows);
    const at = (position) => places.find(({ start, end }) => position !== null && position >= start && position < end);
    return html`<json-editor readonly label=${label} .value=${text}
      .marked=${places.filter(({ span }) => span && this.isMarked?.(span))}
      @pointed=${(event) => { event.stopPropagation(); this.emit('mark', at(event.detail)?.span ?? null); }}></json-editor>`;
  }

  payload(shown) {
    const { text, length } = payloadOf(shown.payload);
    if (length === undefined) return nothing;
    if (text === undefined) return html`<p class="quiet">${t.payloadBytes(length)}</p>`;
    return html`<section class="block" aria-labelledby="payload-title">
      <header><h2 id="payload-title" class="part-claims">${t.payloadText}</h2><copy-button .text=${text} what=${texts.copy.what.payload}></copy-button></header>
      <p class="quiet">${t.noObject}</p>
      <json-editor readonly label=${t.payloadText} .value=${text} .fault=${faultIn(text, this.report.checks)}></json-editor>
    </section>`;
  }
}

/** The worst that the checks found of each member of the header or the claims; nothing of what passed. */
function outcomesOf(checks, place) {
  const found = new Map();
  for (const { at = '', outcome } of checks) {
    const name = at.startsWith(`${place}.`) && at.slice(place.length + 1);
    if (name && (outcome === 'fail' || (outcome === 'warn' && !found.has(name)))) found.set(name, outcome);
  }
  return found;
}

/** Members as text, of which each one's place is known, so that it can be marked; made once for the same rows. */
const texted = new WeakMap();
function placed(rows) {
  if (!texted.has(rows)) texted.set(rows, textOf(rows));
  return texted.get(rows);
}

function textOf(rows) {
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
