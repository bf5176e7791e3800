// <server-choice>: who answers: the emulator in this page, with what goes wrong in it, or a server at a base URL. Emits 'server' with
// {kind, base, fault}.
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';

const t = texts.canvas.server;

/** What the emulator does to each request, by name. */
const FAULTS = {
  none: {}, slow: { latency: 4000 }, throttle: { throttle: 1, throttleStatus: 429 }, down: { serverError: 1 }, drop: { dropBefore: 1 },
};
const WELL = { latency: 0, throttle: 0, serverError: 0, dropBefore: 0, throttleStatus: 403 };

/** Runs something while the emulator has a fault; all views share the one emulator. */
export async function withFault(emulator, name, run) {
  Object.assign(emulator.faults, FAULTS[name]);
  try {
    return await run();
  } finally {
    Object.assign(emulator.faults, WELL);
  }
}

class ServerChoice extends Element {
  static properties = { value: { attribute: false } };

  change(changes) {
    this.emit('server', { ...this.value, ...changes });
  }

  render() {
    const { kind, base, fault } = this.value;
    const choice = (name) => html`<label><input type="radio" name="canvas-by" .checked=${kind === name} @change=${() => this.change({ kind: name })}>${t.kinds[name]}</label>`;
    return html`<div class="stack">
      <div class="row"><span class="label" id="canvas-by">${t.by}</span>
        <span class="segmented" role="group" aria-labelledby="canvas-by">${choice('emulator')}${choice('server')}</span></div>
      ${kind === 'server' ? html`<div class="field"><label for="canvas-base">${t.base}</label>
        <input id="canvas-base" type="url" .value=${base} placeholder="https://school.instructure.com" autocomplete="off" spellcheck="false"
          aria-describedby="canvas-base-hint" @input=${({ target }) => this.change({ base: target.value })}>
        <p class="hint" id="canvas-base-hint">${t.baseHint}</p></div>`
        : html`<div class="row"><label class="label" for="canvas-fault">${t.fault}</label>
          <select id="canvas-fault" class="choice" @change=${({ target }) => this.change({ fault: target.value })}>
            ${Object.keys(FAULTS).map((name) => html`<option value=${name} .selected=${name === fault}>${t.faults[name]}</option>`)}</select></div>`}
    </div>`;
  }
}

customElements.define('server-choice', ServerChoice);
