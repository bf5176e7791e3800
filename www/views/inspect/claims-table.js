// <claims-table>: members of a header or claims set with what they mean. Emits 'mark' with the span of the one that the pointer or
// the focus is on, null when it leaves, and 'pick' when one is pressed.
import { jsonText, plainText } from '../../format/json.js';
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/time.js';
import { texts } from '../../texts.js';
import { inWords, isTime, shortName } from './meaning.js';

const t = texts.claims;
// Longer values are cut until they are asked for.
const LONG = 600;
// More rows than this are shown when they are asked for.
const MANY = 200;

class ClaimsTable extends Element {
  /** rows: {name, value, span, outcome ('fail' or 'warn'), meaning, source}; caption; what: such as 'claim', for the buttons; isMarked: of a span. */
  static properties = {
    rows: { attribute: false }, caption: {}, what: {}, isMarked: { attribute: false }, whole: { state: true }, count: { state: true }, now: { attribute: false },
  };

  constructor() {
    super();
    this.whole = new Set();
    this.count = MANY;
  }

  render() {
    const { rows, caption, count } = this;
    if (rows.length === 0) return html`<p class="quiet">${t.none}</p>`;
    return html`<table class="facts">
      <caption class="unseen">${caption}</caption>
      <colgroup><col class="names"><col></colgroup>
      <thead class="unseen"><tr><th scope="col">${t.caption.name}</th><th scope="col">${t.caption.value}</th></tr></thead>
      <tbody>${rows.slice(0, count).map((row) => this.row(row))}</tbody>
    </table>
    ${rows.length > count ? html`<button type="button" class="plain" @click=${() => void (this.count += MANY)}>${t.moreRows(rows.length - count)}</button>` : nothing}`;
  }

  row(row) {
    const { name, span, outcome } = row;
    const sign = outcome ? html` <span class="sign ${outcome}" role="img" aria-label=${texts.checks.outcomes[outcome]}>${texts.checks.signs[outcome]}</span>` : nothing;
    const short = breakable(shortName(name) ?? plainText(name));
    const mark = (found) => () => this.emit('mark', found);
    return html`<tr ?data-marked=${span && this.isMarked?.(span)} @mouseenter=${mark(span)} @mouseleave=${mark(null)}
        @focusin=${mark(span)} @focusout=${mark(null)}>
      <th scope="row">${span
        ? html`<button type="button" class="name" @click=${() => this.emit('pick', span)}><code><bdi>${short}</bdi></code></button>`
        : html`<code><bdi>${short}</bdi></code>`}${sign}</th>
      <td>${this.value(row)}${this.meaning(row)}</td>
    </tr>`;
  }

  value(row) {
    const { name, value } = row;
    const text = textOf(row);
    const isCut = text.length > LONG && !this.whole.has(name);
    const words = inWords(value);
    return html`${words.length ? html`<ul class="words">${words.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
      <code class="value"><bdi>${isCut ? `${text.slice(0, LONG)}…` : text}</bdi></code>
      ${isCut ? html`<button type="button" class="plain" @click=${() => this.show(name)}>${t.more(text.length)}</button>` : nothing}
      ${isTime(name, value) ? html`<time-of .seconds=${value} .now=${this.now}></time-of>` : nothing}`;
  }

  meaning({ name, meaning, source }) {
    const long = shortName(name) && html`<span class="meaning long-name"><code>${name}</code></span>`;
    return html`${meaning ? html`<span class="meaning">${meaning} <span class="source">${source}</span></span>` : nothing}${long ?? nothing}`;
  }

  show(name) {
    this.whole = new Set([...this.whole, name]);
  }
}

// A long name is broken after its underscores first.
const breakable = (name) => name.split(/(?<=_)/).map((part, i) => html`${i > 0 ? html`<wbr>` : nothing}${part}`);

// A row's text, made once.
const made = new WeakMap();
function textOf(row) {
  if (!made.has(row)) made.set(row, shown(row.value));
  return made.get(row);
}

// Text is shown without its quotation marks, but where it could be taken for something else.
const shown = (value) => (typeof value === 'string' && value !== '' && value === value.trim() && !/^(-?\d+(\.\d+)?|true|false|null)$/.test(value)
  ? jsonText(value).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\') : jsonText(value));

customElements.define('claims-table', ClaimsTable);
