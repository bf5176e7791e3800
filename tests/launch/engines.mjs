// The browsers with each policy for cookies that they can be given, and what that policy leaves of a framed tool's cookies.
//
// What each does with the cookies of a frame of another site, as the tests hold it:
// - Chromium keeps both kinds where third-party cookies are allowed, and those with Partitioned alone where they are blocked.
//   Headless and fresh, it blocks them. Without any cookie is a tool whose cookies are blocked in the settings of the site.
// - Firefox, as it comes (Total Cookie Protection), keeps both kinds, each in the partition of the page's site. Where all
//   third-party cookies are blocked it keeps none, Partitioned or not.
// - WebKitGTK, as it comes, keeps none, Partitioned or not, but sends those that the tool set in a window of its own. Where its
//   policy is to accept all, it keeps both kinds. With Intelligent Tracking Prevention it keeps and sends none, whatever the
//   policy; and Canvas itself does not get its session where another site redirects the frame to it, as Instructure's cloud does
//   (login_required). A Canvas that is its own authorization endpoint gets it, if the tool goes there by a page, not by a redirect.
import { start } from '../js/interop/webdriver.mjs';

// Of Chromium's settings for a site.
const BLOCKED = 2;

const chromium = (profile) => (usual) => {
  const options = usual['goog:chromeOptions'];
  return { ...usual, 'goog:chromeOptions': { ...options, prefs: { profile } } };
};
const firefox = (cookieBehavior) => (usual) => {
  const options = usual['moz:firefoxOptions'];
  const prefs = { ...options.prefs, 'network.cookie.cookieBehavior': cookieBehavior };
  return { ...usual, 'moz:firefoxOptions': { ...options, prefs } };
};
const webkit = (...args) => (usual) => ({ ...usual, 'webkitgtk:browserOptions': { args: ['--automation', ...args] } });

const ALL = ['__Host-lti', 'ordinary'];

/**
 * {browser, policy, change (of its capabilities, which makes that policy), cookies (of the tool, which come back from a frame),
 * visited (the same, once the tool was open in a window of its own)}
 */
export const POLICIES = [
  { browser: 'chromium', policy: 'third-party cookies allowed', change: chromium({ cookie_controls_mode: 0 }), cookies: ALL },
  {
    browser: 'chromium', policy: 'third-party cookies blocked, but for partitioned ones',
    change: chromium({ cookie_controls_mode: 1 }), cookies: ['__Host-lti'],
  },
  {
    browser: 'chromium', policy: "the tool's cookies blocked", cookies: [],
    change: chromium({ content_settings: { exceptions: { cookies: { '[*.]tool.localhost,*': { setting: BLOCKED } } } } }),
  },
  { browser: 'firefox', policy: 'third-party cookies allowed', change: firefox(0), cookies: ALL },
  { browser: 'firefox', policy: 'third-party cookies partitioned, as it comes', change: firefox(5), cookies: ALL },
  { browser: 'firefox', policy: 'third-party cookies blocked', change: firefox(1), cookies: [] },
  { browser: 'webkit', policy: 'third-party cookies allowed', change: webkit('--cookies-policy=always'), cookies: ALL },
  { browser: 'webkit', policy: 'third-party cookies blocked, as it comes', change: webkit(), cookies: [], visited: ['ordinary'] },
].map((row) => ({ visited: row.cookies, ...row }));

/** What blocks cookies whatever the policy, Canvas's own included. */
export const TRACKING_PREVENTION = {
  browser: 'webkit', policy: 'Intelligent Tracking Prevention', cookies: [], visited: [],
  change: webkit('--enable-itp=true', '--cookies-policy=always'),
};

/** Starts one of them, which takes any certificate. Resolves to what start() of the driver resolves to. */
export const open = ({ browser, change }) =>
  start(browser, { change: (usual) => ({ ...change(usual), acceptInsecureCerts: true }) });

/** Options of a test in one of them. */
export const available = ({ browser }) =>
  ({ skip: browser === 'webkit' && process.platform !== 'linux' ? 'WebKitGTK is for Linux' : false });
