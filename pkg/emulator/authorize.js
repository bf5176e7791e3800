// POST /api/lti/{accounts,courses}/:id/authorize: an assertion for an access token (RFC 7523, as Canvas does it).

import { invalidGrant, json, refusal } from './answers.js';
import { readJws, verifyHmac } from './jose.js';
import { claimsProblem, oldClaimsProblem } from './jwt_validator.js';
import { issueLtiToken, LIFETIME } from './lti_token.js';
import { isBlank } from './params.js';

const GRANTS = ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'authorization_code'];
const SPLIT_SECRET = ['Security.splitSecret', 'OAuth.splitSecret'];
const REGISTRATION_LIFETIME = 3600;

export async function authorize(canvas, call) {
  const context = canvas.context(call);
  const { grant_type, assertion, code } = call.params;
  if (!GRANTS.includes(grant_type)) no('the grant_type is not supported');
  if (isBlank(assertion)) no('the assertion is missing');

  const signer = signerOf(canvas, context, unverifiedSub(assertion), code);
  // Which class of error a wrong algorithm raises depends on the key's type in Ruby; every one is answered alike here.
  const claims = await verifyHmac(assertion, signer.secret).catch((error) => no(error.message));
  const endpoint = `${call.url.origin}/api/lti/${context.kind}/${canvas.localId(context.id)}/authorize`;
  const problem = canvas.era === 'old' ? oldClaimsProblem : claimsProblem;
  const reason = problem(claims, endpoint, canvas.now());
  if (reason) no(reason);
  if (!consumeNonce(canvas, claims)) no("the 'jti' is invalid");

  const sub = signer.sub;
  const regKey = isBlank(code) ? (canvas.era === 'old' ? undefined : sub) : code;
  const token = await issueLtiToken(canvas, call, { sub, regKey });
  return json(200, { access_token: token, token_type: 'bearer', expires_in: String(LIFETIME) });
}

function no(reason) {
  throw refusal(invalidGrant(), reason);
}

function unverifiedSub(assertion) {
  try {
    return readJws(assertion).claims.sub;
  } catch (error) {
    return no(error.message);
  }
}

// The unverified sub alone decides whose secret must have signed; the grant type plays no part.
function signerOf(canvas, context, sub, code) {
  const name = ['string', 'number', 'bigint'].includes(typeof sub) ? String(sub) : '';

  const proxy = canvas.records.toolProxies.get(name);
  if (proxy && proxy.active !== false) {
    const key = canvas.find('developerKeys', proxy.developerKeyId);
    if (key?.active === false) no('the Developer Key is not active or available in this environment');
    if (!SPLIT_SECRET.some((capability) => proxy.capabilities?.includes(capability))) {
      no('the Tool Proxy must be using a split secret');
    }
    if (proxy.secret) return { secret: proxy.secret, sub: proxy.guid };
  }

  const key = canvas.find('developerKeys', name);
  if (key) {
    if (isBlank(code)) no('MissingAuthorizationCode');
    if (key.secret) return { secret: key.secret, sub: canvas.globalId(key.id) };
  }

  const registration = canvas.era === 'old' ? null : liveRegistration(canvas, context, name);
  if (registration?.password) return { secret: registration.password, sub: registration.regKey };
  return no('either the tool proxy or developer key were not found');
}

/** A registration request is cached for an hour, for its context. */
export function liveRegistration(canvas, context, regKey) {
  const found = canvas.records.registrations.get(String(regKey));
  const { createdAt = canvas.startedAt } = found ?? {};
  if (!found || canvas.now() - createdAt >= REGISTRATION_LIFETIME) return null;
  const home = context.kind === 'accounts' ? found.accountId : found.courseId;
  return canvas.find(context.kind, home)?.id === context.id ? found : null;
}

/** Last of all checks, so that a refused assertion may be sent again. */
function consumeNonce(canvas, { sub, jti, exp, iat }) {
  const { nonces } = canvas.records;
  const [now, issued] = [canvas.seconds(), Math.trunc(Number(iat))];
  const duration = Math.trunc(Number(exp)) - issued;
  const nonce = `nonce:${sub}:${jti}`;
  if (issued <= now - duration || issued > now + 60 || nonces.get(nonce) > now) return false;
  nonces.set(nonce, now + duration + 60);
  if (nonces.size % 1000 === 0) for (const [old, until] of nonces) if (until <= now) nonces.delete(old);
  return true;
}
