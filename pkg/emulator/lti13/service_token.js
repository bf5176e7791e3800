// Who calls an LTI Advantage service: a tool, by the access token of its developer key.

import { bearerOf } from '../auth.js';
import { readJws, verifyHmac } from '../jose.js';
import { claimsProblem } from '../jwt_validator.js';
import { toolOf } from './installations.js';
import { refuse } from './service_answers.js';

const REQUIRED = ['sub', 'aud', 'exp', 'iat', 'jti', 'iss'];
const OLDEST = 3600;
/** Tokens that were requested there are good on every institution's host. */
const UNIVERSAL_HOSTS = ['canvas.instructure.com', 'sso.canvaslms.com'];

export const allOf = (...wanted) => (scopes) => wanted.every((scope) => scopes.includes(scope));
export const anyOf = (...wanted) => (scopes) => wanted.some((scope) => scopes.includes(scope));

/** The developer key of a token with the scopes that an endpoint asks for. */
export async function requireKey(canvas, call, isGranted) {
  const token = bearerOf(call);
  if (!token) refuse('unauthorized', 'Missing access token');
  const claims = await open(canvas, token);
  if (claims.exp !== undefined && !(claims.exp >= canvas.now())) refuse('unauthorized', 'Access token expired');
  const problem = claimsProblem(claims, audiences(canvas, call.url), canvas.now(), {
    required: REQUIRED, isThorough: true, oldest: OLDEST,
  });
  if (problem) refuse('unauthorized', `Invalid access token field/s: ${problem}`);
  const key = canvas.find('developerKeys', claims.sub);
  if (!key || key.active === false) refuse('unauthorized', 'Unknown or inactive Developer Key');
  const scopes = String(claims.scopes ?? '').split(/\s+/).filter(Boolean);
  if (!isGranted(scopes)) refuse('unauthorized', 'Insufficient permissions');
  return key;
}

/**
 * The key, and its tool in the context of the request.
 * @param contextOf finds the context, with `kind`; null where there is none
 * @returns {{ key, context, tool }}
 */
export async function requireTool(canvas, call, isGranted, contextOf) {
  const key = await requireKey(canvas, call, isGranted);
  const context = contextOf(canvas, call, key);
  requireUsable(key, context);
  const tool = toolOf(canvas, key, context);
  if (!tool) refuse('unauthorized', 'Access Token not linked to a Tool associated with this Context');
  return { key, context, tool };
}

/** A key that the account has turned off is still an active key. */
export function requireUsable(key, context) {
  if (key.enabled === false) refuse('unauthorized', 'Invalid Developer Key');
  if (!context) refuse('not_found', 'Context not found');
}

const audiences = (canvas, { protocol, host }) =>
  [host, new URL(canvas.authUrl).host, ...UNIVERSAL_HOSTS].map((name) => `${protocol}//${name}/login/oauth2/token`);

async function open(canvas, token) {
  try {
    readJws(token);
  } catch (error) {
    refuse('unauthorized', 'Invalid access token format', error.message);
  }
  for (const secret of [canvas.secrets.encryptionKey, ...canvas.secrets.previousEncryptionKeys]) {
    try {
      return await verifyHmac(token, secret);
    } catch (error) {
      if (error.jose?.endsWith('UnexpectedAlgorithm')) {
        refuse('unauthorized', 'Access token signature algorithm not allowed', error.message);
      }
    }
  }
  return refuse('unauthorized', 'Access token invalid - signature likely incorrect');
}
