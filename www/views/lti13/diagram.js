// <sequence-diagram>: three lifelines, and between them an arrow for each request: an ordered list of buttons. Emits 'arrow' with the
// number of the one that was pressed. What is slotted by `foot` stands below the last.
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/wire.js';
import { texts } from '../../texts.js';

const t = texts.lti13;

/** What an arrow is called. */
export function labelOf({ kind, request }) {
  if (kind) return t.kinds[kind];
  const { pathname } = new URL(request.url);
  return t.paths.find(([pattern]) => pattern.test(pathname))?.[1] ?? t.request;
}

/** How it was answered, in words. */
export function outcomeOf({ kind, answer, error, isRefused, reason }) {
  if (error) return t.noAnswer;
  if (!answer) return t.waiting;
  if (isRefused) return [t.refusedWith(answer.status), reason ?? t.refused].join(' ');
  return [t.answered(answer.status), t.meaning[kind] ?? t.meaning[answer.status]].filter(Boolean).join(' ');
}

class SequenceDiagram extends Element {
  /** version: changes with each arrow and answer; selected: of which the details are shown; detail, foot: functions that give them. */
  static properties = {
    arrows: { attribute: false }, version: { attribute: false }, selected: { attribute: false }, detail: { attribute: false }, foot: { attribute: false },
  };

  render() {
    const { arrows } = this;
    return html`<div class="sequence">
      <div class="lifelines" aria-hidden="true">${Object.keys(t.who).map((who) => html`<div><strong>${t.who[who]}</strong><span class="quiet small">${t.hosts[who]}</span></div>`)}</div>
      <ol class="arrows" role="list" aria-label=${t.diagram}>${arrows.map((arrow, i) => this.arrow(arrow, i))}</ol>
      ${this.foot?.() ?? nothing}
    </div>`;
  }

  arrow(arrow, i) {
    const { from, to, chapter, request, answer, isRefused, error } = arrow;
    const tone = isRefused || error ? 'fail' : answer ? 'pass' : 'quiet';
    const isSelected = this.selected === i;
    return html`<li class="arrow appears ${from}-${to} ${tone}">
      ${chapter ? html`<h2 class="chapter">${t.chapters[chapter]}</h2>` : nothing}
      <button type="button" aria-pressed=${isSelected ? 'true' : 'false'} @click=${() => this.emit('arrow', i)}>
        <span class="label"><span class="unseen">${t.fromTo(t.who[from], t.who[to])}: </span><span class="number">${i + 1}</span> ${labelOf(arrow)}</span>
        <code>${request.method} ${new URL(request.url).pathname}</code>
        <span class="shaft" aria-hidden="true"></span>
        <span class="outcome ${tone}">${outcomeOf(arrow)}</span>
      </button>
      ${isSelected ? this.detail?.(arrow) ?? nothing : nothing}
    </li>`;
  }
}

customElements.define('sequence-diagram', SequenceDiagram);
