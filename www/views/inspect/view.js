// <inspect-view>: any token to what it is, whether it is good, and if not, why. Left the token, right what it says.
import { notify } from '../../app/notice.js';
import { go } from '../../app/router.js';
import '../../parts/checks.js';
import '../../parts/copy.js';
import { Element, html, nothing } from '../../parts/element.js';
import '../../parts/error.js';
import { reveal } from '../../parts/reveal.js';
import { call, warm } from '../../package/worker-client.js';
import { texts } from '../../texts.js';
import './claims-panel.js';
import './layer-path.js';
import { isMendable, labelOf, mend, repairsOf } from './repair.js';
import { sampleNames, sampleOf } from './samples.js';
import './share.js';
import { shortName } from './meaning.js';
import { Model, NOTHING, optionsOf } from './model.js';
import './token-pane.js';
import { spoken } from './verdict.js';

const t = texts.inspect;
const TYPED = 20;

class InspectView extends Element {
  static properties = { marked: { state: true }, pointed: { state: true }, chosenLayer: { state: true }, mode: { state: true } };

  constructor() {
    super();
    this.mode = 'table';
    this.model = new Model();
    this.model.addEventListener('changed', () => this.changed());
    this.addEventListener('mark', ({ detail }) => void (this.marked = detail ?? undefined));
    this.addEventListener('pick', ({ detail }) => this.querySelector('token-editor').select(detail));
    this.addEventListener('pointed', ({ detail }) => void (this.pointed = detail));
    this.addEventListener('sample', ({ detail }) => this.sample(detail));
    this.addEventListener('given', ({ detail }) => this.entered(detail));
  }

  /** Where the package cannot be loaded, inspecting says so. */
  firstUpdated() {
    setTimeout(() => warm().catch((error) => this.model.fail(error)), 0);
  }

  /**
   * Takes a token, with what it is to be compared with where that is known. next: where it goes when it is mended, {view, label,
   * given}: a button that hands {token, key} over to that view, and what is given besides.
   */
  take({ next, ...given }) {
    this.next = next;
    this.fill(given, !next);
  }

  /** isOnlyForIt: whether key, endpoint and the like go when another token comes; what a person enters stays. */
  fill(given, isOnlyForIt = true) {
    const whole = { ...NOTHING, ...given };
    this.filled = isOnlyForIt ? whole : undefined;
    this.give(whole);
  }

  entered(changes) {
    const { given } = this.model;
    const isOther = changes.token !== undefined && this.filled && isPasted(given.token, changes.token);
    const old = isOther ? Object.keys(NOTHING).filter((name) => given[name] === this.filled[name]) : [];
    if (isOther) this.filled = undefined;
    this.give({ ...Object.fromEntries(old.map((name) => [name, NOTHING[name]])), ...changes });
  }

  /** Opened by a link that holds a token, which does not stay in the address. */
  shown(query) {
    const token = query.get('token');
    if (!token) return;
    history.replaceState(null, '', '#inspect');
    this.take({ token });
    notify(t.sharing.opened);
  }

  give(changes) {
    // What was pasted or chosen, not typed into: on a narrow screen its verdict comes into view.
    this.isNew = changes.token !== undefined && isPasted(this.model.given.token, changes.token);
    this.model.set(changes);
    this.requestUpdate();
  }

  changed() {
    const wasExpired = this.expired;
    this.expired = this.model.report?.checks.some(({ id, outcome }) => id === 'exp' && outcome === 'fail');
    if (this.expired && wasExpired === false && this.lastToken === this.model.inspected) notify(t.hasExpired);
    this.lastToken = this.model.inspected;
    this.chosenLayer = undefined;
    this.requestUpdate();
    if (!this.isNew || !this.model.report) return;
    this.isNew = false;
    reveal(() => this.querySelector('token-verdict'));
  }

  /** A function that tells whether what stands at a span is what the pointer is on, in the token or beside it. */
  marker() {
    const { marked, pointed } = this;
    return (span) => (marked ? marked.start === span.start && marked.end === span.end
      : typeof pointed === 'number' && pointed >= span.start && pointed < span.end);
  }

  get layer() {
    const { report } = this.model;
    return this.chosenLayer ?? report.layers.length - 1;
  }

  get now() {
    const { now } = this.model.given;
    return now === '' ? undefined : Number(now);
  }

  render() {
    const { given, report, inspected, problem } = this.model;
    const isCurrent = inspected === given.token.replace(/\r?\n$/, '');
    // Those of the text before keep their colours until the next report.
    if (isCurrent) this.parts = report?.parts;
    return html`<h1 tabindex="-1" class="unseen">${texts.views.inspect.title}</h1>
      <p class="unseen" role="status">${report ? spoken(report) : nothing}</p>
      <div class="inspect">
        <token-pane .given=${given} .report=${report} .parts=${this.parts} .problem=${problem}
          .marked=${isCurrent ? this.marked : undefined}></token-pane>
        <div class="says stack">${report ? this.says(report, problem) : this.nothingYet(problem)}</div>
      </div>
      <share-dialog .token=${given.token} .report=${report}></share-dialog>`;
  }

  async sample(name) {
    this.next = undefined;
    this.fill(await sampleOf(name));
  }

  nothingYet(problem) {
    if (problem) return html`<error-view .error=${problem}></error-view>`;
    const card = (name) => html`<li><button type="button" class="plain" aria-describedby="sample-${name}"
      @click=${() => this.sample(name)}>${t.sampleNames[name]}</button>
      <p id="sample-${name}" class="small quiet">${t.sampleHints[name]}</p></li>`;
    return html`<div class="empty"><h2>${t.empty.title}</h2><p class="quiet">${t.empty.text}</p>
      <h3>${t.trySample}</h3><ul class="cards" role="list">${sampleNames.map(card)}</ul></div>`;
  }

  says(report, problem) {
    const isMarked = this.marker();
    const placeOf = (at) => {
      const [part, ...name] = at.split('.');
      if (!name.length) return t.place[part];
      const long = name.join('.');
      return t.place[part]?.(shortName(long) ?? long);
    };
    return html`
      ${problem ? html`<p class="small warn" role="status">! ${t.decodedOnly}</p>` : nothing}
      <token-verdict .report=${report} .now=${this.now} .repair=${[this.repairButton(report, report.checks, true), this.nextButton()]} @tochecks=${this.toChecks}></token-verdict>
      <div class="row between"><layer-path .layers=${report.layers} .chosen=${this.layer} @layer=${({ detail }) => void (this.chosenLayer = detail)}></layer-path>
        <span class="row">${this.modes()}
          ${report.claims && report.layers.every(({ type }) => type !== 'jwe') ? html`<button type="button" @click=${this.edit}>${t.edit}</button>` : nothing}
          <button type="button" @click=${() => this.querySelector('share-dialog').open()}>${t.sharing.open}</button></span></div>
      <claims-panel mode=${this.mode} .report=${report} .layer=${this.layer} .isMarked=${isMarked} .now=${this.now}></claims-panel>
      <section class="block" aria-labelledby="checks-title">
        <header><h2 id="checks-title" tabindex="-1">${t.checks}</h2>${this.counts(report)}</header>
        <checks-list .checks=${report.checks} .placeOf=${placeOf} .isMarked=${isMarked}
          .fixes=${(check) => this.repairButton(report, [check])}></checks-list>
      </section>`;
  }

  /** Table or JSON, of header and claims. */
  modes() {
    const mode = (name, label) => html`<label><input type="radio" name="inspect-mode" .checked=${this.mode === name}
      @change=${() => void (this.mode = name)}>${label}</label>`;
    return html`<span class="segmented" role="group" aria-label=${t.showAs}>${mode('table', t.asTable)}${mode('json', t.asJson)}</span>`;
  }

  /** '✗ 3 faults  ! 1 warning  ✓ 6 passed' */
  counts({ checks }) {
    const { signs } = texts.checks;
    const count = (outcome) => checks.filter((check) => check.outcome === outcome).length;
    return html`<ul class="legend" role="list">${Object.keys(signs).filter(count).map((outcome) => html`<li class=${outcome}>
      <span aria-hidden="true">${signs[outcome]} </span>${t.counts[outcome](count(outcome))}</li>`)}</ul>`;
  }

  /** To Sign, with the key that signs. */
  edit() {
    const { next, model: { given: { token, key, endpoint } } } = this;
    go('sign', { token, endpoint, next, ...(['secret', 'base64', 'jwk', 'pem'].includes(key.kind) && { key }) });
  }

  toChecks() {
    const title = this.querySelector('#checks-title');
    title.focus();
    title.scrollIntoView({ block: 'start' });
  }

  /** The button that mends what a check found, or several. */
  repairButton(report, checks, isMain) {
    if (!isMendable(report, checks)) return nothing;
    const repairs = repairsOf(checks);
    return html`<button type="button" class=${isMain ? 'main' : ''} @click=${() => this.mend(checks)}>${labelOf(repairs)}</button>`;
  }

  /** Inspects once more, as the times to set are those of now. */
  async mend(checks) {
    const { given, inspected } = this.model;
    try {
      const report = await call('inspect', inspected, optionsOf(given));
      const ids = new Set(checks.map(({ id }) => id));
      const { token, key } = await mend(report, repairsOf(report.checks.filter(({ id }) => ids.has(id))), given.key);
      // Who mends a token works with its key.
      this.filled = undefined;
      this.give({ key, ...(token && { token: placed(token, inspected, report.found) }) });
      if (token) notify(t.repair.done);
    } catch (error) {
      notify(error.isNoKey ? error.message : t.repair.failed(error.message));
      if (error.isNoKey) this.querySelector('token-pane').toKey();
    }
  }

  /** The way on: back to where the token came from. */
  nextButton() {
    const { next, model: { report, given: { token, key } } } = this;
    if (!next || report.outcome === 'invalid') return nothing;
    return html`<button type="button" class="main" @click=${() => go(next.view, { token, key, ...next.given })}>${next.label}</button>`;
  }
}

/** Whether more has come into a text than is typed at once. */
function isPasted(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0, end = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end += 1;
  return after.length - start - end > TYPED;
}

/** The mended token in the place of the one that was found, where it stands there as it is. */
function placed(token, text, found) {
  const { start, end } = found?.span ?? {};
  return found?.span && text.slice(start, end) === found.token ? text.slice(0, start) + token + text.slice(end) : token;
}

customElements.define('inspect-view', InspectView);
