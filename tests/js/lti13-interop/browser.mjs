// As much of a browser as a launch needs: cookies, redirects, and pages that submit their form by themselves.

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decoded = (text) => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
  if (name) return ENTITIES[name] ?? whole;
  return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
});

const attributes = (tag) => Object.fromEntries(
  [...tag.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)')/g)].map(([, name, a, b]) => [name.toLowerCase(), decoded(a ?? b)]),
);

/** The only form of a page: {url, form, fields}, the last being pairs, as names may stand twice. */
export function formOf(html) {
  const [tag, ...others] = html.match(/<form\b[^>]*>/gi) ?? [];
  if (!tag || others.length > 0) throw new Error(`a page with one form was expected: ${html}`);
  const inputs = (html.match(/<input\b[^>]*>/gi) ?? []).map(attributes).filter(({ name }) => name);
  const fields = inputs.map(({ name, value = '' }) => [name, value]);
  return { url: attributes(tag).action, form: Object.fromEntries(fields), fields };
}

export class Browser {
  // A browser tells hosts apart for cookies, not ports.
  #cookies = new Map();
  /** The URLs that were opened, without their queries. */
  visited = [];

  #jar(url) {
    const { hostname } = new URL(url);
    if (!this.#cookies.has(hostname)) this.#cookies.set(hostname, new Map());
    return this.#cookies.get(hostname);
  }

  /** Keeps cookies as in a Cookie header. */
  keep(url, header) {
    for (const [, name, value] of header.matchAll(/([^=;\s]+)=([^;]*)/g)) this.#jar(url).set(name, value);
  }

  /** One request, its cookies sent and kept. */
  async request(url, init = {}) {
    const headers = new Headers(init.headers);
    const cookies = [...this.#jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookies) headers.set('cookie', cookies);
    this.visited.push(url.split('?')[0]);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const header of response.headers.getSetCookie()) this.keep(url, header.split(';')[0]);
    return response;
  }

  /** Asks for JSON with JSON. */
  async ask(url, body) {
    const headers = { 'content-type': 'application/json' };
    const response = await this.request(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  }

  /**
   * Submits a form, and goes on through redirects and forms until there are none. Resolves to {status, url, html or body}.
   * A form is not submitted where `stop` says so of its URL.
   */
  async open({ url, form }, { stop = () => false } = {}) {
    let next = [url, form && { method: 'POST', body: new URLSearchParams(form) }];
    for (let step = 0; step < 10; step += 1) {
      const [at, init] = next;
      const response = await this.request(at, init);
      const location = response.headers.get('location');
      const type = response.headers.get('content-type') ?? '';
      if (location && response.status >= 300 && response.status < 400) {
        next = [new URL(location, at).href];
      } else if (type.startsWith('application/json')) {
        return { status: response.status, url: at, body: await response.json() };
      } else {
        const html = await response.text();
        if (!/<form\b/i.test(html)) return { status: response.status, url: at, html };
        const found = formOf(html);
        found.url = new URL(found.url, at).href;
        if (stop(found.url)) return { status: response.status, url: at, html, ...found };
        next = [found.url, { method: 'POST', body: new URLSearchParams(found.fields) }];
      }
    }
    throw new Error(`no end after: ${this.visited.join(', ')}`);
  }
}
