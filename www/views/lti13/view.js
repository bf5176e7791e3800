// <lti13-view>: login, launch, deep linking and score as a sequence diagram that fills in while it runs. Left the arrows, right the
// request and answer of the one that was pressed; on a narrow screen below it.
import { go } from '../../app/router.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';
import '../../parts/wire.js';
import { labelOf, outcomeOf } from './diagram.js';
import { FAULTS } from './faults.js';
import { reasonOf } from './reasons.js';
import { Refused, story } from './story.js';
import { createWorld } from './world.js';

const t = texts.lti13;
const PAUSE = 400;
const wide = matchMedia('(min-width: 960px)');

class Lti13View extends Element {
  static properties = {
    fault: { state: true }, start: { state: true }, arrows: { state: true }, version: { state: true }, selected: { state: true },
    state: { state: true }, next: { state: true }, refusal: { state: true },
  };

  constructor() {
    super();
    this.fault = 'none';
    this.start = 'teacher';
    this.arrows = [];
    this.version = 0;
    /** 'idle', 'busy', 'waiting' for a press, 'refused', 'done' */
    this.state = 'idle';
    this.addEventListener('arrow', ({ detail }) => void (this.selected = this.selected === detail && !wide.matches ? undefined : detail));
    wide.addEventListener('change', () => this.requestUpdate());
  }

  async begin(start) {
    this.start = start;
    this.isRunning = false;
    this.selected = undefined;
    this.refusal = undefined;
    this.next = undefined;
    this.arrows = [];
    this.state = 'busy';
    const world = await createWorld(() => this.moved(world));
    this.world = world;
    this.arrows = world.arrows;
    this.steps = story(world, { start, fault: FAULTS[this.fault] });
    await this.step();
  }

  moved(world) {
    if (world === this.world) this.version += 1;
  }

  /** Carries out the next step of the story, until it waits for a press again. */
  async step() {
    const { steps, world } = this;
    this.state = 'busy';
    this.next = undefined;
    try {
      const { done, value } = await steps.next();
      if (world !== this.world) return;
      this.next = value;
      this.state = done ? 'done' : 'waiting';
    } catch (error) {
      if (world !== this.world) return;
      if (!(error instanceof Refused)) throw error;
      this.refusal = { ...reasonOf(error), arrow: error.arrow };
      error.arrow.reason = this.refusal.text;
      this.state = 'refused';
      this.isRunning = false;
    }
    // Below an arrow its details would push the next step away.
    if (wide.matches) this.selected = this.refusal ? this.arrows.indexOf(this.refusal.arrow) : this.arrows.length - 1;
    await this.updateComplete;
    this.toFoot();
  }

  /** The next button has the focus, as the one that was pressed is gone. */
  toFoot() {
    const foot = this.querySelector('.next-step');
    if (document.activeElement === document.body || this.contains(document.activeElement)) foot?.querySelector('button')?.focus({ preventScroll: true });
    foot?.scrollIntoView({ block: 'nearest' });
  }

  async runAll() {
    this.isRunning = true;
    const { world } = this;
    while (this.isRunning && this.world === world && this.state === 'waiting') {
      await this.step();
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
    this.isRunning = false;
    this.requestUpdate();
  }

  render() {
    const { arrows, selected } = this;
    const detail = (arrow) => html`<div class="here">${this.detail(arrow)}</div>`;
    return html`<h1 tabindex="-1" class="unseen">${texts.views.lti13.title}</h1>
      <p class="lead">${t.lead}</p>
      <div class="row begin">
        <span class="label" id="lti13-begin">${t.from}</span>
        ${Object.keys(t.begin).map((start) => html`<button type="button" class=${this.state === 'idle' && start === 'teacher' ? 'main' : ''}
          @click=${() => this.begin(start)}>${t.begin[start]}</button>`)}
        <span class="pair"><label class="label" for="lti13-fault">${t.fault}</label>
        <select id="lti13-fault" class="choice" @change=${({ target }) => this.choose(target.value)}>
          ${Object.keys(FAULTS).map((name) => html`<option value=${name} .selected=${name === this.fault}>${t.faults[name]}</option>`)}</select></span>
      </div>
      <div class="sides story">
        <div class="stack">
          <sequence-diagram .arrows=${arrows} .version=${this.version} .selected=${selected} .foot=${() => this.foot()}
            .detail=${wide.matches ? undefined : detail}></sequence-diagram>
          <p class="unseen" role="status">${this.said()}</p>
        </div>
        ${wide.matches && this.state !== 'idle' ? html`<section class="beside" aria-label=${t.detail}>${arrows[selected] ? this.detail(arrows[selected])
          : html`<p class="quiet">${t.detailEmpty}</p>`}</section>` : nothing}
        ${this.state === 'idle' ? this.outline() : nothing}
      </div>`;
  }

  outline() {
    return html`<section class="stack" aria-labelledby="lti13-outline"><h2 id="lti13-outline">${t.outline}</h2>
      <ol class="outline">${Object.keys(t.about).map((chapter) => html`<li><h3>${t.chapters[chapter]}</h3><p class="quiet small">${t.about[chapter]}</p></li>`)}</ol></section>`;
  }

  /** A fault that only one way of the story meets is chosen with it. */
  choose(fault) {
    this.fault = fault;
    if (this.state !== 'idle') this.begin(FAULTS[fault].start ?? this.start);
    else this.start = FAULTS[fault].start ?? this.start;
  }

  detail(arrow) {
    return html`<div class="stack">
      <div class="row between"><h2>${labelOf(arrow)}</h2>
        ${arrow.inspect ? html`<button type="button" @click=${() => go('inspect', arrow.inspect)}>${t.inspect}</button>` : nothing}</div>
      <wire-exchange .request=${arrow.request} .answer=${arrow.answer} .version=${this.version}></wire-exchange>
    </div>`;
  }

  said() {
    const { arrows, state, refusal } = this;
    if (refusal) return `${refusal.title}. ${refusal.text}`;
    if (state === 'done') return this.doneText();
    if (!arrows.length) return state === 'busy' ? t.making : '';
    return t.said(arrows.length, labelOf(arrows.at(-1)), outcomeOf(arrows.at(-1)));
  }

  doneText() {
    const result = [...this.world.emulator.records.results.values()].at(-1);
    return result ? t.doneText(result.resultScore, result.resultMaximum) : t.doneReplay;
  }

  foot() {
    const { state, next, refusal } = this;
    if (state === 'idle') return html`<p class="next-step begins">${t.empty}</p>`;
    if (state === 'busy') return html`<p class="next-step quiet">${this.arrows.length ? t.busy : t.making}</p>`;
    if (state === 'waiting') {
      return html`<div class="next-step row">${this.isRunning
        ? html`<button type="button" @click=${() => { this.isRunning = false; this.requestUpdate(); }}>${t.stop}</button>`
        : html`<button type="button" class="main" @click=${() => this.step()}>${t.next[next]}</button><button type="button" @click=${() => this.runAll()}>${t.run}</button>`}</div>`;
    }
    if (state === 'refused') {
      return html`<section class="next-step verdict fail" aria-labelledby="refusal-title"><span class="sign" aria-hidden="true">✗</span><div class="stack">
        <h2 id="refusal-title">${refusal.title}</h2><p class="reason">${refusal.text}</p>${refusal.fix ? html`<p class="mend">${refusal.fix}</p>` : nothing}
        ${refusal.own ? html`<p class="small own">${t.own}<code>${refusal.own}</code></p>` : nothing}
        <div class="row">${refusal.arrow.inspect ? html`<button type="button" class="main" @click=${() => go('inspect', refusal.arrow.inspect)}>${t.inspect}</button>` : nothing}
          ${this.fault === 'none' ? this.againButton() : html`<button type="button" @click=${() => { this.fault = 'none'; this.begin(this.start); }}>${t.withoutFault}</button>`}</div>
      </div></section>`;
    }
    return html`<section class="next-step verdict pass" aria-labelledby="done-title"><span class="sign" aria-hidden="true">✓</span><div class="stack">
      <h2 id="done-title">${t.done}</h2><p class="reason">${this.doneText()}</p><div class="row">${this.againButton()}</div></div></section>`;
  }

  againButton() {
    return html`<button type="button" @click=${() => this.begin(this.start)}>${t.again}</button>`;
  }
}

customElements.define('lti13-view', Lti13View);
