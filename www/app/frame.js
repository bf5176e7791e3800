// The page around the views: header, navigation, light and dark, notices.
import { Element, html, nothing } from '../parts/element.js';
import { texts } from '../texts.js';
import { notify, setRegion } from './notice.js';
import { VIEWS, addressed, titleOf, viewOf } from './router.js';
import { apply, choose, theme } from './theme.js';

const t = texts.frame;

class PageFrame extends Element {
  static properties = { current: { state: true }, views: { state: true }, failed: { state: true } };

  constructor() {
    super();
    this.views = [];
    apply();
    addEventListener('hashchange', () => {
      notify('');
      this.show(true);
    });
    // A file or a link that is dropped where nothing takes it would be opened in place of the page, and of all that was entered.
    for (const name of ['dragover', 'drop']) addEventListener(name, (event) => !isTaken(event) && event.preventDefault());
  }

  firstUpdated() {
    setRegion(this.querySelector('.notice'));
    const measured = ([{ target }]) => document.documentElement.style.setProperty('--bar', `${target.offsetHeight}px`);
    new ResizeObserver(measured).observe(this.querySelector('.bar'));
    this.show(false);
  }

  /** Shows the view of the address; after a link, its heading has the focus. */
  async show(isMove) {
    const { name, query } = addressed();
    this.current = name;
    document.title = titleOf(name);
    try {
      const view = await viewOf(name);
      if (!this.views.includes(view)) this.views = [...this.views, view];
      this.failed = undefined;
      await this.updateComplete;
      for (const other of this.views) other.hidden = other !== view;
      if (addressed().name !== name) return;
      await view.updateComplete;
      view.shown?.(query);
      if (isMove && !query.size) this.focusHeading(view);
    } catch (error) {
      this.failed = error;
    }
    document.documentElement.classList.add('ready');
  }

  focusHeading(view) {
    scrollTo(0, 0);
    view.querySelector('h1')?.focus({ preventScroll: true });
  }

  toMain(event) {
    event.preventDefault();
    this.querySelector('#main').focus();
  }

  render() {
    const link = ({ name }) => html`<li><a href="#${name}" aria-current=${this.current === name ? 'page' : nothing}
      >${texts.views[name].nav}</a></li>`;
    return html`
      <a class="skip-link unseen" href="#main" @click=${this.toMain}>${t.skip}</a>
      <header class="bar">
        <span class="brand"><img src="icon.svg" alt="">${texts.brand}</span>
        <nav aria-label=${t.nav}><ul>${VIEWS.map(link)}</ul></nav>
        <div class="end">${this.themeField()}</div>
      </header>
      <main id="main" tabindex="-1">
        ${this.failed ? html`<p class="error" role="alert">${t.failed(this.failed)}</p>` : nothing}
        ${this.views}
      </main>
      <footer class="foot">${t.foot}</footer>
      <p class="notice" role="status"></p>`;
  }

  themeField() {
    const option = (name) => html`<option value=${name} ?selected=${theme() === name}>${t.themes[name]}</option>`;
    return html`<label class="unseen" for="theme">${t.theme}</label>
      <select id="theme" @change=${({ target }) => choose(target.value)}>${Object.keys(t.themes).map(option)}</select>`;
  }
}

/** Whether something takes what is dropped: a field for files, or a field for text, which takes text. */
function isTaken({ target, dataTransfer }) {
  return target.type === 'file' || (!dataTransfer?.types.includes('Files') && target.closest?.('input, textarea, [contenteditable="true"]') != null);
}

customElements.define('page-frame', PageFrame);
