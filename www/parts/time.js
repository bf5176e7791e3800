// <time-of seconds>: a NumericDate as local time, UTC and distance from now, which goes on while one looks.
import { dateOf, nowSeconds, relative } from '../format/time.js';
import { Element, html, nothing } from './element.js';

const SOON = 3600;

class TimeOf extends Element {
  static properties = { seconds: { attribute: false }, now: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    this.tick();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** Every second near the time, else every minute. */
  tick() {
    clearTimeout(this.timer);
    this.requestUpdate();
    const distance = Math.abs(Number(this.seconds) - nowSeconds());
    this.timer = setTimeout(() => this.tick(), distance < SOON ? 1000 - (Date.now() % 1000) : 60_000);
  }

  render() {
    const date = dateOf(this.seconds);
    if (!date) return nothing;
    return html`<time datetime=${date.iso}><span class="relative">${relative(this.seconds, this.now ?? nowSeconds())}</span>
      <span class="quiet"><span class="local">${date.local}</span> · <span class="utc">${date.utc}</span></span></time>`;
  }
}

customElements.define('time-of', TimeOf);
