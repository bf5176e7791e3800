// Runs in a process of its own: makes it look like a page, then makes one call and prints what came of it.
const scenario = JSON.parse(process.argv[2]);
const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true });

if (scenario.agent !== null) define('navigator', { userAgent: scenario.agent ?? 'Mozilla/5.0 (X11) Gecko/20100101' });
if (scenario.origin !== undefined) define('location', { origin: scenario.origin });
if (scenario.cookies !== undefined) define('document', { get cookie() { return scenario.cookies.shift() ?? ''; } });

const { Canvas } = await import('canvas-lms-tokens');
const { createEmulator } = await import('canvas-lms-tokens/emulator');
const { origin, baseUrl, accessToken, answer = 'emulator', calls = 1 } = scenario;
const emulator = createEmulator({ throttle: false, cookies: () => scenario.browser ?? '' });
const sent = [];

async function fetch(url, init) {
  sent.push({ url, headers: init.headers, credentials: init.credentials ?? null, redirect: init.redirect });
  if (answer === 'none') throw new TypeError('NetworkError when attempting to fetch resource.');
  // What a page sees of a redirect that it does not follow.
  if (answer === 'opaque') return { type: 'opaqueredirect', status: 0, headers: new Headers(), text: async () => '' };
  return emulator.fetch(url, init);
}

const outcomes = [];
for (let count = 0; count < calls; count += 1) {
  try {
    const canvas = new Canvas({ baseUrl: baseUrl ?? origin, accessToken, fetch, retries: 0, userAgent: 'mine/1' });
    outcomes.push({ token: typeof (await canvas.createJwt()).token });
  } catch ({ code, message, status }) {
    outcomes.push({ code, message, status });
  }
}
console.log(JSON.stringify({ sent, outcomes }));
