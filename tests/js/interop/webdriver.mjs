// A minimal client of WebDriver (W3C): starts a driver and its browser, opens pages, runs functions in them, and ends
// every process it started, whatever happens.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { browserEnv } from '../../../scripts/setup.mjs';
import { root, which } from '../../../scripts/setup/shell.mjs';
import { freePort } from '../../package/processes.mjs';

const settings = JSON.parse(readFileSync(join(root, 'webdriver.json'), 'utf8'));
const SCRIPT_LIMIT = 270_000;

/**
 * {browser: {driver (a program's path), args, capabilities}}. `names` are host names that stand for this machine. A
 * proxy of the environment is never asked.
 */
const BROWSERS = {
  chromium: (names) => {
    const { CHROMIUM: binary, CHROMEDRIVER: driver } = browserEnv();
    const options = settings['goog:chromeOptions'];
    const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(',');
    const args = [...options.args, '--no-proxy-server', ...(rules ? [`--host-resolver-rules=${rules}`] : [])];
    return {
      driver,
      args: (port) => [`--port=${port}`],
      capabilities: { browserName: 'chrome', 'goog:chromeOptions': { ...options, binary, args } },
    };
  },
  firefox: (names) => {
    const options = settings['moz:firefoxOptions'];
    const prefs = { ...options.prefs, 'network.proxy.type': 0, 'network.dns.localDomains': names.join(',') };
    return {
      driver: browserEnv().GECKODRIVER,
      // Its port for WebSockets would be the same for all.
      args: (port, another) => ['--port', `${port}`, '--websocket-port', `${another}`],
      capabilities: { browserName: 'firefox', 'moz:firefoxOptions': { ...options, prefs } },
    };
  },
  webkit: () => ({
    driver: which('WebKitWebDriver'),
    args: (port) => [`--port=${port}`],
    capabilities: { browserName: 'MiniBrowser' },
  }),
};

/**
 * Starts a browser, whose usual capabilities `change` may change. Resolves to {goto(url), frame(selector), click(selector),
 * clickFound(fn, ...args), press(keys), run(fn, ...args), runScript(text), resize(width, height), close()}: what is clicked and what
 * runs is in the frame that was chosen last, or in the page itself after goto() and frame(null). clickFound() clicks the element that
 * a function finds in the page; press() presses and releases one key after the other, as a person types.
 */
export async function start(name, { names = [], change = (capabilities) => capabilities } = {}) {
  const { driver, args, capabilities } = BROWSERS[name](names);
  if (!driver) throw new Error(`there is no driver for ${name}: node scripts/setup.mjs test`);
  // WebKitGTK's browser has no mode without a window.
  const screen = name === 'webkit' && !process.env.DISPLAY ? await startScreen() : undefined;
  const { url, end: endDriver } = await startDriver(driver, args, { ...process.env, ...screen?.env });
  const end = () => endDriver().then(screen?.end);
  try {
    const { sessionId } = await command(url, 'POST', '/session', { capabilities: { alwaysMatch: change(capabilities) } });
    const session = (method, path, body) => command(url, method, `/session/${sessionId}${path}`, body);
    const find = (selector) => session('POST', '/element', { using: 'css selector', value: selector });
    await session('POST', '/timeouts', { script: SCRIPT_LIMIT, pageLoad: 60_000 });
    return {
      async goto(address) {
        await session('POST', '/frame', { id: null });
        await session('POST', '/url', { url: address });
      },
      async frame(selector) {
        await session('POST', '/frame', { id: selector && await find(selector) });
      },
      async click(selector) {
        const [element] = Object.values(await find(selector));
        await session('POST', `/element/${element}/click`, {});
      },
      async clickFound(find, ...given) {
        const found = await run(session, find, given);
        const [element] = Object.values(found ?? {});
        if (!element) throw new Error(`nothing to click: ${find} of ${JSON.stringify(given)}`);
        await session('POST', `/element/${element}/click`, {});
      },
      async press(keys) {
        const actions = [...keys].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value })));
        await session('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
      },
      async resize(width, height) {
        await session('POST', '/window/rect', { width, height });
      },
      runScript: (script) => session('POST', '/execute/sync', { script, args: [] }),
      run: (call, ...given) => run(session, call, given),
      close: () => session('DELETE', '').catch(() => {}).then(end),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A screen that nobody sees. Resolves to {env, end()}. */
async function startScreen() {
  const child = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  const [number] = await Promise.race([
    once(child.stdio[3], 'data'),
    once(child, 'exit').then(() => { throw new Error('Xvfb does not start'); }),
  ]);
  return {
    env: { DISPLAY: `:${String(number).trim()}` },
    async end() {
      process.off('exit', kill);
      kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Calls a function in the page; its arguments and what it resolves to are JSON. */
async function run(session, call, given) {
  const script = `
    const done = arguments[arguments.length - 1];
    Promise.resolve().then(() => (${call})(...arguments[0]))
      .then((value) => done({ value }), (error) => done({ error: String(error) + '\\n' + (error && error.stack) }));
  `;
  const { value, error } = await session('POST', '/execute/async', { script, args: [given] });
  if (error) throw new Error(`in the page: ${error}`);
  return value;
}

async function command(url, method, path, body) {
  const response = await fetch(url + path, {
    method, headers: { 'Content-Type': 'application/json' }, body: method === 'POST' ? JSON.stringify(body) : undefined,
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

async function startDriver(program, args, env) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    // A group of its own, so that the browser ends with it.
    const child = spawn(program, args(port, await freePort()), { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)));
    const end = ending(child);
    const url = `http://127.0.0.1:${port}`;
    if (await isReady(child, url)) return { url, end };
    await end();
    if (attempt === 3) throw new Error(`${program} does not start: ${said}`);
  }
}

/** Ends the driver and its browser; also when this process ends first. */
function ending(child) {
  const gone = new Promise((done) => child.once('exit', done).once('error', done));
  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  const atExit = () => kill('SIGKILL');
  process.once('exit', atExit);
  return async () => {
    kill('SIGTERM');
    await Promise.race([gone, sleep(5000, undefined, { ref: false })]);
    kill('SIGKILL');
    process.off('exit', atExit);
  };
}

async function isReady(child, url) {
  for (let tries = 0; tries < 200 && child.exitCode === null && child.pid !== undefined; tries += 1) {
    const status = await command(url, 'GET', '/status').catch(() => undefined);
    if (status?.ready) return true;
    await sleep(100);
  }
  return false;
}
