// <token-verdict>: what the token is, and the worst thing about it, with the fix; the time that is left.
import { sentence } from '../../format/sentence.js';
import { nowSeconds, span as timeSpan } from '../../format/time.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';

const t = texts.inspect;
/** Who takes tokens of a kind, and refuses them. */
const READERS = {
  'lti2-assertion': 'canvas', 'lti2-access-token': 'canvas', 'canvas-jwt': 'services', 'inst-access-token': 'gateway',
  'lti13-id-token': 'tool', 'lti13-client-assertion': 'canvas', 'lti13-deep-linking-response': 'canvas', 'lti13-access-token': 'canvas',
  'lti13-notice': 'tool', 'lti13-registration-token': 'canvas', 'lti13-message-hint': 'canvas', 'lti13-login-state': 'tool', 'oauth-state': 'tool',
};

const SIGNS = { valid: '✓', unverified: '○', invalid: '✗' };
const TONES = { valid: 'pass', unverified: 'warn', invalid: 'fail' };

class TokenVerdict extends Element {
  /** repair: the button that mends all that can be; now: of the clock that was given, instead of the machine's. */
  static properties = { report: { attribute: false }, repair: { attribute: false }, now: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.hasTimes() && this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  hasTimes() {
    return this.report?.claims?.exp !== undefined && this.now === undefined;
  }

  render() {
    const { report } = this;
    if (!report) return nothing;
    const { outcome, kind, checks, header } = report;
    const faults = checks.filter((check) => check.outcome === 'fail');
    const [first] = faults;
    return html`<section class="verdict ${TONES[outcome]}" aria-labelledby="verdict-title">
      <span class="sign" aria-hidden="true">${SIGNS[outcome]}</span>
      <div class="stack">
        <h2 id="verdict-title">${headline(report)}</h2>
        ${first ? html`<p class="reason">${sentence(first.message, first.at)}</p>` : nothing}
        ${first?.fix ? html`<p class="mend"><span class="unseen">${texts.checks.fix}</span>${sentence(first.fix)}</p>` : nothing}
        <div class="row">
          ${this.repair ?? nothing}
          ${faults.length > 1 ? html`<button type="button" class="plain" @click=${() => this.emit('tochecks')}>${t.moreFaults(faults.length - 1)}</button>` : nothing}
        </div>
        <p class="facts-line small">${[t.kinds[kind], header?.alg, this.signature(), this.time()].filter(Boolean).map((fact) => html`<span>${fact}</span>`)}</p>
      </div>
    </section>`;
  }

  signature() {
    const check = this.report.checks.find(({ id }) => id === 'signature');
    return check && t.signatureOf[check.outcome];
  }

  /** The countdown to exp, or since when it is over. */
  time() {
    const { exp, nbf } = this.report.claims ?? {};
    const now = this.now ?? nowSeconds();
    if (typeof nbf === 'number' && nbf > now) return t.begins(timeSpan(nbf - now));
    if (typeof exp !== 'number') return undefined;
    return exp > now ? t.expires(timeSpan(exp - now)) : t.expired(timeSpan(now - exp));
  }
}

/** The verdict as it is read aloud when it changes. */
export function spoken(report) {
  const first = report.checks.find(({ outcome }) => outcome === 'fail');
  return `${headline(report)}. ${first ? sentence(first.message, first.at) : ''}`;
}

const NO_TOKEN = new Set(['no-token', 'parts', 'empty']);

export function headline({ outcome, kind, checks, layers }) {
  const name = t.kinds[kind];
  if (layers.length === 0 && NO_TOKEN.has(checks[0]?.id)) return t.verdict.nothing;
  if (outcome === 'unverified' && layers.at(-1)?.type === 'jwe') return t.verdict.encrypted(name);
  return t.verdict[outcome](name, t.readers[READERS[kind] ?? 'anyone']);
}

customElements.define('token-verdict', TokenVerdict);
