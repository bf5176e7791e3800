// The shapes that LTI Advantage services answer with.

import { json, notFound, refusal } from '../answers.js';

const STATUS = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  unprocessable_entity: 422,
  internal_server_error: 500,
  gateway_timeout: 504,
};

/** Refuses as services do: an object under `errors`, with the name of the status. */
export function refuse(type, message, reason = message) {
  throw refusal(json(STATUS[type], { errors: { type, message } }), reason);
}

/** Refuses without a body. */
export function refuseBare(type, reason) {
  throw refusal({ status: STATUS[type], headers: {} }, reason);
}

/** What a record that fails its validation answers, attribute by attribute. */
export function refuseRecord(faults) {
  const errors = Object.entries(faults).map(([attribute, [type, message = type]]) => [
    attribute, [{ attribute, type, message }],
  ]);
  const reason = errors.map(([attribute, [{ message }]]) => `${attribute}: ${message}`).join(', ');
  throw refusal(json(422, { errors: Object.fromEntries(errors) }), reason);
}

export function refuseMissing(name) {
  throw refusal(json(400, { errors: [{ message: `${name} is missing` }] }), `${name} is missing`);
}

/** The answer of a record that is not there. */
export function notThere(reason) {
  throw refusal(notFound(), reason);
}

/** An answer under a media type of the specification; errors never have it. */
export const typed = (status, value, mediaType, headers = {}) =>
  json(status, value, { 'content-type': `${mediaType}; charset=utf-8`, ...headers });

/** An answer without a body. */
export const bare = (status) => ({ status, headers: {} });

/** Without the members that are null. */
export const compact = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
