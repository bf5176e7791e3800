// The browsers, each started once; what a page reports, and what it has loaded.
import { start } from '../js/interop/webdriver.mjs';

const started = new Map();

async function browser(name) {
  if (!started.has(name)) started.set(name, await start(name));
  return started.get(name);
}

/** Ends all of them. */
export async function closeBrowsers() {
  for (const opened of started.values()) await opened.close();
}

/** Opens a page. Resolves to what it puts into `report`, and to the text of every script that it has loaded. */
export async function visit(name, url) {
  const opened = await browser(name);
  await opened.goto(url);
  const { report, scripts } = await opened.run(async () => {
    for (let tries = 0; globalThis.report === undefined && tries < 3000; tries += 1) {
      await new Promise((done) => { setTimeout(done, 10); });
    }
    const loaded = performance.getEntriesByType('resource').map((entry) => entry.name)
      .filter((address) => !/\.wasm$/.test(address));
    const texts = await Promise.all(loaded.map(async (address) => (await fetch(address)).text()));
    return { report: globalThis.report, scripts: texts };
  });
  if (report === undefined) throw new Error(`${url} reports nothing`);
  if (report.error) throw new Error(`${url}: ${report.error}`);
  return { report, scripts };
}
