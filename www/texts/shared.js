// The texts of the frame and of what the views share.
import { counted } from './words.js';

export const shared = {
  brand: 'Canvas tokens',

  views: {
    inspect: { nav: 'Inspect', title: 'Inspect a token' },
    sign: { nav: 'Sign', title: 'Edit and sign' },
    lti13: { nav: 'LTI 1.3', title: 'LTI 1.3, step by step' },
    canvas: { nav: 'Canvas', title: "Canvas's tokens and calls" },
  },

  frame: {
    skip: 'Skip to content',
    nav: 'Views',
    theme: 'Colours',
    themes: { system: 'System colours', light: 'Light colours', dark: 'Dark colours' },
    foot: 'Everything runs in this page. Tokens and keys stay in its memory, and nothing is sent before you press a button that says where to.',
    noPackage: 'The part of the page that reads tokens could not be loaded. Reload the page to try again.',
    failed: (error) => `This view could not be loaded (${error.message}). Reload the page to try again.`,
  },

  copy: {
    button: 'Copy',
    /** @param what such as 'the token' */
    label: (what) => `Copy ${what}`,
    /** What is copied. */
    what: {
      token: 'the token', header: 'the header', claims: 'the claims', payload: 'the payload', link: 'the link', report: 'the report',
      markdown: 'the report as Markdown', json: 'the report as JSON', curl: 'the curl command',
    },
    copied: 'Copied.',
    failed: 'The browser did not let the page copy. Select the text, and press Ctrl+C or Command+C.',
    save: 'Save',
    saveLabel: (what) => `Save ${what} as a file`,
  },

  secret: { show: 'Show', showWhat: (what) => `Show ${what}` },

  key: {
    kind: (what) => `${what} is`,
    kinds: {
      secret: 'A shared secret',
      base64: 'A shared secret, in base64',
      jwk: 'A JWK or JWK Set',
      pem: 'PEM',
      url: 'At a URL (JWK Set)',
      emulator: "The built-in emulator's",
    },
    file: 'Open a file',
    noBase64: 'This is not base64. If the secret is used as it stands, choose the shared secret that is not in base64.',
    noJson: 'This is not JSON. Paste a whole JWK or JWK Set, from { to }.',
    fetch: 'Fetch the keys',
    fetching: 'Asking for the keys.',
    willAsk: (url) => `The page will ask ${url} with a plain GET. The token and other keys are not sent.`,
    notUrl: 'Enter the whole address, beginning with https://.',
    fetched: (count, host) => `${counted(count, 'key')} from ${host}.`,
    fetchFailed: (host) => `The page got no answer from ${host}. Either it cannot be reached, or it does not let other pages read its keys (CORS). Fetch them in a terminal, and paste the answer as a JWK Set:`,
    fetchStatus: (host, status) => `${host} answered ${status}, not a JWK Set.`,
    ofEmulator: "The page's own emulator of Canvas signs and encrypts with these keys; they are public.",
  },

  time: {
    now: 'now',
    ago: (span) => `${span} ago`,
    ahead: (span) => `in ${span}`,
    units: {
      year: (n) => counted(n, 'year'), month: (n) => counted(n, 'month'), day: (n) => counted(n, 'day'),
      hour: (n) => counted(n, 'hour'), minute: (n) => counted(n, 'minute'), second: (n) => counted(n, 'second'),
    },
  },

  checks: {
    signs: { fail: '✗', warn: '!', pass: '✓', skip: '○' },
    outcomes: { fail: 'Fault', warn: 'Warning', pass: 'Passed', skip: 'Not checked' },
    list: 'Checks',
    passed: (count) => `✓ ${counted(count, 'check')} passed`,
    source: (spec) => `By ${spec}`,
    fix: 'To mend it: ',
    named: { header: (name) => `The header’s ${name}`, claims: (name) => `The claim ${name}` },
  },

  claims: {
    none: 'None.',
    moreRows: (count) => `Show more: ${counted(count, 'row')} are left`,
    more: (length) => `Show all ${length.toLocaleString('en')} characters`,
    caption: { name: 'Name', value: 'Value' },
  },

  wire: {
    request: 'Request', answer: 'Answer',
    status: (status) => `Status ${status}`, list: 'Requests and answers', noAnswer: '✗ no answer', waiting: '… waiting', milliseconds: (count) => `${Math.round(count)} ms`, masked: 'Secrets are masked, in what is copied, too.',
  },

  error: {
    at: 'Where: ', retryAfter: (seconds) => `The server asks to wait ${counted(seconds, 'second')}.`, body: "The server's answer",
    code: (code) => `In code: ${code}`,
  },
};
