// Notices of the Platform Notification Service: signed with the platform's present key, posted to the tools' handlers.

import { signRs256 } from '../jose.js';
import { writeJson } from '../json.js';
import { checkNames, EVENTS as KNOWN } from '../known.js';
import { assetClaims, assetsOfContribution, assetsOfSubmission, processorsOf } from './assets.js';
import { ltiIdOf } from './gradebook.js';
import { contextValue } from './id_token.js';
import { accountChain, deploymentId, homeOf } from './installations.js';
import { AGS_CLAIM, ASSET_SCOPE, claim, NOTICE_TYPES, REPORT_SCOPE, vendorClaim } from './names.js';
import { allRoles } from './roles.js';
import { contextServices, eulaService } from './service_claims.js';
import { compact } from './service_answers.js';
import { expandCustom } from './variables.js';

const LIFETIME = 3600;
/** How long a handler may take, in milliseconds; whoever subscribes waits for its greeting. */
const PATIENCE = 10_000;
const [HELLO, SUBMISSION, COPY, CONTRIBUTION] = NOTICE_TYPES;
const GREETING = {
  title: 'Hello World!',
  message: 'Congratulations! You have successfully subscribed to LtiHelloWorldNotice in Canvas.',
};

export const handlerKey = (canvas, tool, type) => `${canvas.localId(tool.id)} ${type}`;

// Each: the notices of one event, as { tool, claims, custom?, context?, user?, timestamp? }.
const EVENTS = { [HELLO]: hello, [COPY]: copy, [SUBMISSION]: submission, [CONTRIBUTION]: contribution };

/**
 * Tells the tools that subscribed of one event, or several of a type.
 * @returns the deliveries, one for each request
 */
export async function notify(canvas, type, events = {}) {
  if (!Object.hasOwn(EVENTS, type)) throw new TypeError(`Canvas has no notices of type ${type}`);
  const found = [];
  for (const event of [events].flat()) {
    checkNames(event, KNOWN[type], 'events');
    const origin = new URL(event.baseUrl ?? canvas.baseUrl).origin;
    for (const notice of await EVENTS[type](canvas, event, origin)) found.push({ origin, changes: event.claims, ...notice });
  }
  const deliveries = [];
  for (const handler of [...canvas.records.noticeHandlers.values()]) {
    const tool = canvas.find('tools', handler.toolId);
    const own = handler.noticeType === type ? found.filter((notice) => notice.tool === tool) : [];
    deliveries.push(...(await send(canvas, handler, tool, own)));
  }
  return deliveries;
}

/** What a tool gets at once that subscribes to be greeted. */
export async function sendHello(canvas, { url: { origin } }, tool, handler) {
  if (handler.noticeType !== HELLO) return;
  await send(canvas, handler, tool, [{ origin, tool, claims: { [vendorClaim('hello_world')]: GREETING } }]);
}

// A handler that is down is not asked again.
async function send(canvas, { handler, noticeType, maxBatchSize }, tool, notices) {
  const size = maxBatchSize ?? Math.max(notices.length, 1);
  const deliveries = [];
  for (let at = 0; at < notices.length; at += size) {
    const batch = [];
    for (const notice of notices.slice(at, at + size)) batch.push({ jwt: await sign(canvas, noticeType, notice) });
    const delivery = { type: noticeType, toolId: tool.id, url: handler, notices: batch, status: null, error: null };
    canvas.notices.add(delivery);
    await post(canvas, delivery);
    deliveries.push(delivery);
  }
  return deliveries;
}

async function post(canvas, delivery) {
  if (!canvas.fetch) return;
  const body = writeJson({ notices: delivery.notices });
  const headers = { 'content-type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await canvas.fetch(delivery.url, { method: 'POST', headers, body, signal });
    delivery.status = response.status;
  } catch (error) {
    delivery.error = error.message;
  }
}

async function sign(canvas, type, { origin, tool, claims, changes = {}, custom, context, user, timestamp }) {
  const key = canvas.find('developerKeys', tool.developerKeyId);
  const home = { ...homeOf(canvas, tool), kind: tool.courseId === undefined ? 'accounts' : 'courses' };
  const where = context ?? home;
  const about = aboutOf(canvas, { key, tool, context: where, user, origin });
  const clientId = String(canvas.globalId(key.id));
  const iat = canvas.seconds();
  const body = {
    [claim('version')]: '1.3.0',
    [claim('notice')]: { id: canvas.uuid(), timestamp: timestamp ?? canvas.time(), type },
    aud: clientId,
    azp: clientId,
    [claim('deployment_id')]: deploymentId(canvas, tool),
    exp: iat + LIFETIME,
    iat,
    iss: canvas.issuer,
    nonce: canvas.uuid(),
    [claim('context')]: compact(contextValue(where)),
    ...(custom && { [claim('custom')]: expandCustom([key.customFields, custom], about) }),
    ...(context && agsClaim(canvas, about)),
    ...(user && { [claim('roles')]: allRoles(canvas, context, user), ...eulaService(canvas, about) }),
    ...claims,
    ...changes,
  };
  const { present } = await canvas.ltiKeys();
  return signRs256(compact(body), present);
}

function aboutOf(canvas, about) {
  const course = about.context.kind === 'courses' ? canvas.find('courses', about.context.id) : null;
  return { canvas, ...about, course, locale: 'en' };
}

function agsClaim(canvas, about) {
  const value = contextServices(canvas, about)[AGS_CLAIM];
  return value && { [AGS_CLAIM]: value };
}

const known = (canvas, table, id) => {
  const found = id === undefined ? null : canvas.find(table, id);
  if (!found) throw new TypeError(`the emulator has no ${table} with id ${id}`);
  return found;
};

const toolsOf = (canvas) => [...canvas.records.tools.values()].filter(({ active }) => active !== false);

function hello(canvas, { toolId }) {
  const tools = toolId === undefined ? toolsOf(canvas) : [known(canvas, 'tools', toolId)];
  return tools.map((tool) => ({ tool, claims: { [vendorClaim('hello_world')]: GREETING } }));
}

// Its context is the new course; all tools that the course sees are told.
function copy(canvas, { courseId, originCourseId, copiedAt }) {
  const course = { ...known(canvas, 'courses', courseId), kind: 'courses' };
  const origin = originCourseId === undefined ? null : known(canvas, 'courses', originCourseId);
  const homes = [canvas.find('courses', courseId), ...accountChain(canvas, course)];
  const claims = {
    [claim('context')]: compact(contextValue(course)),
    ...(origin && { [claim('origin_contexts')]: [origin.ltiId] }),
  };
  return toolsOf(canvas)
    .filter((tool) => homes.includes(homeOf(canvas, tool)))
    .map((tool) => ({ tool, claims, timestamp: copiedAt }));
}

// Each asset processor of the assignment gets a notice of its own.
async function submission(canvas, { submissionId }, origin) {
  const record = known(canvas, 'submissions', submissionId);
  const assignment = known(canvas, 'assignments', record.assignmentId);
  const assets = assetsOfSubmission(canvas, record);
  return processed(canvas, { assignment, userId: record.userId, assets, origin }, () => ({
    [claim('submission')]: { id: `${record.uuid}:${record.attempt ?? 1}` },
  }));
}

// The text and files of an entry in a discussion.
async function contribution(canvas, event, origin) {
  const assignment = known(canvas, 'assignments', event.assignmentId);
  const assets = assetsOfContribution(canvas, assignment, event.assets ?? []);
  const { created = canvas.time(), updated = created, status = 'Submitted', id = canvas.uuid(), parent } = event;
  return processed(canvas, { assignment, userId: event.userId, assets, origin }, () => ({
    [claim('contribution')]: compact({ id, parent, created, updated, status }),
  }));
}

async function processed(canvas, { assignment, userId, assets, origin }, more) {
  const context = { ...known(canvas, 'courses', assignment.courseId), kind: 'courses' };
  const user = known(canvas, 'users', userId);
  const notices = [];
  for (const processor of processorsOf(canvas, assignment)) {
    const base = `${origin}/api/lti/asset_processors/${canvas.localId(processor.id)}`;
    notices.push({
      tool: canvas.find('tools', processor.toolId),
      context,
      user,
      custom: processor.custom ?? {},
      claims: {
        [claim('for_user')]: { user_id: ltiIdOf(user) },
        [claim('assetreport')]: { scope: [REPORT_SCOPE], report_url: `${base}/reports` },
        [claim('assetservice')]: { scope: [ASSET_SCOPE], assets: await assetClaims(canvas, assets, base) },
        [claim('activity')]: compact({ id: assignment.ltiContextId, title: assignment.name }),
        ...more(),
      },
    });
  }
  return notices;
}
