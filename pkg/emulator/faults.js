// What goes wrong between a client and Canvas, by probability or as a function decides, repeatably.

import { serverError } from './answers.js';
import { throttled } from './throttle.js';

const KINDS = ['dropBefore', 'dropAfter', 'serverError', 'throttle'];

/** Throws a TypeError for a probability that is none; `at` is what the object is called. */
export function checkProbabilities(faults, at) {
  for (const kind of KINDS) {
    const given = faults?.[kind];
    if (given === undefined || (typeof given === 'number' && given >= 0 && given <= 1)) continue;
    throw new TypeError(`${at}.${kind}: expected a probability, from 0 to 1`);
  }
}

export function createFaults(options = {}) {
  const random = generator(options.seed ?? 1);
  const faults = {
    dropBefore: 0,
    dropAfter: 0,
    serverError: 0,
    throttle: 0,
    latency: 0,
    serverErrorStatus: 503,
    throttleStatus: 403,
    retryAfter: undefined,
    decide: undefined,
    ...options,
  };

  /** The fault of one request, or null: one number is drawn for each, so the order of requests decides. */
  const drawn = () => {
    let at = random();
    return KINDS.find((kind) => (at -= faults[kind]) < 0) ?? null;
  };
  const choose = (request) => {
    const fault = drawn();
    const decided = faults.decide?.(request);
    return decided === undefined ? fault : decided;
  };
  return { faults, choose };
}

/** The answer of a gateway in front of Canvas, or null when the fault is none that answers. */
export function faultAnswer(fault, faults) {
  if (fault?.answer) return { headers: {}, text: '', ...fault.answer };
  if (fault === 'throttle') return withRetryAfter(throttled(faults.throttleStatus), faults);
  if (fault !== 'serverError') return null;
  const status = faults.serverErrorStatus;
  if (status === 500) return serverError();
  const text = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>\r\n`;
  return withRetryAfter({ status, headers: { 'content-type': 'text/html' }, text }, faults);
}

function withRetryAfter(answer, { retryAfter }) {
  if (retryAfter !== undefined) answer.headers['retry-after'] = String(retryAfter);
  return answer;
}

/** What fetch rejects with when the connection is lost. */
export const connectionLost = () => Object.assign(new TypeError('fetch failed'), { dropConnection: true });

// mulberry32
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
