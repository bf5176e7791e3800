// The page in any of three browsers, by WebDriver: under a path of its own, from a host that hears of every violation of the policy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PAGE_HEADERS, files, serve } from '../../scripts/serve.mjs';
import { root } from '../../scripts/setup/shell.mjs';
import { pageFolder } from '../../scripts/www.mjs';
import { start } from '../js/interop/webdriver.mjs';

export const ENGINES = ['chromium', 'firefox', 'webkit'];
/** WebKitGTK is for Linux. */
export const available = (engine) => ({ skip: engine === 'webkit' && process.platform !== 'linux' ? 'WebKitGTK is for Linux' : false });

export const KEYS = { tab: '\uE004', enter: '\uE007', escape: '\uE00C', space: ' ', end: '\uE010', backspace: '\uE003' };

const PATH = '/any/path/';
const LIMIT = 20_000;

/** Runs in the page before all else: what it complains of. */
const SPY = `window.complaints = [];
for (const level of ['error', 'warn']) {
  const own = console[level];
  console[level] = (...given) => { complaints.push(given.map(String).join(' ')); own.apply(console, given); };
}
addEventListener('error', ({ message, error, target }) => complaints.push(error ? error + error.stack : message || 'not loaded: ' + target.src), true);
addEventListener('unhandledrejection', ({ reason }) => complaints.push(reason + (reason?.stack ?? '')));
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  complaints.push('policy: ' + violatedDirective + ' ' + blockedURI + ' ' + sample));`;

/** Serves the built page, with the spy and axe-core beside it; `reports` is what browsers say of the policy. */
async function servePage() {
  const reports = [];
  const policy = `${PAGE_HEADERS['Content-Security-Policy']}; report-uri ${PATH}policy-report`;
  const page = files({ [PATH]: pageFolder }, { ...PAGE_HEADERS, 'Content-Security-Policy': policy });
  const script = (text) => new Response(text, { headers: { 'Content-Type': 'text/javascript' } });
  const axe = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  const server = await serve({
    async handler(request) {
      const { pathname } = new URL(request.url);
      if (pathname === `${PATH}policy-report`) reports.push(await request.text());
      if (pathname === `${PATH}spy.js`) return script(SPY);
      if (pathname === `${PATH}axe.js`) return script(axe);
      const answer = await page(request);
      if (pathname !== PATH) return answer;
      const html = (await answer.text()).replace('<link rel="icon"', '<script src="spy.js"></script><link rel="icon"');
      return new Response(html, { headers: answer.headers });
    },
  });
  return { ...server, reports, address: `${server.url}${PATH}` };
}

/** Opens the page in a browser. */
export async function openIn(engine) {
  const server = await servePage();
  const browser = await start(engine);
  const { run } = browser;
  await browser.resize(1280, 900);

  const page = {
    ...browser, address: server.address,

    async open(hash = '') {
      // A page anew, even where only the fragment differs.
      await browser.goto('about:blank');
      await browser.goto(server.address + hash);
      await until(() => run(() => document.documentElement.classList.contains('ready')));
    },

    /** Clicks the visible button, link or option of this accessible text. */
    button: (name) => browser.clickFound((text) => {
      const named = (element) => (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.innerText)
        .join(' ').trim() || element.getAttribute('aria-label') || element.innerText.trim();
      return [...document.querySelectorAll('button, a, summary, label.button')].find((element) => named(element) === text && element.checkVisibility());
    }, name),

    /** Clicks a field by its label, and types over what is in it. */
    async type(label, text) {
      await browser.clickFound((name) => [...document.querySelectorAll('input, textarea, select, token-editor, json-editor')].find((element) =>
        (element.getAttribute('aria-label') ?? element.getAttribute('label') ?? element.labels?.[0]?.innerText) === name), label);
      await run(() => /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName) && document.activeElement.select());
      await browser.press(text);
    },

    /** Waits until the page shows this text, that of editors at the end. */
    async shows(pattern) {
      let shown;
      await until(async () => pattern.test(shown = await run(() => [document.body, ...[...document.querySelectorAll('token-editor, json-editor')]
        .map(({ shadowRoot }) => shadowRoot.querySelector('.cm-content'))].map(({ innerText }) => innerText).join('\n'))))
        .catch(() => assert.fail(`expected ${pattern}, the page shows: ${shown}`));
    },

    /** What axe finds, as lines; nothing is to be found in any state. */
    async axe() {
      const found = await run(async () => {
        if (!window.axe) await new Promise((done) => document.head.append(Object.assign(document.createElement('script'), { src: 'axe.js', onload: done })));
        // What fades in has its contrast at the end; what goes on for ever has it at once.
        const fading = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity);
        await Promise.allSettled(fading.map((animation) => animation.finished));
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`));
      });
      assert.deepEqual(found, []);
    },

    /** No complaint, no violation of the policy, nothing from elsewhere. */
    async clean() {
      const { complaints, names } = await run(() => ({
        complaints: window.complaints, names: performance.getEntriesByType('resource').map(({ name }) => name),
      }));
      assert.deepEqual(complaints, []);
      assert.deepEqual(server.reports, []);
      assert.deepEqual(names.filter((name) => !name.startsWith(server.address) && !/^(blob|data):/.test(name)), []);
    },

    async close() {
      await browser.close();
      await server.close();
    },
  };
  return page;
}

export async function until(holds) {
  for (const end = Date.now() + LIMIT; !(await holds());) {
    if (Date.now() > end) throw new Error(`it is not so after ${LIMIT} ms: ${holds}`);
    await sleep(50);
  }
}
