// What can be made to go wrong: by the tool, by the browser, by Canvas, or by somebody between them.
import { fromBase64url, toBase64url } from '../../format/base64url.js';
import { CLIENT_ID, TOOL } from './tool.js';

const developerKey = (emulator) => emulator.records.developerKeys.get(CLIENT_ID);

/** By name. start: the way of the story that meets it. */
export const FAULTS = {
  none: {},
  redirectUri: { before: ({ tool }) => void (tool.redirectUri = `${TOOL}/other`) },
  keyOff: { before: ({ emulator }) => void (developerKey(emulator).active = false) },
  loggedOut: { afterLogin: ({ jar }) => void (jar.canvas = '') },
  noCookie: { afterLogin: ({ jar }) => void (jar.tool = '') },
  forged: { posted: ({ id_token: token, ...form }) => ({ ...form, id_token: withOtherClaims(token) }) },
  otherClient: { launch: { claims: { aud: '10000000000099', azp: '10000000000099' } } },
  otherNonce: { launch: { claims: { nonce: 'of-another-login' } } },
  expired: { launch: { claims: { iat: 1_500_000_000, exp: 1_500_003_600 } } },
  replayed: { isReplayed: true },
  oldResponse: { start: 'teacher', isOldResponse: true },
  postedTwice: { start: 'teacher', isPostedTwice: true },
  noScope: { start: 'student', services: true, before: ({ emulator }) => void (developerKey(emulator).scopes = []) },
  noKid: { start: 'student', before: ({ tool }) => void (tool.isKeyPublished = false) },
  notStudent: { start: 'student', score: { userId: '2' } },
  late: { start: 'student', isLate: true },
};

/** The token with a role that Canvas did not give, under the signature that it made of others. */
function withOtherClaims(token) {
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(new TextDecoder().decode(fromBase64url(payload)));
  claims['https://purl.imsglobal.org/spec/lti/claim/roles'] = ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'];
  return [header, toBase64url(new TextEncoder().encode(JSON.stringify(claims))), signature].join('.');
}
