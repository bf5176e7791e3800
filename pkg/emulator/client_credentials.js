// POST /login/oauth2/token with client_credentials: an LTI 1.3 client assertion for an access token.

import { json, refusal } from './answers.js';
import { readJws, signHmac } from './jose.js';
import { claimsProblem } from './jwt_validator.js';
import { verifyOfTool } from './lti13/tool_keys.js';
import { isBlank } from './params.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const REQUIRED = ['sub', 'aud', 'exp', 'iat', 'jti', 'iss'];
const SIGNATURE = 'JWS signature invalid.';
const LIFETIME = 3600;
const NOT_GRANTED =
  'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner. '
  + 'The following scopes were requested, but not granted: ';

function no(error, description, reason = description) {
  throw refusal(json(400, { error, error_description: description }), reason);
}

export async function requestToken(canvas, call) {
  const { client_assertion_type, client_assertion: assertion, scope, scopes = scope } = call.params;
  if (client_assertion_type !== ASSERTION_TYPE) {
    no('invalid_request', 'assertion method not supported for this grant_type');
  }
  call.cost = 200;
  const key = clientOf(canvas, assertion);
  const claims = await verifyOfTool(canvas, key, assertion).catch((error) =>
    no('invalid_request', signatureText(canvas, error), error.message));
  const endpoint = `${call.url.origin}/login/oauth2/token`;
  // Newer servers take the bare host of the authorization endpoint, too. The jti of an LTI key may be used again.
  const audiences = canvas.era === 'old' ? endpoint : [endpoint, new URL(canvas.authUrl).host];
  const problem = claimsProblem(claims, audiences, canvas.now(), { required: REQUIRED, isThorough: true });
  if (problem) no('invalid_request', problem);
  const granted = scopesOf(key, scopes);
  return json(200, {
    access_token: await issue(canvas, key, canvas.era === 'old' ? endpoint : [endpoint, call.url.host], granted),
    token_type: 'Bearer',
    expires_in: LIFETIME,
    scope: granted,
  });
}

// What went wrong at the address of the keys; older servers say of that no more than of a wrong key.
function signatureText(canvas, { jose }) {
  const texts = {
    FetchFailed: 'JWK Error: Failed to fetch public key',
    'JSON::ParserError': 'JWK Error: Invalid JSON',
    'JSON::JWK::Set::KidNotFound': 'JWK Error: JSON::JWK::Set::KidNotFound',
  };
  return (canvas.era === 'old' && jose === 'FetchFailed' ? null : texts[jose]) ?? SIGNATURE;
}

function clientOf(canvas, assertion) {
  let sub;
  try {
    ({ sub } = readJws(assertion).claims);
  } catch (error) {
    no('invalid_request', SIGNATURE, error.message);
  }
  const key = canvas.find('developerKeys', sub);
  if (key && key.active !== false) return key;
  const answer = json(401, { error: 'invalid_client', error_description: 'unknown client' });
  answer.headers['www-authenticate'] = 'Canvas OAuth 2.0';
  throw refusal(answer, 'unknown client');
}

function scopesOf({ scopes: allowed = [] }, asked) {
  const list = isBlank(asked) ? [] : String(asked).split(/\s+/).filter(Boolean);
  const refused = list.filter((scope) => !allowed.includes(scope));
  if (refused.length) no('invalid_scope', NOT_GRANTED + refused.join(', '));
  return list.join(' ');
}

function issue(canvas, { id, accountUuid }, aud, scopes) {
  const iat = canvas.seconds();
  const claims = {
    iss: canvas.issuer,
    sub: canvas.globalId(id),
    aud,
    iat,
    exp: iat + LIFETIME,
    jti: canvas.uuid(),
    scopes,
    'canvas.instructure.com': accountUuid ? { account_uuid: accountUuid } : undefined,
  };
  return signHmac(claims, canvas.secrets.encryptionKey);
}
