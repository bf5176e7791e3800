// What only the tests need from the system: browsers and their drivers, and OpenSSL for a native test.
import { hasApt } from './apt.mjs';
import { SetupError, capture, which } from './shell.mjs';
import { wasmEnv } from './tools.mjs';

const CHROMIUM = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
const FIREFOX = ['firefox-esr', 'firefox'];

const NEEDS = [
  { what: 'Chromium or Google Chrome', packages: ['chromium'], there: () => chromium() },
  { what: "ChromeDriver of the browser's version", packages: ['chromium-driver'], there: () => chromedriver() },
  { what: 'Firefox', packages: ['firefox-esr'], there: () => which(FIREFOX) },
  {
    what: "WebKitGTK's driver and Xvfb", packages: ['webkit2gtk-driver', 'xvfb'],
    there: () => process.platform !== 'linux' || (which('WebKitWebDriver') && which('Xvfb')),
  },
  {
    what: "OpenSSL's headers and pkg-config", packages: ['libssl-dev', 'pkg-config'],
    there: () => capture('pkg-config', ['--modversion', 'openssl']),
  },
];

/** The Debian packages the tests lack. */
export function packagesForTests() {
  return hasApt() ? missing().flatMap((need) => need.packages) : [];
}

/** Throws when something is not there: where there is no apt to get it with, or for all that apt did. */
export function checkTestNeeds() {
  const names = missing().map((need) => need.what);
  if (names.length === 0) return;
  throw new SetupError(
    `the tests need ${names.join(', ')}: ` +
    "install them with your system's package manager so that they are on PATH, and run this again",
  );
}

const missing = () => NEEDS.filter((need) => !need.there());

/** Where the browsers and drivers are, as the environment variables that test tools read. */
export function browserEnv() {
  return {
    CHROMIUM: chromium(),
    CHROMEDRIVER: chromedriver(),
    GECKODRIVER: process.env.GECKODRIVER ?? which('geckodriver', wasmEnv().PATH),
  };
}

const chromium = () => process.env.CHROMIUM ?? which(CHROMIUM);

function chromedriver() {
  if (process.env.CHROMEDRIVER) return process.env.CHROMEDRIVER;
  const driver = which('chromedriver');
  const browser = chromium();
  return driver && browser && major(driver) === major(browser) ? driver : undefined;
}

const majors = new Map();

function major(program) {
  if (!majors.has(program)) majors.set(program, /\d+/.exec(capture(program, ['--version']) ?? '')?.[0]);
  return majors.get(program);
}
