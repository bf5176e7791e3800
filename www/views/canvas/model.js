// What the calls are made with, and a call while it runs: {title, state, wire, result, error, reason, target}.
import { EMULATED, defaultSeeds, emulator } from '../../package/emulator.js';
import { core } from '../../package/core.js';
import { recorder } from '../../package/wire.js';
import { call } from '../../package/worker-client.js';
import { withFault } from './server.js';
import { nowSeconds } from '../../format/time.js';

const { accessTokens: [{ token: bearer }], courses: [course], submissions: [submission], developerKeys: [developerKey],
  registrations: [registration], toolProxies: [toolProxy] } = defaultSeeds;
const PATH = '/api/lti/accounts/1/authorize';

/** Who asks for an access token; each is what the form is filled with. */
export const CALLERS = {
  toolProxy: { sub: toolProxy.guid, secret: toolProxy.secret, code: '' },
  developerKey: { sub: String(developerKey.id), secret: developerKey.secret, code: registration.regKey },
  refused: { secret: developerKey.secret, code: registration.regKey },
  own: { secret: '', code: '', assertion: '' },
};

export const START = {
  call: 'exchange', server: { kind: 'emulator', base: '', fault: 'none' }, who: 'toolProxy', ...CALLERS.toolProxy, assertion: '',
  url: EMULATED + PATH, isUrlTyped: false,
  token: '', assignment: String(submission.assignmentId), submission: String(submission.id), file: String(submission.attachments[0].id),
  score: '12.5', report: '', bearer, workflows: '', contextType: '', contextId: String(course.id), audience: true, jwt: '',
};

export const isEmulated = ({ server }) => server.kind === 'emulator';
export const baseOf = (given) => (isEmulated(given) ? EMULATED : given.server.base.trim().replace(/\/+$/, ''));

/** Where an assertion is sent: the address that was typed, else the same path at the server that was chosen. */
export function urlOf(given) {
  const path = /^https?:\/\/[^/?#]+(\/[^?#]+)/i.exec(given.url)?.[1] ?? PATH;
  return given.isUrlTyped ? given.url.trim() : `${baseOf(given)}${path}`;
}

/** An assertion as Canvas's documentation once printed it: Iat, and long expired. */
export const refusedAssertion = (aud) => call('signJwt', {
  sub: developerKey.id, aud, exp: 1486393868, Iat: 1486393800, jti: crypto.randomUUID(),
}, { secret: developerKey.secret }, { alg: 'HS256', typ: 'JWT' });

// A developer key's id is a JSON number; a guid and a registration key are text.
const subOf = (text) => (/^[1-9]\d*$/.test(text.trim()) ? BigInt(text.trim()) : text.trim());

/** The calls by name. Each gets the form, and {fetch, signal}, and resolves to {kind, …} for the result to show. */
const CALLS = {
  async exchange(given, options, run) {
    const url = urlOf(given);
    const isOwn = given.who === 'own' || given.who === 'refused';
    run.assertion = isOwn ? given.assertion.trim() : await call('signAssertion', { sub: subOf(given.sub), aud: url }, given.secret);
    const { requestAccessToken } = await core();
    const granted = await requestAccessToken({ url, assertion: run.assertion, ...(given.code.trim() && { code: given.code.trim() }), ...options });
    return { kind: 'lti2-access-token', token: granted.accessToken, ...granted };
  },
  async report(given, options) {
    const { canvas, path } = await reports(given, options);
    const posted = await canvas.createOriginalityReport(path, {
      ...(given.file.trim() && { fileId: given.file.trim() }), ...(given.score.trim() && { originalityScore: Number(given.score) }),
    });
    return { kind: 'report', object: posted };
  },
  async readReport(given, options) {
    const { canvas, path } = await reports(given, options);
    const where = given.report.trim() ? { ...path, reportId: given.report.trim() } : { assignmentId: path.assignmentId, fileId: given.file.trim() };
    return { kind: 'report', object: await canvas.originalityReport(where) };
  },
  async jwt(given, options) {
    const workflows = given.workflows.split(/[\s,]+/).filter(Boolean);
    const canvas = await canvasFor(given, given.bearer, options);
    return { kind: 'canvas-jwt', ...await canvas.createJwt({
      ...(workflows.length && { workflows }), ...(given.contextType && { contextType: given.contextType, contextId: given.contextId.trim() }),
      canvasAudience: given.audience,
    }) };
  },
  refresh: async (given, options) => ({ kind: 'canvas-jwt', ...await (await canvasFor(given, given.bearer, options)).refreshJwt(given.jwt.trim()) }),
  instAccess: async (given, options) => ({ kind: 'inst-access-token', ...await (await canvasFor(given, given.bearer, options)).createInstAccessToken() }),
};

async function reports(given, options) {
  return {
    canvas: await canvasFor(given, given.token, options),
    path: { assignmentId: given.assignment.trim(), submissionId: given.submission.trim() },
  };
}

async function canvasFor(given, accessToken, options) {
  const { Canvas } = await core();
  return new Canvas({ baseUrl: baseOf(given), accessToken: accessToken.trim(), ...options });
}

/** Starts a call; `changed` is told of every step. The run can be cancelled. */
export function startCall(name, given, changed) {
  const isInPage = isEmulated(given);
  const controller = new AbortController();
  const wire = recorder(isInPage ? emulator.fetch : (request) => fetch(request, { credentials: 'omit', referrerPolicy: 'no-referrer' }), changed);
  const run = { name, given, isInPage, state: 'busy', wire: wire.exchanges, cancel: () => controller.abort() };
  const { length } = emulator.refusals;
  const asked = () => CALLS[name](given, { fetch: wire.fetch, signal: controller.signal }, run);
  run.done = (isInPage ? withFault(emulator, given.server.fault, asked) : asked()).then(
    (result) => Object.assign(run, { state: 'done', result }),
    (error) => Object.assign(run, {
      state: error.code === 'ERR_ABORTED' ? 'cancelled' : 'failed', error, canvasReason: isInPage ? emulator.refusals.slice(length).at(-1)?.reason : undefined,
    }),
  ).finally(changed);
  return run;
}

/** The server's clock, where it is not this machine's. */
export function serverClock({ wire }) {
  const date = Date.parse(wire.at(-1)?.answer?.headers.date ?? '') / 1000;
  return Number.isFinite(date) && Math.abs(date - nowSeconds()) > 30 ? String(Math.round(date)) : '';
}
