// POST /login/oauth2/token for users (a code, a refresh token), and DELETE, which ends a token.

import { badRequest, json, refusal } from '../answers.js';
import { authenticate, bearerOf, sessionOf } from '../auth.js';
import { toBase64url, toBytes, toHex } from '../bytes.js';
import { requestToken as clientCredentials } from '../client_credentials.js';
import { isBlank, textOf, toBoolean } from '../params.js';
import { no, requireClient } from './clients.js';

const LIFETIME = 3600;
/** How long a public client may wait between two refreshes. */
const PUBLIC_WINDOW = 7200;
const USERINFO = '/auth/userinfo';

export const isIdentityAlone = (scopes) => scopes.length === 1 && scopes[0] === USERINFO;

/** POST /login/oauth2/token */
export async function requestToken(canvas, call) {
  const { grant_type, code } = call.params;
  const type = grant_type ?? (isBlank(code) ? undefined : 'authorization_code');
  if (type === 'client_credentials') return clientCredentials(canvas, call);
  const grant = { authorization_code: byCode, refresh_token: byRefreshToken }[type];
  try {
    if (!grant) no(400, 'unsupported_grant_type', 'The grant_type you requested is not currently supported');
    const answer = await grant(canvas, call);
    call.cost = 200;
    return answer;
  } catch (error) {
    throw asOfOld(canvas, call, error);
  }
}

// Without the feature flag, Canvas sends errors of this endpoint to the redirect URI, too.
function asOfOld(canvas, { params }, error) {
  const { value } = error.answer ?? {};
  const uri = textOf(params.redirect_uri);
  if (!value?.error || canvas.features.has('no_redirect_on_oauth_token_method') || !URL.canParse(uri) || uri.startsWith('urn:')) {
    return error;
  }
  const url = new URL(uri);
  url.searchParams.append('error', value.error);
  if (value.error_description) url.searchParams.append('error_description', value.error_description);
  return refusal({ status: 302, headers: { location: url.href }, text: '' }, error.message);
}

async function byCode(canvas, call) {
  const { params } = call;
  const isPkce = canvas.era !== 'old' && Object.hasOwn(params, 'code_verifier');
  const key = await requireClient(canvas, call, { isPublicAllowed: isPkce });
  if (params.code === undefined) {
    no(400, 'invalid_request', 'You must provide the code parameter when using the authorization_code grant type');
  }
  const { authorizationCodes } = canvas.records;
  const found = authorizationCodes.get(textOf(params.code));
  const granted = found && found.expiresAt > canvas.now() ? found : null;
  // Whoever gives a wrong verifier has used the challenge up, but not the code.
  if (isPkce) await checkVerifier(granted, textOf(params.code_verifier));
  else if (granted?.codeChallenge) no(400, 'invalid_grant', undefined, 'the code has a code_challenge, the request no code_verifier');
  if (!granted) no(400, 'invalid_grant', 'authorization_code not found');
  if (canvas.find('developerKeys', granted.clientId) !== key) no(400, 'invalid_grant', 'incorrect client');
  authorizationCodes.delete(granted.code);

  const reused = reusableToken(canvas, key, granted, granted.userId);
  if (!reused && toBoolean(params.replace_tokens)) endTokens(canvas, (token) => isOf(canvas, token, key, granted.userId));
  return json(200, document(canvas, key, reused ?? create(canvas, key, granted), granted));
}

async function checkVerifier(granted, verifier) {
  const challenge = granted?.codeChallenge;
  if (granted) granted.codeChallenge = null;
  const digest = await crypto.subtle.digest('SHA-256', toBytes(verifier));
  if (isBlank(verifier) || isBlank(challenge) || toBase64url(new Uint8Array(digest)) !== challenge) {
    no(400, 'invalid_grant', undefined, 'the code_verifier is not that of the code');
  }
}

async function byRefreshToken(canvas, call) {
  const key = await requireClient(canvas, call, { isPublicAllowed: true });
  const { refresh_token } = call.params;
  if (refresh_token === undefined) {
    no(400, 'invalid_request', 'You must provide the refresh_token parameter when using the refresh_token grant type');
  }
  const { accessTokens } = canvas.records;
  const found = [...accessTokens.values()].find((token) => token.refreshToken && token.refreshToken === textOf(refresh_token));
  if (!found || found.refreshUntil <= canvas.now()) no(400, 'invalid_request', 'refresh_token not found');
  if (canvas.find('developerKeys', found.developerKeyId) !== key) no(400, 'invalid_grant', 'incorrect client');
  // The token of before is the same record: it ends at once.
  accessTokens.delete(found.token);
  const renewed = { ...found, token: newToken(canvas), expiresAt: expiryOf(canvas, key) };
  const rotates = key.publicClient === true;
  if (rotates) Object.assign(renewed, { refreshToken: newToken(canvas), refreshUntil: canvas.now() + PUBLIC_WINDOW });
  accessTokens.set(renewed.token, renewed);
  return json(200, document(canvas, key, renewed, { userId: found.userId, realUserId: found.realUserId }, { withRefreshToken: rotates }));
}

const newToken = (canvas) => `${canvas.shardId}~${toHex(canvas.random(32))}`;

const expiryOf = (canvas, { autoExpireTokens = true }) => (autoExpireTokens ? canvas.seconds() + LIFETIME : undefined);

function create(canvas, key, { userId, realUserId, scopes, purpose, rememberAccess }) {
  const token = {
    token: newToken(canvas),
    userId,
    realUserId: realUserId ?? undefined,
    developerKeyId: key.id,
    expiresAt: expiryOf(canvas, key),
    // Canvas looks at them where the key requires scopes.
    scopes: (key.requireScopes ?? key.publicJwk !== undefined) || isIdentityAlone(scopes) ? scopes : undefined,
    purpose,
    rememberAccess,
  };
  if (!isIdentityAlone(scopes)) {
    token.refreshToken = newToken(canvas);
    if (key.publicClient) token.refreshUntil = canvas.now() + PUBLIC_WINDOW;
  }
  canvas.records.accessTokens.set(token.token, token);
  return token;
}

/** A token that serves again, without anybody being asked: of an identity alone, where its user wanted that. */
export function reusableToken(canvas, key, { scopes, purpose }, userId) {
  if (!isIdentityAlone(scopes)) return null;
  const isSame = (token) => token.rememberAccess === true && token.purpose === purpose && isOf(canvas, token, key, userId);
  return [...canvas.records.accessTokens.values()].find(isSame) ?? null;
}

const isOf = (canvas, token, key, userId) =>
  canvas.find('developerKeys', token.developerKeyId) === key && canvas.find('users', token.userId) === canvas.find('users', userId);

function endTokens(canvas, isEnded) {
  const { accessTokens } = canvas.records;
  for (const [name, token] of accessTokens) if (isEnded(token)) accessTokens.delete(name);
}

function document(canvas, key, token, { userId, realUserId }, { withRefreshToken = true } = {}) {
  const isIdentity = token.scopes !== undefined && isIdentityAlone(token.scopes);
  const user = userOf(canvas, userId);
  const realUser = realUserId === null || realUserId === undefined ? null : userOf(canvas, realUserId);
  const isOld = canvas.era === 'old';
  return {
    access_token: isIdentity ? null : token.token,
    token_type: 'Bearer',
    user: isOld ? user : { ...user, effective_locale: 'en' },
    real_user: realUser && realUser.global_id !== user.global_id ? realUser : undefined,
    canvas_region: isOld ? undefined : canvas.region ?? 'unknown',
    refresh_token: withRefreshToken && !isIdentity ? token.refreshToken : undefined,
    expires_in: token.expiresAt === undefined ? undefined : token.expiresAt - canvas.seconds(),
  };
}

function userOf(canvas, id) {
  const user = canvas.need('users', id);
  return { id: canvas.localId(user.id), name: user.name, global_id: String(canvas.globalId(user.id)) };
}

/** DELETE /login/oauth2/token */
export async function deleteToken(canvas, call) {
  const who = bearerOf(call) ? await authenticate(canvas, call, null) : null;
  const session = sessionOf(canvas, call);
  const { sessions } = canvas.records;
  let forwardUrl;
  if (!isBlank(call.params.expire_sessions)) {
    const user = who?.user ?? (session && canvas.find('users', session.userId));
    for (const [id, known] of sessions) {
      if (!user || canvas.find('users', known.userId) !== user) continue;
      forwardUrl ??= known.logoutUrl;
      sessions.delete(id);
    }
  }
  if (!who?.accessToken) {
    const message = "can't delete OAuth access token when not using an OAuth access token";
    throw refusal({ ...badRequest(message), value: { message } }, message);
  }
  canvas.records.accessTokens.delete(who.accessToken.token);
  return json(200, forwardUrl === undefined ? {} : { forward_url: forwardUrl });
}
