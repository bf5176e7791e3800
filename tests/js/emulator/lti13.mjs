// An LTI 1.3 tool by jose alone, registered with an emulator whose clock stands still.

import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { HOST, start } from './canvas.mjs';

export const CLIENT = '10000000000042';
export const LOGIN = 'https://tool.test/login';
export const LAUNCH = 'https://tool.test/launch';
export const AUTHORIZATION = 'https://sso.canvaslms.com/api/lti/authorize_redirect';
export const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
export const AGS = 'https://purl.imsglobal.org/spec/lti-ags';
export const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps';
export const tool = await generateKeyPair('RS256', { extractable: true });
export const publicJwk = { ...(await exportJWK(tool.publicKey)), alg: 'RS256', use: 'sig', kid: 'tool-1' };

export const developerKey = (changes = {}) => ({
  id: CLIENT,
  redirectUris: [LAUNCH],
  oidcInitiationUrl: LOGIN,
  targetLinkUri: LAUNCH,
  publicJwk,
  scopes: [`${AGS}/scope/lineitem`, `${NRPS}/scope/contextmembership.readonly`],
  ...changes,
});

/** An emulator with one tool, whose developer key may be changed. */
export function platform({ key = {}, ...options } = {}) {
  const canvas = start({ baseUrl: HOST, developerKeys: [developerKey(key)], ...options });
  return { ...canvas, launch: (about = {}) => canvas.launch({ developerKeyId: CLIENT, ...about }) };
}

/** The authorization request of a tool; a change to undefined leaves the parameter out. */
export function authorizationUrl({ form }, changes = {}, endpoint = AUTHORIZATION) {
  const { client_id, login_hint, lti_message_hint } = form;
  const url = new URL(endpoint);
  const parameters = {
    client_id, login_hint, lti_message_hint, nonce: 'nonce-1', prompt: 'none', redirect_uri: LAUNCH,
    response_mode: 'form_post', response_type: 'id_token', scope: 'openid', state: 'state-1', ...changes,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** From login request to the form at the redirect URI. */
export async function follow(canvas, about = {}, changes = {}) {
  const login = await canvas.launch(about);
  const answer = await canvas.authorize(authorizationUrl(login, changes), { cookie: login.cookie });
  return { login, ...answer };
}

/** The claims of an id_token that jose verifies by the platform's own key set. */
export async function verified(canvas, idToken) {
  const { body } = await canvas.get('/api/lti/security/jwks');
  return jwtVerify(idToken, createLocalJWKSet(body), {
    algorithms: ['RS256'], issuer: 'https://canvas.instructure.com', audience: CLIENT,
    currentDate: new Date(canvas.clock.now * 1000),
  });
}

/** A launch's verified claims. */
export async function launched(canvas, about, changes) {
  const { form } = await follow(canvas, about, changes);
  const { payload } = await verified(canvas, form.id_token);
  return payload;
}
