// An LTI 1.3 platform made with npm's jose, which shares no code with the package and the emulator.
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const ISSUER = 'https://canvas.instructure.com';
const CLIENT = '170000000000042';

export const DEPLOYMENT = '7:8865aa05b4b79b64a91a86042e43af5ea8ae79eb';

/** What platforms say of every launch. */
export const claims = (changes = {}) => ({
  sub: 'a7e7fa0c-0000-4000-8000-000000000001', name: 'Ada Lovelace', given_name: 'Ada', family_name: 'Lovelace', email: 'ada@school.example',
  [`${CLAIM}/message_type`]: 'LtiResourceLinkRequest',
  [`${CLAIM}/version`]: '1.3.0',
  [`${CLAIM}/deployment_id`]: DEPLOYMENT,
  [`${CLAIM}/target_link_uri`]: 'https://tool.example/start',
  [`${CLAIM}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  [`${CLAIM}/resource_link`]: { id: 'a-link', title: 'A link' },
  [`${CLAIM}/context`]: { id: 'a-course', label: 'C 1', title: 'Course 1', type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'] },
  ...changes,
});

/** A platform at a base URL: {platform, jwks, login(toolUrl), idToken(nonce, changes), handler}. */
export async function makePlatform({ baseUrl = 'https://lms.example', clientId = CLIENT } = {}) {
  const kid = '2026-11-01T00:00:00Z_a';
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const next = await generateKeyPair('RS256');
  const publish = async (key, name) => ({ ...await exportJWK(key), kid: name, alg: 'RS256', use: 'sig' });
  // As Canvas does it: the next key is published before it signs.
  const jwks = { keys: [await publish(next.publicKey, '2026-12-01T00:00:00Z_b'), await publish(publicKey, kid)] };
  const platform = {
    issuer: ISSUER, clientId, authorizationEndpoint: `${baseUrl}/api/lti/authorize_redirect`,
    tokenEndpoint: `${baseUrl}/login/oauth2/token`, jwksUri: `${baseUrl}/api/lti/security/jwks`,
  };
  const idToken = (nonce, { header = {}, key = privateKey, at = Math.floor(Date.now() / 1000), ...changes } = {}) =>
    new SignJWT({ iss: ISSUER, aud: clientId, azp: clientId, iat: at, exp: at + 3600, nonce, ...claims(changes) })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid, ...header }).sign(key);
  const login = (target = 'https://tool.example/start') => ({
    iss: ISSUER, login_hint: 'opaque', client_id: clientId, lti_deployment_id: DEPLOYMENT, target_link_uri: target,
    lti_message_hint: 'a.b.c', canvas_environment: 'prod', canvas_region: 'us-east-1', lti_storage_target: 'post_message_forwarding',
  });
  return { platform, jwks, idToken, login };
}

/** What a tool signs, as a platform sees it with the tool's published keys alone. */
export const verified = (token, jwks, options) => jwtVerify(token, createLocalJWKSet(jwks), { algorithms: ['RS256'], ...options });
