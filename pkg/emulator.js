// A Canvas to test against: a fetch handler that answers as Canvas does, on web standards alone.

import { badRequest, json, notFound, refusal, serverError } from './emulator/answers.js';
import { createCanvas } from './emulator/canvas.js';
import { connectionLost, createFaults, faultAnswer } from './emulator/faults.js';
import { wantsStringIds, withStringIds, writeJson } from './emulator/json.js';
import { createLog } from './emulator/log.js';
import { createBrowser } from './emulator/lti13/browser.js';
import { notify } from './emulator/lti13/notices.js';
import { createOpen } from './emulator/lti13/open.js';
import { beginRegistration } from './emulator/lti13/registration.js';
import { platformStorageScript } from './emulator/lti13/storage_frame.js';
import { createConsent } from './emulator/oauth/browser.js';
import { readParams } from './emulator/params.js';
import { route } from './emulator/routes.js';
import { createThrottle } from './emulator/throttle.js';

export { defaultSecrets, defaultSeeds } from './emulator/seeds.js';
export { serve } from './emulator/serve.js';

const NO_USER_AGENT = {
  error: 'Forbidden',
  message: 'You are not authorized to access this site because you have not provided a valid user agent.',
};

export function createEmulator(options = {}) {
  const canvas = createCanvas(options);
  const throttle = createThrottle(canvas, options.throttle);
  const { faults, choose } = createFaults(options.faults);
  const requests = createLog();
  const refusals = createLog();
  canvas.notices = createLog();

  const fetch = (input, init) => exchange(input, init, options.cookies?.());

  async function exchange(input, init, cookies) {
    if (input?.rawHeaders) throw new TypeError('a request of node:http, expected one of the Fetch standard: use serve(emulator)');
    const request = new Request(input, init);
    const { method, url, headers } = request;
    // The caller's: Node's request hears of an abort only until it is collected.
    const signal = init?.signal ?? input.signal;
    canvas.startedAt ??= canvas.now();
    const body = new Uint8Array(await request.arrayBuffer());
    signal?.throwIfAborted();
    const entry = {
      method,
      url,
      headers: Object.fromEntries(headers),
      body: new TextDecoder().decode(body),
      status: null,
      reason: null,
      fault: null,
    };
    requests.add(entry);
    const fault = choose(entry);
    entry.fault = fault;
    await pause(fault?.latency ?? faults.latency, signal);
    if (fault === 'dropBefore') throw connectionLost();

    const call = { method, url: new URL(url), headers, body, cookies };
    const answer = faultAnswer(fault, faults) ?? (await carryOut(call, entry));
    entry.status = answer.status;
    options.onAnswer?.(entry);
    if (fault === 'dropAfter') throw connectionLost();
    signal?.throwIfAborted();
    return respond({ ...answer, headers: { date: httpDate(canvas.now()), ...answer.headers } }, headers);
  }

  async function carryOut(call, entry) {
    const refuse = ({ message, answer }) => {
      entry.reason = message;
      refusals.add({ reason: message, request: entry });
      return answer ?? serverError(canvas.nextId());
    };
    if (options.requireUserAgent && !call.headers.get('user-agent')) {
      return refuse(refusal(json(403, NO_USER_AGENT), 'no User-Agent'));
    }
    return throttle(call, () => handle(canvas, call).catch(refuse)).catch(refuse);
  }

  const keys = async () => ({
    services: await canvas.servicesKeys(),
    instAccess: await canvas.instAccessKeys(),
    lti: await canvas.ltiKeys(),
  });
  const { launch, authorize } = createBrowser(canvas, exchange);
  const open = createOpen(canvas, { launch, authorize });
  const consent = createConsent(canvas, exchange);
  const rotate = () => canvas.rotateLtiKeys();
  const { records, secrets, notices } = canvas;
  return {
    fetch, requests, refusals, faults, records, secrets, keys, rotate, launch, authorize, open, consent, notices,
    platformStorageScript: (where) => platformStorageScript(canvas, where),
    notify: (type, events) => notify(canvas, type, events),
    beginRegistration: (about) => beginRegistration(canvas, about),
  };
}

async function handle(canvas, call) {
  const found = route(call.method, call.url.pathname);
  if (!found) throw refusal(notFound(), 'no route matches');
  call.path = found.path;
  call.params = await readParams(call.url, call.headers, call.body).catch(() => {
    throw refusal(badRequest('Error parsing request body'), 'the body is not what its content type says');
  });
  return found.handler(canvas, call);
}

const httpDate = (seconds) => new Date(seconds * 1000).toUTCString();

function respond({ status, headers, value, text }, requestHeaders) {
  if (value === undefined) return new Response(text, { status, headers });
  const accept = requestHeaders.get('accept') ?? '';
  return new Response(writeJson(wantsStringIds(accept) ? withStringIds(value) : value), { status, headers });
}

// Latency, which an abort cuts short; Infinity is an answer that never comes.
function pause(milliseconds, signal) {
  if (!milliseconds) return undefined;
  return new Promise((resolve, reject) => {
    const timer = milliseconds === Infinity ? undefined : setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
