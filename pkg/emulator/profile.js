// GET /api/lti/{accounts,courses}/:id/tool_consumer_profile(/:tool_consumer_profile_id)

import { json } from './answers.js';
import { bearerOf } from './auth.js';
import { requireLtiToken } from './lti_token.js';
import { SERVICES } from './services.js';

const TYPE = 'application/vnd.ims.lti.v2.toolconsumerprofile+json';
const DEFAULT_UUID = '339b6700-e4cb-47c5-a54f-3ee0064921a9';
const CAPABILITIES = [
  'basic-lti-launch-request', 'User.id', 'Canvas.api.domain', 'LtiLink.custom.url', 'ToolProxyBinding.custom.url',
  'ToolProxy.custom.url', 'Canvas.placements.accountNavigation', 'Canvas.placements.courseNavigation',
  'Canvas.placements.assignmentSelection', 'Canvas.placements.linkSelection', 'Canvas.placements.postGrades',
  'User.username', 'Person.email.primary', 'Person.name.full', 'CourseSection.sourcedId', 'Message.documentTarget',
  'Message.locale', 'Membership.role', 'Context.id', 'Security.splitSecret',
];

const JSON_FORMAT = 'application/json';
const PROXY_FORMAT = 'application/vnd.ims.lti.v2.toolproxy+json';
const DEFAULT_SERVICES = [
  ['ToolProxy.collection', 'tool_proxy', PROXY_FORMAT, ['POST']],
  ['ToolProxy.item', '/api/lti/tool_proxy/{tool_proxy_guid}', PROXY_FORMAT, ['GET']],
  ['vnd.Canvas.authorization', 'authorize', JSON_FORMAT, ['POST']],
];

export async function toolConsumerProfile(canvas, call) {
  const context = canvas.context(call);
  // A wrong token is an exception that this controller does not catch; it is answered as everywhere else here.
  const tool = bearerOf(call) ? await requireLtiToken(canvas, call, ['ToolConsumerProfile']) : {};
  const profile = profileDocument(canvas, call, { context, ...tool, uuid: call.path.profileId });
  return json(200, profile, { 'content-type': `${TYPE}; charset=utf-8` });
}

/** What this consumer offers; more of it to a developer key that has its own profile. */
export function profileDocument(canvas, call, { context = canvas.context(call), developerKey, uuid: asked }) {
  const uuid = asked ?? developerKey?.toolConsumerProfile?.uuid ?? DEFAULT_UUID;
  const own = developerKey?.toolConsumerProfile?.uuid === uuid ? developerKey.toolConsumerProfile : null;
  const base = `${call.url.origin}/api/lti/${context.kind}/${canvas.localId(context.id)}`;
  const url = `${base}/tool_consumer_profile/${uuid}`;
  const account = canvas.rootAccount();
  const name = (key) => ({ default_value: account.name, key });
  // Only a developer key's own profile offers these.
  const restricted = (own?.services ?? []).map((id) => [id, SERVICES[id].path, JSON_FORMAT, SERVICES[id].actions]);
  return {
    '@context': ['http://purl.imsglobal.org/ctx/lti/v2/ToolConsumerProfile'],
    '@type': 'ToolConsumerProfile',
    '@id': url,
    lti_version: 'LTI-2p0',
    guid: own?.uuid ?? DEFAULT_UUID,
    product_instance: {
      guid: account.ltiGuid,
      product_info: {
        product_name: { default_value: 'Canvas by Instructure', key: 'product.name' },
        product_version: 'none',
        product_family: {
          code: 'canvas',
          vendor: {
            code: 'https://instructure.com',
            vendor_name: { default_value: 'Instructure', key: 'vendor.name' },
            timestamp: '2008-03-27T06:00:00Z',
          },
        },
      },
      service_owner: { service_owner_name: name('service_owner.name'), description: name('service_owner.description') },
    },
    capability_offered: [...CAPABILITIES, ...(own?.capabilities ?? [])],
    service_offered: [...DEFAULT_SERVICES, ...restricted].map(([id, endpoint, format, action]) => ({
      '@type': 'RestService',
      '@id': `${url}#${id}`,
      endpoint: endpoint.startsWith('/') ? call.url.origin + endpoint : `${base}/${endpoint}`,
      format: [format],
      action,
    })),
    security_profile: [
      { security_profile_name: 'lti_oauth_hash_message_security', digest_algorithm: ['HMAC-SHA1'] },
      { security_profile_name: 'oauth2_access_token_ws_security' },
      { security_profile_name: 'lti_jwt_ws_security', digest_algorithm: ['HS256'] },
      { security_profile_name: 'lti_jwt_message_security', digest_algorithm: ['HS256'] },
    ],
  };
}
