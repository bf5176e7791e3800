// Who asks for a user's token: a developer key, by its secret, a signed assertion, or, where it is public, by nothing.

import { json, refusal } from '../answers.js';
import { fromBase64Leniently, toText } from '../bytes.js';
import { readJws } from '../jose.js';
import { claimsProblem } from '../jwt_validator.js';
import { verifyOfTool } from '../lti13/tool_keys.js';
import { isBlank, textOf } from '../params.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const REQUIRED = ['sub', 'aud', 'exp', 'iat', 'jti', 'iss'];

/** An OAuth error as Canvas answers it. */
export function oauthError(status, error, error_description) {
  const answer = json(status, { error, error_description });
  if (status === 401) answer.headers['www-authenticate'] = 'Canvas OAuth 2.0';
  return answer;
}

export function no(status, error, description, reason = description) {
  throw refusal(oauthError(status, error, description), reason);
}

/** An active developer key by the id in a request: digits alone, as Ruby's Integer() takes them. */
export function activeKey(canvas, id) {
  const key = canvas.find('developerKeys', textOf(id).trim());
  return key && key.active !== false ? key : no(401, 'invalid_client', 'unknown client');
}

/** The developer key of a request for a token. `isPublicAllowed`: whether the grant is one for public clients. */
export async function requireClient(canvas, call, { isPublicAllowed }) {
  const { params } = call;
  const basic = basicOf(call);
  const id = isBlank(params.client_id) ? basic?.[0] : params.client_id;
  if (canvas.era !== 'old' && params.client_assertion_type === ASSERTION_TYPE) return byAssertion(canvas, call, id);
  const key = activeKey(canvas, id);
  const secret = isBlank(params.client_secret) ? basic?.[1] : params.client_secret;
  if (isPublicAllowed && canvas.era !== 'old' && key.publicClient && isBlank(secret)) return key;
  if (secret === undefined || secret !== key.secret) no(401, 'invalid_client', 'invalid client');
  return key;
}

// Canvas tells an assertion that fails from a secret that does; its words for it are not public.
async function byAssertion(canvas, call, id) {
  const assertion = call.params.client_assertion;
  const fail = (reason) => no(401, 'invalid_client', 'invalid client assertion', reason);
  let sub;
  try {
    ({ sub } = readJws(assertion).claims);
  } catch {
    no(401, 'invalid_client', 'unknown client');
  }
  const key = activeKey(canvas, sub);
  if (!isBlank(id) && String(id) !== String(sub)) fail('client_id does not match assertion subject');
  const claims = await verifyOfTool(canvas, key, assertion).catch((error) => fail(error.message));
  const problem = claimsProblem(claims, `${call.url.origin}/login/oauth2/token`, canvas.now(), {
    required: REQUIRED, isThorough: true,
  });
  if (problem) fail(problem);
  const nonce = `oauth ${claims.sub} ${claims.jti}`;
  if (canvas.records.nonces.get(nonce) > canvas.now()) fail("the 'jti' is invalid");
  canvas.records.nonces.set(nonce, Number(claims.exp) + 60);
  return key;
}

function basicOf(call) {
  const found = /^Basic +(\S+)$/i.exec(call.headers.get('authorization') ?? '');
  if (!found) return null;
  try {
    return toText(fromBase64Leniently(found[1])).split(/:(.*)/s);
  } catch {
    return null;
  }
}
