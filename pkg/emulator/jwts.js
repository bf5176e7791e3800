// POST /api/v1/jwts, /api/v1/jwts/refresh and /api/v1/inst_access_tokens

import { json, notFound, refusal } from './answers.js';
import { INST_ACCESS_ISSUER, requireNonJwtAuth, requireRead, requireUser } from './auth.js';
import { encryptForGateway, signRs256 } from './jose.js';
import { isBlank, toBoolean } from './params.js';
import { createServicesJwt, isRichContent, openServicesJwt, unwrap } from './services_jwt.js';

const REFRESH_WINDOW = 6 * 3600;
const TABLES = { course: 'courses', user: 'users', account: 'accounts' };

const refuse = (status, body, reason) => {
  throw refusal(json(status, body), reason);
};

export async function createJwt(canvas, call) {
  const who = await requireUser(canvas, call, 'url:POST|/api/v1/jwts');
  requireNonJwtAuth(who);
  const { workflows } = call.params;
  const isOld = canvas.era === 'old';
  const audience = isOld ? undefined : audienceOf(canvas, call, who);
  const context = isRichContent(workflows) ? contextOf(canvas, call) : null;
  if (context) requireRead(canvas, who, context);
  // Canvas takes the workflows for a list without looking; what it then does with a text is not known.
  if (!isBlank(workflows) && !Array.isArray(workflows)) throw new TypeError('workflows is not a list');

  const isForCanvas = isOld || call.params.canvas_audience === undefined || toBoolean(call.params.canvas_audience);
  const token = await createServicesJwt(canvas, who, {
    domain: call.url.host,
    workflows,
    context,
    audience,
    isSymmetric: isRichContent(workflows),
    isEncrypted: isForCanvas && !audience,
    rootAccountUuid: isOld ? undefined : canvas.rootAccount().uuid,
  });
  return json(200, { token });
}

function audienceOf(canvas, call, { accessToken }) {
  const { audience } = call.params;
  if (audience === undefined || audience === null) return undefined;
  if (!accessToken) refuse(401, { errors: { jwt: 'unauthorized' } }, 'an audience needs an access token');
  const allowed = canvas.find('developerKeys', accessToken.developerKeyId)?.allowedAudiences ?? [];
  const asked = String(audience).split(/\s+/).filter(Boolean);
  if (!asked.every((one) => allowed.includes(one))) {
    const error_description = 'The requested audience is not permitted for this client';
    refuse(400, { error: 'invalid_target', error_description }, error_description);
  }
  return asked;
}

function contextOf(canvas, call) {
  const { context_type: type, context_id: id, context_uuid: uuid } = call.params;
  const no = (error) => refuse(400, { error }, error);
  if (isBlank(type)) no('Missing context_type parameter.');
  if (isBlank(id) && isBlank(uuid)) no('Missing context_id or context_uuid parameter.');
  if (!isBlank(id) && !isBlank(uuid)) no('Should provide context_id or context_uuid parameters, but not both.');
  const kind = TABLES[String(type).toLowerCase()] ?? no('Invalid context_type parameter.');
  const found = isBlank(uuid)
    ? canvas.find(kind, id)
    : [...canvas.records[kind].values()].find((record) => record.uuid === uuid);
  if (found) return { ...found, kind };
  const answer = canvas.era === 'old' ? json(404, { error: 'Context not found.' }) : notFound();
  throw refusal(answer, 'Context not found.');
}

export async function refreshJwt(canvas, call) {
  const caller = await requireUser(canvas, call, 'url:POST|/api/v1/jwts/refresh');
  requireNonJwtAuth(caller);
  const { jwt } = call.params;
  if (jwt === undefined || jwt === null) refuse(400, { errors: { jwt: 'required' } }, 'the jwt is missing');
  const no = (reason) => refuse(400, { errors: { jwt: 'invalid refresh' } }, reason);

  // Which errors Canvas lets through as 401 or 500 is not known; each is answered as an invalid refresh.
  const claims = await openServicesJwt(canvas, unwrapped(jwt, no)).catch((error) => no(error.message));
  const now = canvas.now();
  if (claims.nbf > now) no('token is not yet valid');
  const who = refresher(canvas, caller, claims, no);
  if (claims.domain !== call.url.host) no('the domain does not match');
  if (!(claims.exp + REFRESH_WINDOW > now)) no('refresh window exceeded');

  const kind = TABLES[String(claims.context_type ?? '').toLowerCase()];
  const context = kind ? { ...canvas.need(kind, claims.context_id), kind } : null;
  const { workflows } = claims;
  const token = await createServicesJwt(canvas, who, { domain: call.url.host, workflows, context, isSymmetric: true });
  return json(200, { token });
}

function unwrapped(jwt, no) {
  try {
    return unwrap(jwt);
  } catch (error) {
    return no(error.message);
  }
}

function refresher(canvas, caller, claims, no) {
  const isOf = (user, sub) => canvas.globalId(user.id) === sub;
  if (!isOf(caller.user, claims.sub) && canvas.features.has('new_quizzes_allow_service_jwt_refresh')) {
    const key = caller.accessToken && canvas.find('developerKeys', caller.accessToken.developerKeyId);
    if (!caller.user.admin || !key?.internalService) no('the caller may not refresh the token of another');
    const user = canvas.need('users', claims.sub);
    return { user, realUser: claims.masq_sub === undefined ? null : canvas.need('users', claims.masq_sub) };
  }
  if (!isOf(caller.user, claims.sub)) no('the user does not match');
  const { realUser } = caller;
  const isOther = realUser ? !isOf(realUser, claims.masq_sub) : claims.masq_sub !== undefined;
  if (isOther) no('the masquerading user does not match');
  return caller;
}

export async function createInstAccessToken(canvas, call) {
  const { user, realUser, ...auth } = await requireUser(canvas, call, 'url:POST|/api/v1/inst_access_tokens');
  requireNonJwtAuth(auth);
  call.cost = 200;
  const iat = canvas.seconds();
  const claims = {
    iss: INST_ACCESS_ISSUER,
    jti: canvas.uuid(),
    iat,
    exp: iat + 3600,
    sub: user.uuid,
    acct: canvas.rootAccount().uuid,
    canvas_domain: call.url.host,
    masq_sub: realUser?.uuid,
    masq_shard: realUser ? canvas.shardOf(realUser.id) : undefined,
    debug_user_global_id: String(canvas.globalId(user.id)),
    debug_masq_global_id: realUser ? String(canvas.globalId(realUser.id)) : undefined,
    region: canvas.region,
  };
  const { signature, encryption } = await canvas.instAccessKeys();
  // The published documentation shows RSA1_5; Canvas has used RSA-OAEP since the first version of its gem.
  const { kid, ...key } = signature;
  const token = await encryptForGateway(await signRs256(claims, key), encryption, canvas.random);
  return json(201, { token });
}
