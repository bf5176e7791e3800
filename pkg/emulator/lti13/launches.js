// How a launch begins: the login request that Canvas's page has the browser post to the tool.

import { toHex } from '../bytes.js';
import { signHmac } from '../jose.js';
import { courseOf, deploymentId, toolOf } from './installations.js';
import { idTokenBody, MESSAGE_TYPES, sharesOf } from './id_token.js';
import { DEEP_LINKING, EULA, PROCESSOR_SETTINGS, REPORT_REVIEW, RESOURCE_LINK } from './names.js';
import { placementOf } from './placements.js';

/** How long a launch waits for the tool, in seconds. */
const WAIT = 300;
export const STORAGE_TARGET = 'post_message_forwarding';

const TYPES = { courses: 'Course', groups: 'Group', accounts: 'Account' };
export const kindOf = (type) => Object.keys(TYPES).find((kind) => TYPES[kind] === type) ?? null;

/**
 * @param options those of emulator.launch, and `origin` of the institution
 * @returns {{ url, form, user, verifier }}
 */
export async function beginLaunch(canvas, options) {
  const about = describe(canvas, options);
  const body = withChanges(await idTokenBody(about), options.claims);
  const { key, tool, user, context, origin, targetLinkUri, locale } = about;
  const url = key.oidcInitiationUrls?.[canvas.region] ?? key.oidcInitiationUrl;
  if (!url) throw new TypeError(`the developer key ${key.id} has no oidcInitiationUrl`);

  const verifier = toHex(canvas.random(64));
  forgetOld(canvas);
  const contextId = String(canvas.globalId(context.id));
  canvas.records.launches.set(verifier, {
    contextType: TYPES[context.kind], contextId, userId: user?.id ?? null, body, expiresAt: canvas.now() + WAIT,
    keepsNonce: Object.hasOwn(options.claims ?? {}, 'nonce'),
  });
  const storage = options.storage ?? true;
  const hint = {
    verifier,
    canvas_domain: new URL(origin).host,
    context_type: TYPES[context.kind],
    context_id: canvas.globalId(context.id),
    canvas_locale: locale,
    include_storage_target: storage,
    exp: canvas.seconds() + WAIT,
  };
  const form = {
    iss: canvas.issuer,
    // Anonymous visitors of public courses share one.
    login_hint: user?.ltiId ?? `${canvas.issuer}/public_user`,
    client_id: String(canvas.globalId(key.id)),
    [options.oldDeploymentName ? 'deployment_id' : 'lti_deployment_id']: deploymentId(canvas, tool),
    target_link_uri: targetLinkUri,
    lti_message_hint: await signHmac(hint, canvas.secrets.encryptionKey),
    canvas_environment: canvas.environment ?? 'prod',
    canvas_region: canvas.region ?? 'not_configured',
    ...(storage && { lti_storage_target: STORAGE_TARGET }),
  };
  return { url, form, user, verifier };
}

function forgetOld(canvas) {
  for (const [verifier, { expiresAt }] of canvas.records.launches) {
    if (expiresAt <= canvas.now()) canvas.records.launches.delete(verifier);
  }
}

function withChanges(body, changes = {}) {
  return Object.fromEntries(Object.entries({ ...body, ...changes }).filter(([name]) => changes[name] !== null));
}

// Everything that a launch is about, found by the ids that the options name.
function describe(canvas, options) {
  const known = (table, id) => {
    const found = canvas.find(table, id);
    if (!found) throw new TypeError(`the emulator has no ${table} with id ${id}`);
    return found;
  };
  const key = known('developerKeys', options.developerKeyId);
  const link = linkOf(canvas, options);
  const report = reportOf(canvas, options);
  const submission = report && known('submissions', report.submissionId);
  const assignmentId = options.assignmentId ?? link?.assignmentId ?? submission?.assignmentId;
  const assignment = assignmentId === undefined ? null : known('assignments', assignmentId);
  const context = contextOf(canvas, known, {
    groupId: options.groupId,
    courseId: options.courseId ?? (options.accountId === undefined ? (link?.courseId ?? assignment?.courseId) : undefined),
    accountId: options.accountId ?? link?.accountId,
  });
  const course = courseOf(canvas, context);
  const tool = options.toolId === undefined ? toolOf(canvas, key, context) : known('tools', options.toolId);
  if (!tool) throw new TypeError(`the developer key ${key.id} is not installed in that context or above it`);

  const messageType = options.messageType ?? placementOf(key, options.placement)?.messageType ?? RESOURCE_LINK;
  if (!MESSAGE_TYPES.includes(messageType)) throw new TypeError(`Canvas has no message type ${messageType}`);
  const placement = options.placement === undefined ? usualPlacement(messageType, { context, link }) : options.placement;
  const place = placementOf(key, placement);
  return {
    canvas,
    origin: options.origin,
    key,
    tool,
    context,
    course,
    user: userOf(canvas, known, options, course),
    link,
    assignment,
    report,
    submission,
    attempt: options.attempt ?? submission?.attempt ?? 1,
    messageType,
    placement,
    moduleId: options.moduleId,
    size: { ...place, ...link?.size },
    shares: sharesOf(key.privacyLevel),
    locale: options.locale ?? 'en',
    studentId: options.studentId,
    targetLinkUri: options.targetLinkUri ?? link?.url ?? place?.targetLinkUri ?? key.targetLinkUri,
    customSets: [
      place?.customFields,
      link?.custom,
      messageType === EULA && key.eulaCustomFields,
      messageType === PROCESSOR_SETTINGS && processorOf(canvas, options, assignment, tool)?.custom,
      messageType === REPORT_REVIEW && reportCustom(canvas, report),
      options.custom,
    ],
  };
}

function contextOf(canvas, known, { groupId, courseId, accountId }) {
  if (groupId !== undefined) return { ...known('groups', groupId), kind: 'groups' };
  if (courseId !== undefined) return { ...known('courses', courseId), kind: 'courses' };
  if (accountId !== undefined) return { ...known('accounts', accountId), kind: 'accounts' };
  const first = canvas.records.courses.values().next().value;
  if (!first) throw new TypeError('the emulator has no course to launch in');
  return { ...first, kind: 'courses' };
}

function userOf(canvas, known, { userId }, course) {
  if (userId === null) return null;
  if (userId !== undefined) return known('users', userId);
  const enrolled = course?.enrollments?.[0]?.userId ?? course?.userIds?.[0];
  return enrolled === undefined ? canvas.records.users.values().next().value : known('users', enrolled);
}

function linkOf(canvas, { resourceLinkId, assignmentId }) {
  const links = [...canvas.records.resourceLinks.values()];
  if (resourceLinkId !== undefined) {
    const found = canvas.records.resourceLinks.get(String(resourceLinkId));
    if (!found) throw new TypeError(`the emulator has no resourceLinks with id ${resourceLinkId}`);
    return found;
  }
  const assignment = assignmentId === undefined ? null : canvas.find('assignments', assignmentId);
  const isOf = (link) => link.assignmentId !== undefined && canvas.find('assignments', link.assignmentId) === assignment;
  return (assignment && links.find(isOf)) ?? null;
}

function reportOf(canvas, { messageType, report }) {
  if (messageType !== REPORT_REVIEW) return null;
  if (!report) throw new TypeError('a report review needs the option report');
  return report;
}

// The one that is given, or that of the tool on the assignment.
function processorOf(canvas, { processor }, assignment, tool) {
  return processor ?? [...canvas.records.assetProcessors.values()].find(
    ({ assignmentId, toolId }) =>
      canvas.find('assignments', assignmentId) === assignment && canvas.find('tools', toolId) === tool);
}

function reportCustom(canvas, { custom, processorId }) {
  if (custom || processorId === undefined) return custom;
  return canvas.find('assetProcessors', processorId)?.report?.custom;
}

function usualPlacement(messageType, { context, link }) {
  if (messageType === DEEP_LINKING) return 'link_selection';
  if (messageType === PROCESSOR_SETTINGS || messageType === REPORT_REVIEW) return 'ActivityAssetProcessor';
  if (link) return null;
  return { courses: 'course_navigation', accounts: 'account_navigation' }[context.kind] ?? null;
}

/** What waits under a verifier, once; null when it has expired or was taken. */
export function takeLaunch(canvas, contextType, verifier) {
  const found = canvas.records.launches.get(verifier);
  if (!found || found.contextType !== contextType) return null;
  canvas.records.launches.delete(verifier);
  return found.expiresAt > canvas.now() ? found : null;
}
