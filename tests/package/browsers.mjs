// The browsers, each started once; what a page reports, and what it has loaded.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { start } from '../js/interop/webdriver.mjs';

const started = new Map();
let screen;

async function browser(name) {
  // WebKitGTK's browser has no mode without a window.
  if (name === 'webkit' && !process.env.DISPLAY) screen ??= await startScreen();
  if (!started.has(name)) started.set(name, await start(name));
  return started.get(name);
}

/** A screen that nobody sees, which the environment names from now on. */
async function startScreen() {
  const child = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  const [number] = await Promise.race([
    once(child.stdio[3], 'data'),
    once(child, 'exit').then(() => { throw new Error('Xvfb does not start'); }),
  ]);
  process.env.DISPLAY = `:${String(number).trim()}`;
  return async () => {
    delete process.env.DISPLAY;
    kill();
    if (child.exitCode === null) await once(child, 'exit');
  };
}

/** Ends all of them. */
export async function closeBrowsers() {
  for (const opened of started.values()) await opened.close();
  await screen?.();
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
