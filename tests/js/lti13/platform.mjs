// A platform that shares no code with the package: its tokens are signed by jose.
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import * as lti from 'canvas-lms-tokens';

export const SECRET = 'a secret of the tool of more than 32 bytes';
export const REDIRECT_URI = 'https://tool.test/launch';
export const CLIENT_ID = '10000000000042';
export const LTI = 'https://purl.imsglobal.org/spec/lti/claim/';
export const NOW = 1_800_000_000;

export const platform = lti.canvasPlatform({ clientId: CLIENT_ID });

const pair = await generateKeyPair('RS256', { extractable: true });
export const { privateKey } = pair;
export const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
export const keys = { keys: [publicJwk] };

/** What Canvas posts to the tool's login URL. */
export const loginForm = (changes = {}) => given({
  iss: platform.issuer,
  login_hint: 'opaque hint',
  client_id: CLIENT_ID,
  lti_deployment_id: '1:abc',
  target_link_uri: 'https://tool.test/activity',
  lti_message_hint: 'eyJ.e30.AA',
  canvas_environment: 'prod',
  canvas_region: 'us-east-1',
  lti_storage_target: 'post_message_forwarding',
  ...changes,
});

/** The members that are not undefined. */
export const given = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

export const begin = (form = {}, options = {}) =>
  lti.beginLaunch(loginForm(form), { platforms: platform, redirectUri: REDIRECT_URI, secret: SECRET, now: NOW, ...options });

/** The claims of a launch of a course, as Canvas sends them. */
export const launchClaims = (nonce, changes = {}) => given({
  iss: platform.issuer,
  aud: CLIENT_ID,
  azp: CLIENT_ID,
  exp: NOW + 3600,
  iat: NOW - 2,
  nonce,
  sub: 'f0c7f0a4-5f6d-4c0b-9f43-2ab8a1a5b8bb',
  name: 'A. Student',
  given_name: 'A.',
  family_name: 'Student',
  email: 'student@school.test',
  picture: 'https://school.test/a.png',
  locale: 'en',
  [`${LTI}message_type`]: 'LtiResourceLinkRequest',
  [`${LTI}version`]: '1.3.0',
  [`${LTI}deployment_id`]: '1:abc',
  [`${LTI}target_link_uri`]: 'https://tool.test/activity',
  [`${LTI}resource_link`]: { id: 'link', title: 'An activity', description: null },
  [`${LTI}context`]: {
    id: 'course', label: 'C1', title: 'Course 1', type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
  },
  [`${LTI}roles`]: [
    'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student',
    'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
    'http://purl.imsglobal.org/vocab/lis/v2/system/person#User',
  ],
  [`${LTI}custom`]: { user: '7', unknown: '$Canvas.user.id', price: '$5', __proto__: undefined },
  [`${LTI}platformnotificationservice`]: {
    service_versions: ['1.0'],
    platform_notification_service_url: 'https://school.test/api/lti/notice-handlers/1',
    scope: ['https://purl.imsglobal.org/spec/lti/scope/noticehandlers'],
    notice_types_supported: ['LtiHelloWorldNotice'],
  },
  'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
    scope: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
    lineitems: 'https://school.test/api/lti/courses/1/line_items',
    lineitem: 'https://school.test/api/lti/courses/1/line_items/2',
  },
  'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
    context_memberships_url: 'https://school.test/api/lti/courses/1/names_and_roles', service_versions: ['2.0'],
  },
  'https://www.instructure.com/placement': 'course_navigation',
  ...changes,
});

export const sign = (claims, { key = privateKey, ...header } = {}) =>
  new SignJWT(claims).setProtectedHeader(given({ typ: 'JWT', alg: 'RS256', kid: 'one', ...header })).sign(key);

/** The Cookie header that a browser makes of a Set-Cookie header. */
export const cookieOf = (setCookie) => setCookie.split(';')[0];

export const verify = (form, options = {}) =>
  lti.verifyLaunch(form, { platforms: platform, secret: SECRET, keys, now: NOW + 1, ...options });

/** A whole login and launch in one browser; each step may be spoilt. */
export async function launch({ login = {}, claims = {}, header = {}, form = {}, options = {} } = {}) {
  const { state, nonce, cookie } = await begin(login);
  const id_token = await sign(launchClaims(nonce, claims), header);
  return verify(given({ id_token, state, utf8: '✓', ...form }), { cookie: cookieOf(cookie), ...options });
}
