// LTI 2 access tokens: how Canvas makes them, and what it asks of one that comes back.

import { refusal, unauthenticated } from './answers.js';
import { bearerOf } from './auth.js';
import { signHmac } from './jose.js';
import { serviceName } from './services.js';
import { timeProblem, verifyAny } from './services_jwt.js';

export const LIFETIME = 3600;
const REQUIRED = ['iss', 'sub', 'exp', 'aud', 'iat', 'nbf', 'jti'];

/** @param subject { sub, regKey } */
export function issueLtiToken(canvas, call, { sub, regKey }) {
  const now = canvas.seconds();
  const isOld = canvas.era === 'old';
  const claims = {
    iss: 'Canvas',
    sub,
    exp: now + LIFETIME,
    aud: isOld ? call.url.hostname : hosts(canvas, call),
    iat: now,
    nbf: now - 30,
    jti: canvas.uuid(),
    shard_id: isOld ? undefined : canvas.shardId,
    reg_key: regKey,
  };
  return signHmac(claims, canvas.secrets.encryptionKey);
}

function hosts(canvas, call) {
  const vanity = [...canvas.records.accounts.values()].flatMap((account) => account.vanityHosts ?? []);
  return [...new Set([canvas.filesHost ?? call.url.hostname, call.url.hostname, ...vanity])];
}

/**
 * All of AccessTokenHelper's checks. Throws a refusal with Canvas's 401, or the answer given.
 * @param services the names of which the proxy's security contract must list one, with this method
 * @returns {{ claims, toolProxy, developerKey }}
 */
export async function requireLtiToken(canvas, call, services, answer = unauthenticated) {
  const no = (reason) => {
    throw refusal(answer(), reason);
  };
  const { encryptionKey, previousEncryptionKeys } = canvas.secrets;
  const token = bearerOf(call) ?? no('no access token');
  const claims = await verifyAny(token, [encryptionKey, ...previousEncryptionKeys]).catch((error) => no(error.message));
  const late = timeProblem(claims, canvas.now());
  if (late) no(late);
  const missing = REQUIRED.filter((name) => !Object.hasOwn(claims, name));
  if (missing.length) no(`the following assertions are missing: ${missing.join(',')}`);
  if (claims.iss !== 'Canvas') no('invalid iss');
  if (![claims.aud].flat().includes(call.url.hostname)) no('invalid aud');
  // Canvas compares with a clock that has fractions; a token of this very second passes.
  if (!(claims.iat <= canvas.now())) no('iat must be in the past');

  const toolProxy = canvas.records.toolProxies.get(String(claims.sub)) ?? null;
  if (toolProxy?.active === false) no('Tool Proxy is not active');
  if (toolProxy) {
    const problem = contractProblem(toolProxy, services, call.method);
    if (problem) no(problem);
  }
  const developerKey = canvas.find('developerKeys', toolProxy ? toolProxy.developerKeyId : claims.sub);
  if (developerKey?.active === false) no('Developer Key is not active or available in this environment');
  return { claims, toolProxy, developerKey };
}

function contractProblem(toolProxy, services, method) {
  const listed = (toolProxy.services ?? []).find(({ service }) => services.includes(serviceName(service)));
  if (!listed) return `The ToolProxy security contract doesn't include ${services.join(', or ')}`;
  if (listed.actions.some((action) => action.toUpperCase() === method)) return null;
  return `${serviceName(listed.service)}.${method} not included in ToolProxy security Contract`;
}

/** The tool proxy of a token; one that stands for a developer key or a registration alone has none. */
export async function requireToolProxy(canvas, call, services) {
  const { toolProxy } = await requireLtiToken(canvas, call, services);
  if (!toolProxy) throw refusal(unauthenticated(), 'the token is of no tool proxy');
  return toolProxy;
}
