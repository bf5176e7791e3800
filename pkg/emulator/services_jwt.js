// The JWTs for Canvas's other services: claims, signing, encryption, wrapping, and the way back.

import { fromBase64Leniently, toBase64, toText } from './bytes.js';
import {
  decryptDirect, encryptDirect, joseError, readJws, signHmac, signRs256, verifyHmac, verifyRs256,
} from './jose.js';

const LIFETIME = 3600;
const TYPES = { courses: 'Course', users: 'User', accounts: 'Account' };

/** Canvas's own rule for tokens it signed: a clock behind the token's by less than five minutes is forgiven. */
export function timeProblem({ exp, nbf, iat }, now) {
  const skewed = iat > now && iat < now + 300 ? iat : now;
  if (exp < skewed) return 'token has expired';
  return nbf > skewed ? 'token is not yet valid' : null;
}

/** Only rich content still needs a context and a shared secret. */
export const isRichContent = (workflows) => Array.isArray(workflows) && workflows.includes('rich_content');

const STATES = {
  rich_content: ({ context }) => ({
    usage_rights_required: context?.usageRightsRequired ?? false,
    can_upload_files: context?.canUploadFiles ?? true,
    can_create_pages: context?.canCreatePages ?? true,
  }),
  ui: ({ user }) => ({ use_high_contrast: user.highContrast ?? false }),
};

function workflowState(workflows, about) {
  const known = workflows.filter((label) => Object.hasOwn(STATES, label));
  const state = Object.assign({}, ...known.map((label) => STATES[label](about)));
  return Object.keys(state).length ? state : undefined;
}

/**
 * @param who { user, realUser }
 * @param options { domain, workflows, context, audience, isSymmetric, isEncrypted, rootAccountUuid }
 * @returns the token as Canvas sends it: in standard base64
 */
export async function createServicesJwt(canvas, { user, realUser }, options) {
  const { domain, workflows, context, isSymmetric, isEncrypted = true } = options;
  const iat = canvas.seconds();
  const claims = {
    sub: canvas.globalId(user.id),
    domain,
    masq_sub: realUser ? canvas.globalId(realUser.id) : undefined,
    workflows: workflows?.length ? workflows : undefined,
    workflow_state: workflows?.length ? workflowState(workflows, { user, context }) : undefined,
    context_type: context ? TYPES[context.kind] : undefined,
    context_id: context ? String(canvas.localId(context.id)) : undefined,
    iss: 'Canvas',
    aud: options.audience ?? ['Instructure'],
    exp: iat + LIFETIME,
    nbf: iat - 30,
    iat,
    jti: canvas.uuid(),
    root_account_uuid: options.rootAccountUuid,
    user_uuid: canvas.era === 'old' ? undefined : user.uuid,
  };
  // A token that is not encrypted is meant for verifying with the public keys, whatever the workflow.
  const signed = isSymmetric && isEncrypted
    ? await signHmac(claims, canvas.secrets.servicesSigning)
    : await signRs256(claims, (await canvas.servicesKeys()).present);
  return toBase64(isEncrypted ? await encrypt(canvas, signed) : signed);
}

function encrypt(canvas, signed) {
  const { region, environment } = canvas;
  return encryptDirect(signed, canvas.secrets.servicesEncryption, canvas.random(12), { region, environment });
}

/** From a compact JWE to the inner token's claims; times are the caller's to check. */
export async function openServicesJwt(canvas, compact) {
  const inner = await decryptDirect(compact, canvas.secrets.servicesEncryption);
  const { alg, kid } = readJws(inner).header;
  const { servicesSigning, previousServicesSigning } = canvas.secrets;
  if (alg === 'HS256') return verifyAny(inner, [servicesSigning, ...previousServicesSigning]);
  const keys = Object.values(await canvas.servicesKeys());
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw joseError('JSON::JWK::Set::KidNotFound');
  return verifyRs256(inner, key);
}

/** By the first of the secrets that fits. @returns the claims, or throws */
export async function verifyAny(token, secrets) {
  let failure;
  for (const secret of secrets) {
    try {
      return await verifyHmac(token, secret);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Canvas's lenient base64. Bytes that are no text are no token either. */
export function unwrap(token) {
  try {
    return toText(fromBase64Leniently(String(token)));
  } catch {
    throw joseError('JSON::JWT::InvalidFormat');
  }
}
