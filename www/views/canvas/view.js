// <canvas-view>: Canvas's token endpoints, one call at a time. Left what is asked, right the answer, and every request on the wire.
import { go } from '../../app/router.js';
import { call } from '../../package/worker-client.js';
import { Element, html } from '../../parts/element.js';
import { reveal } from '../../parts/reveal.js';
import { texts } from '../../texts.js';
import { emulatorKeys } from '../inspect/emulator-keys.js';
import { mend, repairsOf } from '../inspect/repair.js';
import './forms.js';
import { CALLERS, START, isEmulated, refusedAssertion, startCall, serverClock, urlOf } from './model.js';
import './result.js';
import './server.js';

const t = texts.canvas;

class CanvasView extends Element {
  static properties = { given: { state: true }, run: { state: true }, version: { state: true } };

  constructor() {
    super();
    this.given = START;
    this.version = 0;
    this.addEventListener('given', ({ detail }) => this.give(detail));
    this.addEventListener('server', ({ detail }) => this.give({ server: detail, isUrlTyped: false }));
    this.addEventListener('ask', ({ detail }) => this.ask(detail));
    this.addEventListener('cancel', () => this.run.cancel());
    this.addEventListener('again', () => this.ask(this.run.name));
    this.addEventListener('mend', () => this.mend());
    this.addEventListener('inspectit', () => this.inspect());
    this.addEventListener('reportwith', () => this.reportWith());
  }

  /** Takes an assertion and the key that signs it. isSent: the press that brought it here said that it is sent at once. */
  take({ token, key, endpoint, code, isSent }) {
    const url = endpoint ? { url: endpoint, isUrlTyped: endpoint !== urlOf({ ...this.given, url: endpoint, isUrlTyped: false }) } : {};
    this.give({ call: 'exchange', who: 'own', assertion: token, ...url, ...(key && { secret: key.kind === 'secret' ? key.text : '' }), ...(code !== undefined && { code }) });
    if (isSent) this.ask('exchange');
  }

  give(changes) {
    const { who } = changes;
    const isOther = who && who !== this.given.who && changes.assertion === undefined;
    this.given = { ...this.given, ...(isOther && CALLERS[who]), ...changes };
    if (isOther && who === 'refused') this.fillRefused();
  }

  async fillRefused() {
    const assertion = await refusedAssertion(urlOf(this.given));
    if (this.given.who === 'refused') this.give({ assertion });
  }

  async ask(name) {
    this.run?.cancel();
    const run = startCall(name, this.given, () => void (this.version += 1));
    this.run = run;
    this.showResult();
    await run.done;
    if (run !== this.run) return;
    this.showResult();
    if (run.state !== 'done') return;
    const { kind, token, object } = run.result;
    if (kind === 'canvas-jwt') this.give({ jwt: token });
    if (kind === 'lti2-access-token') this.give({ token });
    if (kind === 'report' && object.id !== undefined) this.give({ report: String(object.id) });
  }

  showResult() {
    reveal(() => this.querySelector('call-result'));
  }

  get secret() {
    return { kind: 'secret', text: this.run.given.secret };
  }

  /** Inspects once more, as the times to set are those of now. */
  async mend() {
    const { assertion, given } = this.run;
    const now = serverClock(this.run);
    const report = await call('inspect', assertion, { endpoint: urlOf(given), as: 'lti2-assertion', ...(now && { now: Number(now) }) });
    const { token = assertion } = await mend(report, repairsOf(report.checks), this.secret);
    this.give({ who: 'own', assertion: token });
    this.ask('exchange');
  }

  async inspect() {
    const { run } = this;
    const { assertion, given, state } = run;
    if (state === 'done') return go('inspect', await this.tokenToInspect(run));
    const endpoint = urlOf(given);
    return go('inspect', {
      token: assertion, key: this.secret, endpoint, now: serverClock(run),
      next: { view: 'canvas', label: t.exchangeAgain(new URL(endpoint).host), given: { endpoint, code: given.code, isSent: true } },
    });
  }

  /** The token that was given, with the keys of the emulator, where it has given it. */
  async tokenToInspect({ result: { kind, token }, isInPage, ...run }) {
    if (!isInPage) return { token, now: serverClock(run) };
    const known = (key) => ({ kind: 'emulator', text: '', key });
    if (kind === 'lti2-access-token') return { token, key: known(await emulatorKeys(await call('inspect', token), 'key')) };
    const decryptionKey = await emulatorKeys({ kind }, 'decryptionKey');
    const report = await call('inspect', token, { decryptionKey });
    return { token, decryptionKey: known(decryptionKey), key: known(await emulatorKeys({ ...report, kind }, 'key')) };
  }

  async reportWith() {
    this.give({ call: 'report', server: this.run.given.server, token: this.run.result.token });
    await this.updateComplete;
    this.querySelector('#canvas-call-report').focus();
    this.querySelector('call-form').scrollIntoView({ block: 'nearest' });
  }

  render() {
    const { given, run } = this;
    const isMendable = run?.state === 'failed' && run.given.secret.trim() !== '';
    return html`<h1 tabindex="-1" class="unseen">${texts.views.canvas.title}</h1>
      <p class="lead">${t.lead}</p>
      <div class="sides asks">
        <div class="stack">
          <div class="segmented calls" role="group" aria-label=${t.what}>${Object.keys(t.calls).map((name) => html`<label>
            <input type="radio" name="canvas-call" id="canvas-call-${name}" .checked=${given.call === name} @change=${() => this.give({ call: name })}>${t.calls[name]}</label>`)}</div>
          <p class="quiet small">${t.about[given.call]}</p>
          <server-choice .value=${given.server}></server-choice>
          <call-form .given=${given} .isBusy=${run?.state === 'busy'}></call-form>
        </div>
        <call-result .run=${run} .version=${this.version} .canMend=${isMendable}></call-result>
      </div>`;
  }
}

customElements.define('canvas-view', CanvasView);
