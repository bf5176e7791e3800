// The names of options and records, as emulator.d.ts declares them. A misspelt one would go unnoticed until a test passes for the
// wrong reason.
import { meant } from '../meant.js';

/** Names, and those of the objects that stand under some of them. What is not listed there may hold anything. */
const of = (names, inside = {}) => ({ names: names.split(' '), inside });

const ATTACHMENT = of('id filename displayName contentType content size createdAt updatedAt');
const ATTEMPT = 'attempt submissionType submittedAt body url workflowState eulaAgreementTimestamp attachments';
const ROTATED = of('past present future');

/** Of what Canvas knows at first, list by list. */
export const RECORDS = {
  accounts: of('id uuid name ltiGuid ltiId parentId sisId vanityHosts'),
  courses: of(
    'id uuid name ltiId accountId courseCode sisId userIds enrollments isPublic workflowState startAt usageRightsRequired '
      + 'canUploadFiles canCreatePages',
    { enrollments: of('userId type observedUserId') },
  ),
  users: of(
    'id uuid name ltiId ltiUuid email givenName familyName avatarUrl loginId sisId timeZone siteAdmin sortableName shortName '
      + 'createdAt admin highContrast',
  ),
  accessTokens: of('token userId developerKeyId expiresAt scopes refreshToken refreshUntil realUserId purpose rememberAccess'),
  sessions: of('id userId csrfToken realUserId logoutUrl'),
  developerKeys: of(
    'id secret active enabled allowedAudiences internalService redirectUri requireScopes autoExpireTokens trusted publicClient '
      + 'toolConsumerProfile publicJwk publicJwkUrl scopes accountUuid name redirectUris oidcInitiationUrl oidcInitiationUrls targetLinkUri domain customFields eulaCustomFields privacyLevel placements',
    {
      toolConsumerProfile: of('uuid services capabilities'),
      placements: of('placement messageType targetLinkUri customFields width height'),
    },
  ),
  toolProxies: of('guid secret active capabilities services developerKeyId vendorCode', { services: of('service actions') }),
  registrations: of('regKey password accountId courseId createdAt'),
  assignments: of(
    'id courseId toolProxyGuid submissionTypes name description toolId ltiContextId pointsPossible allowedAttempts gradingType '
      + 'assignedUserIds externalToolUrl workflowState unlockAt dueAt lockAt',
  ),
  submissions: of(`id assignmentId userId groupId uuid history score grade graderId comments ${ATTEMPT}`, {
    attachments: ATTACHMENT, history: of(ATTEMPT, { attachments: ATTACHMENT }), comments: of('comment'),
  }),
  groups: of('id courseId userIds name ltiId leaderId'),
  tools: of('id developerKeyId accountId courseId name active eulaRequired'),
  resourceLinks: of('id courseId accountId assignmentId toolId title description url custom size', { size: of('width height') }),
  lineItems: of('id assignmentId resourceLinkId developerKeyId label scoreMaximum tag resourceId coupled extensions'),
  assetProcessors: of('id toolId assignmentId title text url icon active custom report', { report: of('supportedTypes url custom') }),
};

/** Of what an emulator and its methods take. */
export const OPTIONS = {
  emulator: of(
    'now random era shardId filesHost region environment issuer baseUrl authUrl fetch features subscriptionService requireUserAgent '
      + `cookies throttle onAnswer faults secrets keys ${Object.keys(RECORDS).join(' ')}`,
    {
      throttle: of('maximum highWaterMark outflow upFront cost status'),
      faults: of('dropBefore dropAfter serverError throttle latency serverErrorStatus throttleStatus retryAfter decide seed'),
      secrets: of('encryptionKey previousEncryptionKeys servicesSigning previousServicesSigning servicesEncryption'),
      keys: of('services lti instAccess', { services: ROTATED, lti: ROTATED, instAccess: of('signature encryption') }),
      ...RECORDS,
    },
  ),
  // Its processor and report may be records.
  launch: of(
    'developerKeyId toolId userId courseId accountId groupId assignmentId resourceLinkId placement messageType targetLinkUri custom '
      + 'storage oldDeploymentName claims locale moduleId studentId processor report attempt baseUrl',
  ),
  authorize: of('cookie'),
  consent: of('userId realUserId deny rememberAccess'),
  registration: of('registrationUrl accountId userId baseUrl'),
  script: of('authUrl'),
  serve: of('port host cors tls state', { tls: of('key cert') }),
};

/** Of an event that a notice tells of, by the notice's type. */
export const EVENTS = {
  LtiHelloWorldNotice: of('toolId claims baseUrl'),
  LtiContextCopyNotice: of('courseId originCourseId copiedAt claims baseUrl'),
  LtiAssetProcessorSubmissionNotice: of('submissionId claims baseUrl'),
  LtiAssetProcessorContributionNotice: of('assignmentId userId id parent created updated status assets claims baseUrl', {
    assets: of('content contentType filename title'),
  }),
};

/** Throws a TypeError for a name that is not known; `at` is what the object is called. What is no object is left to its reader. */
export function checkNames(object, { names, inside }, at) {
  if (object === null || typeof object !== 'object') return;
  for (const name of Object.keys(object)) {
    if (names.includes(name)) continue;
    throw new TypeError(`${at}.${name}: unknown, expected ${meant(name, names)}`);
  }
  for (const [name, shape] of Object.entries(inside)) {
    const found = object[name];
    if (Array.isArray(found)) found.forEach((item, i) => checkNames(item, shape, `${at}.${name}[${i}]`));
    else checkNames(found, shape, `${at}.${name}`);
  }
}
