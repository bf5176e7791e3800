// What the view can be filled with: the tokens that tools and Canvas sign, as they are in the field.
import { texts } from '../../texts.js';
import { jsonText } from '../../format/json.js';
import { nowSeconds } from '../../format/time.js';

const SCHOOL = 'https://school.example';
const ENDPOINT = `${SCHOOL}/api/lti/accounts/1/authorize`;
const CLIENT_ID = '10000000000042';
const ISSUER = 'https://canvas.instructure.com';
const DEPLOYMENT = '7:4dde05e8ca1973bcca9bffc13e1548820eee93a3';
const LTI = 'https://purl.imsglobal.org/spec/lti/claim/';
const DEEP_LINKING = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const LIS = 'http://purl.imsglobal.org/vocab/lis/v2/';

const HS256 = { alg: 'HS256', typ: 'JWT' };
const RS256 = { alg: 'RS256', typ: 'JWT' };
const secret = (text) => ({ kind: 'secret', text });
const times = (lifetime) => {
  const iat = Math.floor(nowSeconds());
  return { iat, exp: iat + lifetime };
};

/** {header, claims, key (absent: one is generated), mode, endpoint, code, …} by name, in the order that they are offered. */
const TEMPLATES = {
  toolProxy() {
    const { iat, exp } = times(60);
    return {
      header: HS256, claims: { sub: '123123-ad13-ac233', aud: ENDPOINT, exp, iat, jti: crypto.randomUUID() },
      key: secret('secret'), endpoint: ENDPOINT,
    };
  },
  developerKey() {
    const { iat, exp } = times(60);
    return {
      header: HS256, claims: { sub: 10000000000003, aud: ENDPOINT, exp, iat, jti: crypto.randomUUID() },
      key: secret('developer-key-secret'), endpoint: ENDPOINT, code: '9359e0cd-6a69-4ca9-91b6-162cf0711a5b',
    };
  },
  documented: () => ({
    header: HS256,
    claims: {
      sub: '123123-ad13-ac233', aud: 'https://my.canvas-domain.com/api/lti/accounts/1/authorize', exp: 1486393868, iat: 1486393800,
      jti: '688700c2-4bc1-40b7-83e5-7cbf54f93305',
    },
    key: secret('secret'), endpoint: 'https://my.canvas-domain.com/api/lti/accounts/1/authorize',
  }),
  clientAssertion: () => ({
    header: RS256,
    claims: { iss: CLIENT_ID, sub: CLIENT_ID, aud: `${SCHOOL}/login/oauth2/token`, ...times(300), jti: crypto.randomUUID() },
    endpoint: `${SCHOOL}/login/oauth2/token`,
  }),
  idToken: () => ({
    header: RS256,
    claims: {
      iss: ISSUER, aud: CLIENT_ID, azp: CLIENT_ID, sub: '6e8a9c1d-15b2-4d77-8c0f-7b4e1d9a3f33', ...times(3600), nonce: crypto.randomUUID(),
      [`${LTI}message_type`]: 'LtiResourceLinkRequest',
      [`${LTI}version`]: '1.3.0',
      [`${LTI}deployment_id`]: DEPLOYMENT,
      [`${LTI}target_link_uri`]: 'https://tool.example/launch',
      [`${LTI}resource_link`]: { id: 'b3a7c2f4-0d1e-4b5a-9c8d-7e6f5a4b3c2d', title: 'Speech' },
      [`${LTI}context`]: {
        id: '66157096483e6b3a50bfedc6bac902c0b20a8241', label: 'RHET101', title: 'Rhetoric 101',
        type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
      },
      [`${LTI}roles`]: [`${LIS}institution/person#Student`, `${LIS}membership#Learner`, `${LIS}system/person#User`],
      [`${LTI}custom`]: { canvas_user_id: '3' },
      name: 'Sue Student', email: 'sue@school.example', locale: 'en',
    },
  }),
  deepLinking: () => ({
    header: RS256,
    claims: {
      iss: CLIENT_ID, aud: ISSUER, ...times(300), nonce: crypto.randomUUID(),
      [`${LTI}message_type`]: 'LtiDeepLinkingResponse',
      [`${LTI}version`]: '1.3.0',
      [`${LTI}deployment_id`]: DEPLOYMENT,
      [`${DEEP_LINKING}content_items`]: [
        { type: 'ltiResourceLink', url: 'https://tool.example/quiz', title: 'Quiz 7', lineItem: { scoreMaximum: 10 } },
      ],
    },
  }),
  canvasJwt() {
    const { iat, exp } = times(3600);
    return {
      header: { typ: 'JWT', alg: 'HS256' },
      claims: {
        sub: 10000000000002, domain: 'school.example', workflows: ['ui'], iss: 'Canvas', aud: ['Instructure'], exp, nbf: iat - 30, iat,
        jti: crypto.randomUUID(), user_uuid: 'Tq8KZcVvW1gkTAV7dIzl0lJXr9kkTtkL3BFWxGZ7',
      },
      key: secret('astringthatisactually32byteslong'), mode: 'nested', isWrapped: true,
      jwe: { alg: 'dir', enc: 'A256GCM' }, recipient: secret('anotherstringthatis32bytes-long!'),
    };
  },
  jwt: () => ({ header: HS256, claims: { sub: '1234567890', name: 'John Doe', admin: true, ...times(3600) }, key: secret('a-secret-of-at-least-256-bits-long') }),
};

export const templateNames = Object.keys(TEMPLATES);

/** What the view is given for a template. */
export function templateOf(name) {
  const { header, claims, jwe, ...more } = TEMPLATES[name]();
  return { template: name, ...more, header: jsonText(header), claims: jsonText(claims), ...(jwe && { jwe: jsonText(jwe) }) };
}

/** The claims with their times from now on, as long as they were, and a jti and nonce that nobody has seen. */
export function renewed(claims) {
  const { iat, exp, nbf, jti, nonce } = claims;
  const now = Math.floor(nowSeconds());
  const start = [iat, nbf].find((time) => typeof time === 'number');
  const lifetime = typeof exp === 'number' && typeof start === 'number' && exp > start ? exp - start : 60;
  return {
    ...claims,
    ...(iat !== undefined && { iat: now }), ...(nbf !== undefined && { nbf: now - 30 }), ...(exp !== undefined && { exp: now + lifetime }),
    ...(jti !== undefined && { jti: crypto.randomUUID() }), ...(nonce !== undefined && { nonce: crypto.randomUUID() }),
  };
}

export const templateLabel = (name) => texts.sign.templates[name];
