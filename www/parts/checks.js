// <checks-list>: the checks of a report, in its order; those that passed are folded away where others are to be read. Emits 'mark'
// and 'pick' as <claims-table> does.
import { sentence } from '../format/sentence.js';
import { texts } from '../texts.js';
import { Element, html, nothing } from './element.js';

const t = texts.checks;

class ChecksList extends Element {
  /** checks: of a report; fixes: a function that gives a check's buttons; placeOf: what a check's `at` is called; isMarked: of a span. */
  static properties = {
    checks: { attribute: false }, fixes: { attribute: false }, placeOf: { attribute: false }, isMarked: { attribute: false },
  };

  render() {
    const passed = this.checks.filter(({ outcome }) => outcome === 'pass');
    const others = this.checks.filter(({ outcome }) => outcome !== 'pass');
    const isGood = others.every(({ outcome }) => outcome === 'skip');
    return html`${others.length ? this.list(others) : nothing}
      ${passed.length ? html`<details ?open=${isGood}><summary class="pass">${t.passed(passed.length)}</summary>${this.list(passed)}</details>` : nothing}`;
  }

  // The role, as some browsers forget that a list without bullets is one.
  list(checks) {
    return html`<ul class="checks" role="list">${checks.map((check) => this.check(check))}</ul>`;
  }

  check(check) {
    const { outcome, message, fix, spec, at, span } = check;
    const place = at && span && this.placeOf?.(at);
    const mark = (found) => () => this.emit('mark', found);
    return html`<li class=${outcome} ?data-marked=${span && this.isMarked?.(span)} @mouseenter=${mark(span)} @mouseleave=${mark(null)}
        @focusin=${mark(span)} @focusout=${mark(null)}>
      <span class="sign ${outcome}" role="img" aria-label=${t.outcomes[outcome]}>${t.signs[outcome]}</span>
      <div class="body">
        <p>${sentence(message, at)}</p>
        ${fix && outcome !== 'pass' ? html`<p class="fix">${sentence(fix)}</p>` : nothing}
        <p class="small quiet row">${place ? html`<button type="button" class="plain place" @click=${() => this.emit('pick', span)}>${place}</button>` : nothing}
          ${spec ? html`<span>${t.source(spec)}</span>` : nothing}</p>
        ${this.fixes?.(check) ?? nothing}
      </div>
    </li>`;
  }
}

customElements.define('checks-list', ChecksList);
