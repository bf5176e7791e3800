// Every call of Canvas: what it is given, and the request that it must become.
import { unsigned } from '../node/copies.mjs';
import { GUID } from './site.mjs';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const PROFILE = 'application/vnd.ims.lti.v2.toolconsumerprofile+json';
const PROXY = 'application/vnd.ims.lti.v2.toolproxy+json';

export const SUBMISSION = { assignmentId: 25, submissionId: 6 };
export const BY_ID = { ...SUBMISSION, reportId: 1 };
export const BY_FILE = { assignmentId: 25, fileId: 71 };
export const subscription = (changes = {}) => ({
  ContextId: '25', ContextType: 'assignment', EventTypes: ['submission_created'], Format: 'live-event',
  TransportMetadata: { Url: 'https://tool.test/hook' }, TransportType: 'https', ...changes,
});
export const toolProxy = (changes = {}) => ({
  '@context': 'http://purl.imsglobal.org/ctx/lti/v2/ToolProxy', '@type': 'ToolProxy', lti_version: 'LTI-2p0',
  enabled_capability: ['Security.splitSecret'],
  security_contract: { tp_half_shared_secret: 'b'.repeat(128), tool_service: [] },
  tool_profile: { product_instance: { product_info: { product_family: { vendor: { code: 'v.test' } } } } },
  ...changes,
});

const wrapped = Buffer.from(unsigned('{"exp":1700003600}')).toString('base64');
const TOKEN = { token: wrapped };
const REPORT = { originality_report: { file_id: 71, originality_score: 25.2 } };
const path = '/api/lti/assignments/25';

/**
 * `args` are all before the options; `body` is what is sent, `answer` what a Canvas may answer; `gives` is the kind of
 * result. `repeatable`: may be sent again when it may have been carried out.
 */
const row = (name, args, method, path, more) => ({
  name, args, method, path, token: 'tool', accept: JSON_TYPE, gives: 'object', answer: { id: 1 },
  repeatable: method === 'GET', ...more,
});
const user = { token: 'user', gives: 'token', repeatable: true, answer: TOKEN };
const report = { type: JSON_TYPE, body: REPORT };
const webhook = { type: JSON_TYPE, body: { subscription: subscription() } };
const given = { fileId: 71, originalityScore: 25.2 };
const list = { gives: 'objects', answer: [{ id: 1 }] };

export const CALLS = [
  row('createJwt', [{}], 'POST', '/api/v1/jwts', user),
  row('refreshJwt', [wrapped], 'POST', '/api/v1/jwts/refresh', { ...user, type: FORM, body: { jwt: wrapped } }),
  row('createInstAccessToken', [], 'POST', '/api/v1/inst_access_tokens', user),
  row('toolConsumerProfile', [{ accountId: 1 }, undefined], 'GET', '/api/lti/accounts/1/tool_consumer_profile',
    { accept: `${PROFILE}, ${JSON_TYPE}` }),
  row('toolConsumerProfile', [{ courseId: 1 }, 'a-b'], 'GET', '/api/lti/courses/1/tool_consumer_profile/a-b',
    { accept: `${PROFILE}, ${JSON_TYPE}` }),
  row('registerToolProxy', [{ accountId: 1 }, toolProxy()], 'POST', '/api/lti/accounts/1/tool_proxy', {
    token: 'registrant', type: PROXY, body: toolProxy(), accept: `application/vnd.ims.lti.v2.toolproxy.id+json, ${JSON_TYPE}`,
  }),
  row('createOriginalityReport', [SUBMISSION, given], 'POST', `${path}/submissions/6/originality_report`, report),
  row('updateOriginalityReport', [BY_ID, given], 'PUT', `${path}/submissions/6/originality_report/1`, report),
  row('updateOriginalityReport', [BY_FILE, given], 'PUT', `${path}/files/71/originality_report`, report),
  row('originalityReport', [BY_ID], 'GET', `${path}/submissions/6/originality_report/1`),
  row('originalityReport', [BY_FILE], 'GET', `${path}/files/71/originality_report`),
  row('createSubscription', [subscription()], 'POST', '/api/lti/subscriptions', webhook),
  row('updateSubscription', ['s1', subscription()], 'PUT', '/api/lti/subscriptions/s1', webhook),
  row('subscription', ['s1'], 'GET', '/api/lti/subscriptions/s1'),
  row('subscriptions', [undefined], 'GET', '/api/lti/subscriptions', { ...list, gives: 'page' }),
  row('deleteSubscription', ['s1'], 'DELETE', '/api/lti/subscriptions/s1', { gives: 'nothing' }),
  row('submission', [SUBMISSION], 'GET', `${path}/submissions/6`),
  row('submissionHistory', [SUBMISSION], 'GET', `${path}/submissions/6/history`, list),
  row('user', [3], 'GET', '/api/lti/users/3'),
  row('groupUsers', [4], 'GET', '/api/lti/groups/4/users?per_page=100', list),
];

export const titleOf = ({ name, path }) => `${name} ${path}`;
export const run = (canvas, { name, args }, options) => canvas[name](...args, options);

/** Puts there what the calls above ask for. */
export function seed({ records }) {
  records.reports.set('1', { id: 1, fileId: 71, submissionId: 6, rootAccountId: 1, score: 5, workflowState: 'scored' });
  records.subscriptions.set('s1', { guid: GUID, subscription: { Id: 's1', ...subscription() } });
}
