// The story that the diagram tells, step by step: a teacher chooses content, a student opens it, and the tool reports a score. Each
// `yield` is the name of the step that comes next; a refusal is thrown.
import { core } from '../../package/core.js';
import { CLIENT_ID, TOOL } from './tool.js';
import { SCHOOL, formOf } from './world.js';

const TEACHER = 2, STUDENT = 3, SPEECH = 26;

/** Canvas or the tool says no: {by, reason, error}. */
export class Refused extends Error {}

/** @param start 'teacher' or 'student'; fault: of faults.js */
export async function* story(world, { start, fault }) {
  let assignmentId = SPEECH;
  if (start === 'teacher') {
    yield* launch(world, { userId: TEACHER, messageType: 'LtiDeepLinkingRequest', placement: 'course_assignments_menu' }, fault);
    yield 'deepLink';
    assignmentId = await deepLink(world, fault) ?? SPEECH;
    yield 'student';
  }
  yield* launch(world, { userId: STUDENT, assignmentId }, fault);
  yield 'score';
  await score(world, fault);
}

async function* launch(world, about, fault) {
  const { emulator, browse, jar } = world;
  const { url, form, cookie } = await emulator.launch({ developerKeyId: CLIENT_ID, ...about, ...fault.launch });
  jar.canvas = cookie;
  fault.before?.(world);
  let answer = await browse('tool', 'login', { method: 'POST', url, form, chapter: about.messageType ? 'choose' : 'open' });
  refuseBy('tool', world, answer);
  fault.afterLogin?.(world);
  yield 'follow';
  answer = await browse('canvas', 'authorize', { url: answer.headers.location });
  refuseBy('canvas', world, answer);
  yield 'followAgain';
  answer = await browse('canvas', 'idToken', { url: answer.headers.location });
  refuseBy('canvas', world, answer);
  const posted = formOf(answer.body);
  answer.arrow.isRefused = posted.form.error !== undefined;
  answer.arrow.reason = posted.form.error_description;
  answer.arrow.inspect = await idTokenOf(world, posted.form);
  yield 'post';
  const fields = fault.posted ? fault.posted(posted.form) : posted.form;
  answer = await browse('tool', 'launch', { method: 'POST', url: posted.url, form: fields });
  answer.arrow.inspect = await idTokenOf(world, fields);
  refuseBy('tool', world, answer);
  if (!fault.isReplayed) return;
  yield 'replay';
  answer = await browse('tool', 'replay', { method: 'POST', url: posted.url, form: fields });
  answer.arrow.inspect = await idTokenOf(world, fields);
  refuseBy('tool', world, answer);
}

async function deepLink(world, fault) {
  const { deepLinkingResponse } = await core();
  const { tool, key, emulator, browse } = world;
  const { jwt } = await deepLinkingResponse(tool.launch, {
    key, message: 'One quiz was added.',
    items: [{ type: 'ltiResourceLink', title: 'Quiz 7', url: `${TOOL}/launch?quiz=7`, lineItem: { scoreMaximum: 10 } }],
    ...(fault.isOldResponse && { now: Math.floor(Date.now() / 1000) - 900 }),
  });
  const url = tool.launch.deepLinking.returnUrl;
  const post = (chapter) => browse('canvas', 'deepLinking', { method: 'POST', url, form: { JWT: jwt }, chapter });
  const answers = [await post('add'), ...(fault.isPostedTwice ? [await post()] : [])];
  for (const { arrow } of answers) arrow.inspect = { token: jwt, key: jwk(key), platform: world.platform };
  for (const answer of answers) refuseBy('canvas', world, answer);
  return [...emulator.records.deepLinkingResponses.values()].at(-1).contentItems[0]?.assignment_id;
}

async function score(world, fault) {
  const { LtiServices } = await core();
  const { tool: { launch, fetch }, key, arrows } = world;
  const services = fault.services ? new LtiServices({ platform: world.platform, key, origins: [SCHOOL], fetch }) : LtiServices.for(launch, { key, fetch });
  const { length } = arrows;
  const url = launch.lineItems.lineItem;
  const send = (given) => services.postScore(url, {
    userId: launch.user.id, scoreGiven: 8, scoreMaximum: 10, activityProgress: 'Completed', gradingProgress: 'FullyGraded', comment: 'Well done.', ...given,
  });
  try {
    await send(fault.score);
    if (fault.isLate) await send({ timestamp: '2001-01-01T00:00:00Z' });
  } catch (error) {
    const arrow = arrows.slice(length).findLast(({ answer }) => answer?.status >= 400) ?? arrows.at(-1);
    arrow.isRefused = true;
    throw Object.assign(new Refused(error.message), { by: 'canvas', error, arrow, own: world.emulator.refusals.at(-1)?.reason });
  } finally {
    if (arrows[length]) arrows[length].chapter = 'score';
    for (const arrow of arrows.slice(length)) arrow.inspect ??= clientAssertionOf(world, arrow);
  }
}

function refuseBy(by, { tool, emulator }, { status, arrow }) {
  if (status < 400) return;
  const error = by === 'tool' ? tool.refusal : undefined;
  throw Object.assign(new Refused(error?.message ?? ''), { by, error, arrow, own: by === 'canvas' ? emulator.refusals.at(-1)?.reason : undefined });
}

const jwk = (key) => ({ kind: 'jwk', text: JSON.stringify(key) });

/** What Inspect is given for the id_token of a form. */
async function idTokenOf({ emulator, platform, tool }, { id_token: token, state }) {
  if (!token) return undefined;
  const { decode } = await core();
  const key = await (await emulator.fetch(platform.jwksUri)).json();
  const { nonce } = decode(state).claims;
  return { token, platform, nonce, key: { kind: 'emulator', text: '', key }, endpoint: tool.redirectUri };
}

function clientAssertionOf({ key, platform }, { sent }) {
  const token = new URLSearchParams(sent?.body ?? '').get('client_assertion');
  return token ? { token, key: jwk(key), platform, endpoint: platform.tokenEndpoint } : undefined;
}
