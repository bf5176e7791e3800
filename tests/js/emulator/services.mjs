// An emulator with a tool installed, and access tokens of its developer key, made by jose.

import assert from 'node:assert/strict';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { HOST, sign, start } from './canvas.mjs';

export const CLIENT = 10000000000042;
export const LINK = defaultSeeds.resourceLinks[0].id;
export const [ESSAY, SPEECH] = [25, 26].map((wanted) => defaultSeeds.assignments.find(({ id }) => id === wanted));
export const [ADA, TOM, SUE, GUS] = defaultSeeds.users;
export const [SCHOOL] = defaultSeeds.accounts;
export const [COURSE] = defaultSeeds.courses;
export const [TOOL] = defaultSeeds.tools;
export const KEY = defaultSeeds.developerKeys.find(({ id }) => id === CLIENT);
export const OTHER = { ...KEY, id: 10000000000043, name: 'Other Tool', targetLinkUri: 'https://other.example/launch' };
/** Another tool in the same account. */
export const TWO_TOOLS = {
  developerKeys: [KEY, OTHER],
  tools: [TOOL, { id: 8, developerKeyId: OTHER.id, accountId: 1, name: 'Other Tool' }],
};

const SPEC = 'https://purl.imsglobal.org/spec';
export const SCOPE = {
  item: `${SPEC}/lti-ags/scope/lineitem`,
  itemRead: `${SPEC}/lti-ags/scope/lineitem.readonly`,
  result: `${SPEC}/lti-ags/scope/result.readonly`,
  score: `${SPEC}/lti-ags/scope/score`,
  members: `${SPEC}/lti-nrps/scope/contextmembership.readonly`,
  notices: `${SPEC}/lti/scope/noticehandlers`,
  asset: `${SPEC}/lti/scope/asset.readonly`,
  report: `${SPEC}/lti/scope/report`,
  eulaUser: `${SPEC}/lti/scope/eula/user`,
  eulaDeployment: `${SPEC}/lti/scope/eula/deployment`,
  jwk: 'https://canvas.instructure.com/lti/public_jwk/scope/update',
  account: 'https://canvas.instructure.com/lti/account_lookup/scope/show',
  progress: 'https://canvas.instructure.com/lti-ags/progress/scope/show',
};

export const serviceToken = (canvas, changes = {}, secret = canvas.secrets.encryptionKey, alg = 'HS256') =>
  sign(
    {
      iss: 'https://canvas.instructure.com', sub: String(CLIENT), aud: [`${HOST}/login/oauth2/token`, 'canvas.test'],
      iat: canvas.clock.now, exp: canvas.clock.now + 3600, jti: 'j', scopes: Object.values(SCOPE).join(' '), ...changes,
    },
    secret, alg);

/** An emulator whose requests carry a token; `claims` change it. */
export async function open(options = {}, claims = {}) {
  const canvas = start(options);
  const bearer = await serviceToken(canvas, claims);
  const call = (method) => (path, sent = {}) => canvas[method](path, { bearer, ...sent });
  return { canvas, bearer, get: call('get'), post: call('post'), put: call('put'), delete: call('delete') };
}

/** Asserts the refusal of a service. */
export function refused({ status, body, headers }, code, type, message) {
  assert.deepEqual([status, body], [code, { errors: { type, message } }]);
  assert.match(headers.get('content-type'), /^application\/json/);
}

/** { rel: address } of a Link header. */
export const linksOf = ({ headers }) =>
  Object.fromEntries(
    [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, address, rel]) => [rel, address]));
