// Which handler answers what. A path that no row names is Canvas's 404.

import { authorize } from './authorize.js';
import { servicesJwks } from './canvas.js';
import { createInstAccessToken, createJwt, refreshJwt } from './jwts.js';
import { toolConsumerProfile } from './profile.js';
import { deepLinkingCancel, deepLinkingResponse } from './lti13/deep_linking.js';
import { ltiJwks } from './lti13/keys.js';
import { authorizeLaunch, authorizeRedirect } from './lti13/oidc.js';
import { SERVICES } from './lti13/services_routes.js';
import { logIn, loginPage } from './lti13/sessions.js';
import { forwardingFrame } from './lti13/storage_frame.js';
import { assignmentPage, returnPage, toolPage } from './lti13/tool_pages.js';
import { accept, authorizePage, confirmPage, deny } from './oauth/authorization.js';
import { deleteToken, requestToken } from './oauth/tokens.js';
import { createReport, showReport, updateReport } from './reports.js';
import { showAttachment, showHistory, showSubmission } from './submissions.js';
import {
  createSubscription, deleteSubscription, listSubscriptions, showSubscription, updateSubscription,
} from './subscriptions.js';
import { registerToolProxy, showToolProxy } from './tool_proxies.js';
import { listGroupUsers, showUser } from './users.js';

const CONTEXT = '/api/lti/:kind(accounts|courses)/:id';
const PAGE = '/:kind(accounts|courses|groups)/:id';
const ASSIGNMENT = '/api/lti/assignments/:assignmentId';
const SUBMISSION = `${ASSIGNMENT}/submissions/:submissionId`;
const BY_FILE = `${ASSIGNMENT}/files/:fileId/originality_report`;
const SUBSCRIPTIONS = '/api/lti/subscriptions';

const LTI13 = [
  ['GET', '/api/lti/security/jwks', ltiJwks],
  ['GET', '/api/lti/authorize_redirect', authorizeRedirect],
  ['POST', '/api/lti/authorize_redirect', authorizeRedirect],
  ['GET', '/api/lti/authorize', authorizeLaunch],
  ['POST', '/api/lti/authorize', authorizeLaunch],
  ['POST', `${PAGE}/deep_linking_response`, deepLinkingResponse],
  ['GET', `${PAGE}/deep_linking_cancel`, deepLinkingCancel],
  ['GET', `${PAGE}/external_tools/:toolId`, toolPage],
  ['GET', `${PAGE}/external_content/success/:service`, returnPage],
  ['GET', '/courses/:id/assignments/:assignmentId', assignmentPage],
  ['GET', '/post_message_forwarding', forwardingFrame],
  ['GET', '/login/canvas', loginPage],
  ['POST', '/login/canvas', logIn],
];

const ROUTES = [
  ['POST', '/api/v1/jwts', createJwt],
  ['POST', '/api/v1/jwts/refresh', refreshJwt],
  ['POST', '/api/v1/inst_access_tokens', createInstAccessToken],
  ['GET', '/internal/services/jwks', servicesJwks],
  ['GET', '/login/oauth2/auth', authorizePage],
  ['GET', '/login/oauth2/confirm', confirmPage],
  ['POST', '/login/oauth2/accept', accept],
  ['GET', '/login/oauth2/deny', deny],
  ['POST', '/login/oauth2/token', requestToken],
  ['DELETE', '/login/oauth2/token', deleteToken],
  ['POST', `${CONTEXT}/authorize`, authorize],
  ['GET', `${CONTEXT}/tool_consumer_profile`, toolConsumerProfile],
  ['GET', `${CONTEXT}/tool_consumer_profile/:profileId`, toolConsumerProfile],
  ['POST', `${CONTEXT}/tool_proxy`, registerToolProxy],
  ['GET', '/api/lti/tool_proxy/:guid', showToolProxy],
  ['POST', `${SUBMISSION}/originality_report`, createReport],
  ['PUT', `${SUBMISSION}/originality_report/:reportId`, updateReport],
  ['GET', `${SUBMISSION}/originality_report/:reportId`, showReport],
  ['PUT', BY_FILE, updateReport],
  ['GET', BY_FILE, showReport],
  ['GET', SUBMISSION, showSubmission],
  ['GET', `${SUBMISSION}/history`, showHistory],
  ['GET', `${SUBMISSION}/attachment/:attachmentId`, showAttachment],
  ['GET', '/api/lti/users/:userId', showUser],
  ['GET', '/api/lti/groups/:groupId/users', listGroupUsers],
  ['POST', SUBSCRIPTIONS, createSubscription],
  ['GET', SUBSCRIPTIONS, listSubscriptions],
  ['GET', `${SUBSCRIPTIONS}/:subscriptionId`, showSubscription],
  ['PUT', `${SUBSCRIPTIONS}/:subscriptionId`, updateSubscription],
  ['DELETE', `${SUBSCRIPTIONS}/:subscriptionId`, deleteSubscription],
  ...LTI13,
  ...SERVICES,
].map(([method, pattern, handler]) => ({ method, pattern: compile(pattern), handler }));

function compile(pattern) {
  const source = pattern.replace(/:(\w+)(?:\(([^)]+)\))?/g, (_, name, choices) => `(?<${name}>${choices ?? '[^/]+'})`);
  return new RegExp(`^${source}/?$`);
}

/** @returns {{ handler, path } | null} */
export function route(method, pathname) {
  for (const { method: wanted, pattern, handler } of ROUTES) {
    const match = wanted === method && pattern.exec(pathname);
    if (match) return { handler, path: decoded(match.groups ?? {}) };
  }
  return null;
}

function decoded(groups) {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return groups;
  }
}
