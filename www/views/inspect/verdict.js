// <token-verdict>: what the token is, and the worst thing about it, with the fix; the time that is left.
import { nowSeconds, span as timeSpan } from '../../format/time.js';
import { Element, html, nothing } from '../../parts/element.js';
import { texts } from '../../texts.js';

const t = texts.inspect;
const SIGNS = { valid: '✓', unverified: '○', invalid: '✗' };
const TONES = { valid: 'pass', unverified: 'warn', invalid: 'fail' };

class TokenVerdict extends Element {
  /** now: of the clock that was given, instead of the machine's. */
  static properties = { report: { attribute: false }, fixes: { attribute: false }, now: { attribute: false } };

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
    const { outcome, kind, checks } = report;
    const faults = checks.filter((check) => check.outcome === 'fail');
    const [first] = faults;
    return html`<section class="verdict ${TONES[outcome]}" aria-labelledby="verdict-title">
      <span class="sign" aria-hidden="true">${SIGNS[outcome]}</span>
      <div class="stack">
        <h2 id="verdict-title" role="status">${t.outcomes[outcome]}: ${headline(report)}</h2>
        ${first ? html`<p class="reason">${first.message}</p>` : nothing}
        ${first?.fix ? html`<p class="mend"><span class="unseen">${texts.checks.fix}</span>${first.fix}</p>` : nothing}
        <div class="row">
          ${first ? this.fixes?.(first) : nothing}
          ${faults.length > 1 ? html`<button type="button" class="plain" @click=${() => this.emit('tochecks')}>${t.others(faults.length - 1)}</button>` : nothing}
        </div>
        <p class="facts-line small">${[t.kinds[kind], report.header?.alg, this.signature(), this.time()].filter(Boolean).map((fact) => html`<span>${fact}</span>`)}</p>
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

/** The summary says the first fault too, which stands below it. */
function headline({ summary, checks }) {
  const first = checks.find(({ outcome }) => outcome === 'fail');
  const at = first ? summary.indexOf(`: ${first.message}`) : -1;
  return at > 0 ? summary.slice(0, at) : summary;
}

customElements.define('token-verdict', TokenVerdict);
