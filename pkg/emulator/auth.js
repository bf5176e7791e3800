// Who sends a request to the API: a service's JWT, an InstAccess token, an access token, or a browser's session.

import { forbidden, invalidAccessToken, json, refusal, unauthenticated } from './answers.js';
import { fromBase64Leniently, toText } from './bytes.js';
import { readJws, verifyHmac, verifyRs256 } from './jose.js';
import { isBlank } from './params.js';
import { openServicesJwt, timeProblem } from './services_jwt.js';

export const INST_ACCESS_ISSUER = 'instructure:inst_access';

/** `Authorization: Bearer …` (the scheme's capital is checked), else the access_token parameter. */
export function bearerOf(call) {
  const header = call.headers.get('authorization')?.match(/^Bearer +(.+)$/);
  return header ? header[1].trim() : call.params?.access_token || call.url.searchParams.get('access_token') || null;
}

/**
 * The logged-in user, in Canvas's order of ways. Throws a refusal.
 * @returns {{ user, realUser, accessToken, byJwt }}
 */
export async function requireUser(canvas, call, scope) {
  const who = await authenticate(canvas, call, scope);
  if (!who) throw refusal(unauthenticated(), 'nobody is logged in');
  return masquerade(canvas, call, who);
}

export function requireNonJwtAuth(who) {
  if (!who.byJwt) return;
  throw refusal(json(403, { error: 'cannot generate a JWT when authorized by a JWT' }), 'authorized by a JWT');
}

const noToken = (reason) => {
  throw refusal(invalidAccessToken(), reason);
};

export async function authenticate(canvas, call, scope) {
  const bearer = bearerOf(call);
  if (!bearer) return bySession(canvas, call);
  return (
    (await byServiceJwt(canvas, bearer)) ?? (await byInstAccess(canvas, bearer)) ?? byAccessToken(canvas, bearer, scope)
  );
}

// Another service wraps the user's token in one of its own; whatever is wrong with it, the next way is tried.
async function byServiceJwt(canvas, bearer) {
  try {
    const wrapper = await verifyHmac(toText(fromBase64Leniently(bearer)), canvas.secrets.servicesSigning);
    const claims = await openServicesJwt(canvas, wrapper.user_token);
    if (timeProblem(wrapper, canvas.now()) ?? timeProblem(claims, canvas.now())) return null;
    const user = canvas.find('users', claims.sub);
    const realUser = claims.masq_sub === undefined ? null : canvas.find('users', claims.masq_sub);
    return user && { user, realUser, accessToken: null, byJwt: true };
  } catch {
    return null;
  }
}

async function byInstAccess(canvas, bearer) {
  const iss = unverifiedIssuer(bearer);
  if (iss !== INST_ACCESS_ISSUER) return null;
  const { signature } = await canvas.instAccessKeys();
  const claims = await verifyRs256(bearer, signature).catch((error) => noToken(error.message));
  if (!(claims.exp >= canvas.now())) noToken('the InstAccess token has expired');
  const byUuid = (uuid) => [...canvas.records.users.values()].find((user) => user.uuid === uuid) ?? null;
  const user = byUuid(claims.sub) ?? noToken('the InstAccess token names no user of ours');
  if (claims.client_id !== undefined) {
    const key = canvas.find('developerKeys', claims.client_id);
    if (!key || key.active === false) noToken('the client_id is not usable');
  }
  const isStrict = canvas.features.has('enforce_service_token_tenant_matching');
  if (isStrict && claims.acct !== canvas.rootAccount().uuid) noToken('the tenant does not match');
  return { user, realUser: claims.masq_sub ? byUuid(claims.masq_sub) : null, accessToken: null, byJwt: true };
}

function unverifiedIssuer(token) {
  try {
    return readJws(token).claims.iss;
  } catch {
    return null;
  }
}

function byAccessToken(canvas, bearer, scope) {
  const accessToken = canvas.records.accessTokens.get(bearer) ?? noToken('no such access token');
  if (accessToken.expiresAt < canvas.now()) noToken('the access token has expired');
  const key = canvas.find('developerKeys', accessToken.developerKeyId);
  if (key?.active === false) noToken('the developer key is not active');
  const user = canvas.find('users', accessToken.userId) ?? noToken('the access token is of nobody');
  if (scope !== null && accessToken.scopes && !accessToken.scopes.includes(scope)) {
    const answer = json(401, { errors: [{ message: 'Insufficient scopes on access token.' }] });
    throw refusal(answer, `the access token lacks ${scope}`);
  }
  return { user, realUser: realUserOf(canvas, accessToken), accessToken, byJwt: false };
}

// Of a token or session of somebody who acts as another user.
const realUserOf = (canvas, { realUserId }) => (realUserId === undefined ? null : canvas.find('users', realUserId));

function cookiesOf(call) {
  const pairs = (call.headers.get('cookie') ?? call.cookies ?? '').split(';');
  return Object.fromEntries(pairs.map((pair) => pair.trim().split(/=(.*)/s)));
}

export const cookieOf = (call, name) => cookiesOf(call)[name];

export const sessionOf = (canvas, call) => canvas.records.sessions.get(cookieOf(call, 'canvas_session')) ?? null;

function bySession(canvas, call) {
  const session = sessionOf(canvas, call);
  const user = session && canvas.find('users', session.userId);
  if (!user) return null;
  const sent = call.headers.get('x-csrf-token') ?? call.params.authenticity_token;
  if (call.method !== 'GET' && !isSameSecret(sent, cookiesOf(call)._csrf_token, session.csrfToken)) {
    throw refusal(json(422, { errors: [{ message: 'Invalid authenticity token' }] }), 'the CSRF token does not match');
  }
  return { user, realUser: realUserOf(canvas, session), accessToken: null, byJwt: false };
}

// The cookie is percent-encoded, the header is not.
const isSameSecret = (sent, cookie, secret) => sent === secret && decodeURIComponent(cookie ?? '') === secret;

function masquerade(canvas, call, who) {
  const asked = call.params.as_user_id;
  if (isBlank(asked)) return who;
  if (who.byJwt && who.realUser) {
    throw refusal(json(401, { errors: 'Cannot change masquerade' }), 'the JWT masquerades already');
  }
  const user = canvas.find('users', asked);
  if (!user || !who.user.admin) throw refusal(json(401, { errors: 'Invalid as_user_id' }), 'may not become that user');
  return { ...who, user, realUser: who.user };
}

/** Canvas's :read on a course, account or user, as far as an emulator needs it. */
export function requireRead(canvas, { user }, context) {
  const isSelf = context.kind === 'users' && context.uuid === user.uuid;
  const isMember = context.kind === 'courses' && context.userIds?.some((id) => canvas.find('users', id) === user);
  if (user.admin || isSelf || isMember) return;
  const status = canvas.features.has('api_auth_error_updates') ? 403 : 401;
  throw refusal(forbidden(status), 'the user may not read the context');
}
