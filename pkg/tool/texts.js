// Every word that a person reads in a page of the tool: what happened, and what to do. A tool may give its own.
import { argument } from './failure.js';
import { OBJECT, TEXT, read } from './options.js';

const AGAIN = 'Go back to Canvas and open the tool again.';
const SUPPORT = 'If it happens again, tell whoever looks after the tool at your school, with what stands under “Details”.';
const LATER = 'Wait a minute, go back to Canvas and open the tool again.';
const INSTALLED = 'Tell whoever looks after the tool at your school, with what stands under “Details”: its settings have to be changed.';

/** By the code of an error: the status of the answer, what happened, what to do. */
export const FAILURES = {
  ERR_LTI_LOGIN_INVALID: [400, 'This page was opened without what Canvas sends with it.', AGAIN],
  ERR_LTI_PLATFORM_UNKNOWN: [403, 'The tool does not know the Canvas that it was opened from.', INSTALLED],
  ERR_LTI_STATE_INVALID: [400, 'This page is too old, or was opened without what Canvas sends with it.', AGAIN],
  ERR_LTI_STATE_NOT_BOUND: [403, 'Your browser did not bring back what the tool had given it, so the tool cannot tell that it was you who opened it.',
    'Go back to Canvas and open the tool again. Where the browser blocks cookies, allow them for the tool, or open the tool in a window of its own.'],
  ERR_LTI_LAUNCH_REFUSED: [403, 'Canvas did not let the tool in.',
    'Log in to Canvas again, and open the tool again. Where the browser blocks cookies, open the tool in a window of its own.'],
  ERR_LTI_NONCE_USED: [403, 'This page was opened once before, and can be opened only once.', AGAIN],
  ERR_LTI_DEPLOYMENT_UNKNOWN: [403, 'The tool does not know this course or account.', INSTALLED],
  ERR_LTI_MESSAGE_INVALID: [400, 'The tool cannot use what Canvas sent.', INSTALLED],
  ERR_STORE: [503, 'The tool cannot reach what it remembers by.', LATER],
  ERR_FETCH: [502, 'The tool cannot reach Canvas.', LATER],
  ERR_TIMEOUT: [504, 'Something took too long.', LATER],
  ERR_THROTTLED: [503, 'Canvas has too much to do just now.', LATER],
  ERR_HTTP_STATUS: [502, 'Canvas answered the tool with an error.', LATER],
  ERR_RESPONSE_INVALID: [502, 'Canvas gave the tool an answer that it does not understand.', LATER],
  ERR_JWT_EXPIRED: [403, 'What Canvas sent has expired.', `${AGAIN} ${SUPPORT}`],
  ERR_JWT_NOT_YET_VALID: [403, 'The clocks of Canvas and the tool differ.', INSTALLED],
  ERR_ARGUMENT: [500, 'The tool is not set up as it should be.', INSTALLED],
  ERR_OAUTH: [502, 'Canvas does not give the tool what it asks for.', INSTALLED],
  ERR_UNAUTHENTICATED: [502, 'Canvas does not give the tool what it asks for.', INSTALLED],
  ERR_KEY_OPERATION: [503, 'The tool cannot use its key just now.', LATER],
  ERR_WEBCRYPTO: [500, 'The tool cannot use its key.', INSTALLED],
  ERR_FORBIDDEN: [403, 'This is not allowed.', INSTALLED],
};
export const OTHER_FAILURE = [403, 'The tool cannot trust what Canvas sent.', `${AGAIN} ${SUPPORT}`];

export const PAGES = {
  language: 'en',
  details: 'Details',
  moment: 'One moment',
  opening: 'The tool is being opened.',
  goOn: 'Continue',
  noScript: 'The tool needs JavaScript. Turn it on in your browser, go back to Canvas and open the tool again.',
  failed: 'The tool could not be opened',
  blocked: 'Your browser blocks cookies here',
  blockedWhy: 'The tool cannot tell, inside of Canvas, that it was you who opened it. In a window of its own it can.',
  newWindow: 'Open in a new window',
  opened: 'The tool is open in another window',
  openedWhy: 'You can close this page.',
  registered: 'The tool is registered',
  registeredNext: 'Close this window. In Canvas, look the tool over and turn it on.',
  notRegistered: 'The tool was not registered',
};

const PAIR = [
  (value) => Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string'),
  'two strings: what happened, and what to do',
];
const checksOf = (names, check) => Object.fromEntries(names.map((name) => [name, check]));
const PAGE_CHECKS = { ...checksOf(Object.keys(PAGES), TEXT), failures: OBJECT };
const FAILURE_CHECKS = checksOf([...Object.keys(FAILURES), 'other'], PAIR);

/** The texts with those of the tool in their place. */
function over(given) {
  const { failures = {}, ...pages } = read(given, 'options.texts', PAGE_CHECKS);
  return { ...PAGES, ...pages, failures: read(failures, 'options.texts.failures', FAILURE_CHECKS) };
}

export const ENGLISH = over({});

/** What the tool's function gives for a request. */
function asked(texts, request) {
  let given;
  try {
    given = texts(request);
  } catch (cause) {
    throw argument('options.texts()', 'it threw', { cause });
  }
  if (typeof given?.then !== 'function') return given;
  // It may reject, and nobody waits for it.
  Promise.resolve(given).catch(() => undefined);
  throw argument('options.texts()', 'a promise, expected the texts at once: the function must not be async');
}

/** A function from a request to the texts of its answer; `texts` are the tool's own, or its function. */
export function textsFor(texts = {}) {
  if (typeof texts === 'function') return (request) => over(asked(texts, request) ?? {});
  const same = over(texts);
  return () => same;
}

/** Status, what happened and what to do for an error of this code. */
export function failureOf(code, { failures }) {
  const [status, ...words] = FAILURES[code] ?? OTHER_FAILURE;
  return [status, ...(failures[FAILURES[code] ? code : 'other'] ?? words)];
}
