// What only the tests need from the system: browsers and their drivers, OpenSSL for certificates and a native test, Python for a tool, Redis.
import { hasApt } from './apt.mjs';
import { pythonWithVenv } from './python.mjs';
import { SetupError, capture, which } from './shell.mjs';
import { wasmEnv } from './tools.mjs';

const NEEDS = [
  { what: 'Chromium or Google Chrome', packages: ['chromium'], there: () => chromium() },
  { what: "ChromeDriver of the browser's version", packages: ['chromium-driver'], there: () => chromedriver() },
  { what: 'Firefox', packages: ['firefox-esr'], there: () => which(['firefox-esr', 'firefox']) },
  {
    what: "WebKitGTK's driver and Xvfb", packages: ['webkit2gtk-driver', 'xvfb'],
    there: () => process.platform !== 'linux' || (which('WebKitWebDriver') && which('Xvfb')),
  },
  { what: 'OpenSSL', packages: ['openssl'], there: () => which('openssl') },
  {
    what: "OpenSSL's headers and pkg-config", packages: ['libssl-dev', 'pkg-config'],
    there: () => capture('pkg-config', ['--modversion', 'openssl']),
  },
  { what: 'Redis or Valkey', packages: ['redis-server'], there: () => redisServer() },
  { what: 'Python 3 with venv', packages: ['python3-venv'], there: () => pythonWithVenv() },
];

/** The program of Redis, which the tests start themselves. */
export const redisServer = () => which(['redis-server', 'valkey-server']);

const missing = () => NEEDS.filter((need) => !need.there());

/** The Debian packages that the tests lack. */
export const packagesForTests = () => (hasApt() ? missing().flatMap((need) => need.packages) : []);

/** Throws when something is not there: where there is no apt to get it with, or for all that apt did. */
export function checkTestNeeds() {
  const names = missing().map((need) => need.what);
  if (names.length === 0) return;
  throw new SetupError(
    `the tests need ${names.join(', ')}: ` +
    "install them with your system's package manager so that they are on PATH, and run this again",
  );
}

/** Where the browsers and drivers are, as the environment variables that test tools read. */
export const browserEnv = () => ({
  CHROMIUM: chromium(),
  CHROMEDRIVER: chromedriver(),
  GECKODRIVER: process.env.GECKODRIVER ?? which('geckodriver', wasmEnv().PATH),
});

const chromium = () =>
  process.env.CHROMIUM ?? which(['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']);

function chromedriver() {
  if (process.env.CHROMEDRIVER) return process.env.CHROMEDRIVER;
  const [browser, driver] = [chromium(), which('chromedriver')];
  return browser && driver && major(driver) === major(browser) ? driver : undefined;
}

const major = (program) => /\d+/.exec(capture(program, ['--version']) ?? '')?.[0];
