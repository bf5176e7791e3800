// PUT /api/lti/developer_key/update_public_jwk: a tool replaces its key with another.

import { isBlank } from '../params.js';
import { schemaFaults } from './json_schema.js';
import { PUBLIC_JWK } from './registration_schema.js';
import { refuseMissing, refuseRecord, typed } from './service_answers.js';
import { allOf, requireKey } from './service_token.js';

const SCOPE = 'https://canvas.instructure.com/lti/public_jwk/scope/update';
const PUBLIC_JWK_TYPE = 'application/vnd.ims.lis.v2.publicjwk+json';

export async function updatePublicJwk(canvas, call) {
  const key = await requireKey(canvas, call, allOf(SCOPE));
  const jwk = call.params.developer_key?.public_jwk;
  if (isBlank(jwk)) refuseMissing('developer_key');
  const [fault] = schemaFaults(PUBLIC_JWK, jwk);
  if (fault) refuseRecord({ public_jwk: [fault] });
  key.publicJwk = jwk;
  return typed(200, document(canvas, key), PUBLIC_JWK_TYPE);
}

// The record as an administrator sees it, its API key included.
function document(canvas, key) {
  return {
    name: key.name ?? null,
    created_at: key.createdAt ?? '2024-08-19T08:00:00Z',
    email: null,
    user_id: null,
    user_name: null,
    icon_url: key.iconUrl ?? null,
    notes: null,
    workflow_state: key.active === false ? 'inactive' : 'active',
    scopes: key.scopes ?? [],
    require_scopes: true,
    is_lti_key: true,
    public_jwk: key.publicJwk,
    public_jwk_url: key.publicJwkUrl ?? null,
    api_key: key.secret ?? null,
    redirect_uri: null,
    redirect_uris: (key.redirectUris ?? []).join('\n'),
    account_name: canvas.rootAccount().name,
    visible: true,
    id: canvas.globalId(key.id),
  };
}
