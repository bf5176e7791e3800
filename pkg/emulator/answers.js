// The shapes Canvas answers with. A handler returns an answer, or throws a refusal that carries one.

/** @typedef {{ status: number, headers: Record<string, string>, value?: any, text?: string }} Answer */

/** @returns {Answer} */
export const json = (status, value, headers = {}) => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  value,
});

/** @returns {Answer} */
export const plain = (status, text) => ({ status, headers: { 'content-type': 'text/plain; charset=utf-8' }, text });

/** An exception with Canvas's answer, and Canvas's own reason, which only `emulator.refusals` tells. */
export const refusal = (answer, reason) => Object.assign(new Error(reason), { answer });

const REALM = { 'www-authenticate': 'Bearer realm="canvas-lms"' };

/** Nobody is logged in. */
export const unauthenticated = () =>
  json(401, { status: 'unauthenticated', errors: [{ message: 'user authorization required' }] }, REALM);

/** A known user may not: without WWW-Authenticate, which is how a client can tell the two apart. */
export const forbidden = (status = 403) =>
  json(status, { status: 'unauthorized', errors: [{ message: 'user not authorized to perform that action' }] });

/** The bearer is none of ours, expired, or of somebody unknown. */
export const invalidAccessToken = () => json(401, { errors: [{ message: 'Invalid access token.' }] }, REALM);

/** What LTI services answer when the tool may not. */
export const unauthorizedTool = () => json(401, { error: 'unauthorized' });

export const invalidGrant = () => json(400, { error: 'invalid_grant' });

export const notFound = () => json(404, { errors: [{ message: 'The specified resource does not exist.' }] });

export const badRequest = (message) => json(400, { errors: [{ message }] });

export const serverError = (reportId) =>
  json(500, {
    errors: [{ message: 'An error occurred.', error_code: 'internal_server_error' }],
    error_report_id: reportId,
  });
