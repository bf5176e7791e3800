import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { HOST, NOW, payloadOf, sign } from './canvas.mjs';
import { CLAIM, CLIENT, LAUNCH, launched, platform, publicJwk, tool } from './lti13.mjs';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const ISSUER = 'https://canvas.instructure.com';
const KEYS = 'https://tool.test/jwks';
const LINK = {
  type: 'ltiResourceLink', url: `${LAUNCH}?chapter=1`, title: 'Chapter 1', custom: { chapter: '1' },
  iframe: { width: 640, height: '480px' },
};
const TEACHER = 'canvas_session=session-of-tom';

const response = (changes = {}, { key = tool.privateKey, header = {} } = {}) =>
  new SignJWT({
    iss: CLIENT, aud: ISSUER, exp: NOW + 300, iat: NOW, nonce: 'n',
    [`${CLAIM}/message_type`]: 'LtiDeepLinkingResponse', [`${CLAIM}/version`]: '1.3.0', [`${DL}/content_items`]: [LINK],
    ...changes,
  }).setProtectedHeader({ alg: 'RS256', kid: 'tool-1', ...header }).sign(key);

/** The address that a deep linking launch names. */
async function returnUrl(canvas, about = {}) {
  const payload = await launched(canvas, { messageType: 'LtiDeepLinkingRequest', userId: 2, ...about });
  return payload[`${DL}/deep_linking_settings`].deep_link_return_url;
}

const post = async (canvas, url, JWT, cookie = TEACHER) => canvas.post(url, { form: { JWT }, headers: { cookie } });
const back = async (canvas, JWT, about) => post(canvas, await returnUrl(canvas, about), JWT);
const last = (canvas) => [...canvas.records.deepLinkingResponses.values()].at(-1);
const jwtErrors = (...texts) => ({ errors: { jwt: texts.map((text) => ({ attribute: 'jwt', type: text, message: text })) } });

test('a link comes back, and can be launched', async () => {
  const canvas = platform();
  const messages = { [`${DL}/msg`]: 'Thanks', [`${DL}/errorlog`]: 'log' };
  const { status, headers, text } = await back(canvas, await response(messages));
  assert.equal(status, 200, canvas.reason());
  assert.match(headers.get('content-type'), /^text\/html/);
  assert.match(text, /window\.parent\.postMessage\(\{"subject":"LtiDeepLinkingResponse"/);
  const { contentItems, claims, id, ...result } = last(canvas);
  assert.deepEqual(result, {
    developerKeyId: CLIENT, toolId: 7, context: { kind: 'courses', id: 1 }, placement: 'link_selection',
    msg: 'Thanks', log: null, errormsg: null, errorlog: 'log', moduleId: null, moduleName: null, replaceEditorContents: false,
  });
  assert.equal(claims.iss, CLIENT);
  const [{ lookup_uuid, ...item }] = contentItems;
  assert.deepEqual(item, LINK);
  const payload = await launched(canvas, { resourceLinkId: lookup_uuid, userId: 3 });
  assert.deepEqual(payload[`${CLAIM}/resource_link`], { id: lookup_uuid, title: 'Chapter 1', description: null });
  assert.equal(payload[`${CLAIM}/target_link_uri`], LINK.url);
  assert.equal(payload[`${CLAIM}/custom`].chapter, '1');
  const { width, height } = payload[`${CLAIM}/launch_presentation`];
  assert.deepEqual([width, height], [640, 480]);
});

test('items of other types, several, and none', async () => {
  const canvas = platform();
  const items = [{ type: 'html', html: '</script><b>' }, { type: 'link', url: 'https://x.test' }];
  const { text } = await back(canvas, await response({ [`${DL}/content_items`]: items }), { placement: 'editor_button' });
  assert.deepEqual(last(canvas).contentItems, items);
  assert.ok(!text.includes('</script><b>'));
  await back(canvas, await response({ [`${DL}/content_items`]: undefined }));
  assert.deepEqual(last(canvas).contentItems, []);
});

test('Canvas’s own claims: a module’s name, and replacing, which needs its scope', async () => {
  const replace = 'https://canvas.instructure.com/lti/replace_editor_contents';
  const claims = { [replace]: true, 'https://canvas.instructure.com/lti/module_name': 'Week 1' };
  for (const scopes of [[], [replace]]) {
    const canvas = platform({ key: { scopes } });
    await back(canvas, await response(claims), { placement: 'editor_button', moduleId: 5 });
    const { moduleName, moduleId, replaceEditorContents } = last(canvas);
    assert.deepEqual([moduleName, moduleId, replaceEditorContents], ['Week 1', 5, scopes.length > 0]);
  }
});

test('in a group and in an account', async () => {
  const canvas = platform();
  for (const about of [{ groupId: 4 }, { accountId: 1, userId: 1 }]) {
    assert.equal((await back(canvas, await response(), { placement: 'editor_button', ...about })).status, 200, canvas.reason());
    const [{ lookup_uuid }] = last(canvas).contentItems;
    const { courseId, accountId } = canvas.records.resourceLinks.get(lookup_uuid);
    // A group's link is its course's.
    assert.deepEqual([courseId, accountId], about.groupId ? [1, undefined] : [undefined, 1]);
    const payload = await launched(canvas, { resourceLinkId: lookup_uuid, userId: 1 });
    assert.equal(payload[`${CLAIM}/resource_link`].id, lookup_uuid);
  }
});

test('a line item makes an assignment, where the placement takes one', async () => {
  const canvas = platform();
  const graded = { ...LINK, lineItem: { label: 'Graded', scoreMaximum: 20, tag: 't' }, submission: { endDateTime: '2030-01-01T00:00:00Z' } };
  const sent = await response({ [`${DL}/content_items`]: [graded] });
  await back(canvas, sent, { placement: 'course_assignments_menu' });
  const [{ assignment_id, title }] = last(canvas).contentItems;
  assert.equal(title, 'Graded');
  const assignment = canvas.records.assignments.get(String(assignment_id));
  assert.deepEqual([assignment.name, assignment.pointsPossible, assignment.dueAt], ['Graded', 20, '2030-01-01T00:00:00Z']);
  const payload = await launched(canvas, { assignmentId: assignment_id, userId: 3 });
  assert.equal(payload[`${CLAIM}/resource_link`].id, assignment.ltiContextId);
  const { id, developerKeyId, extensions, ...item } = [...canvas.records.lineItems.values()].at(-1);
  assert.deepEqual(item, {
    label: 'Graded', scoreMaximum: 20, tag: 't', resourceId: null, assignmentId: assignment.id,
    resourceLinkId: assignment.ltiContextId, coupled: true,
  });
  await back(canvas, sent, { placement: 'editor_button' });
  assert.ok(!('assignment_id' in last(canvas).contentItems[0]), 'the editor makes a link alone');
  await back(canvas, sent, { placement: 'assignment_selection' });
  assert.deepEqual(last(canvas).contentItems, [graded], 'the open page makes the assignment when it is saved');
});

test('a line item without scoreMaximum is an error of the item', async () => {
  const canvas = platform();
  const items = [{ ...LINK, lineItem: { label: 'Graded' } }];
  for (const scoreMaximum of [undefined, null, false]) {
    items[0].lineItem.scoreMaximum = scoreMaximum;
    const { status } = await back(canvas, await response({ [`${DL}/content_items`]: items }));
    assert.equal(status, 200);
    const [{ errors, ...item }] = last(canvas).contentItems;
    assert.deepEqual(errors, { 'lineItem.scoreMaximum': 'lineItem.scoreMaximum is a required field' });
    assert.ok(!('assignment_id' in item));
  }
  items[0].lineItem.scoreMaximum = 0;
  await back(canvas, await response({ [`${DL}/content_items`]: items }));
  assert.equal(typeof last(canvas).contentItems[0].assignment_id, 'number');
});

test('a collaboration’s link is made when the collaboration is', async () => {
  const canvas = platform();
  await back(canvas, await response(), { placement: 'collaboration' });
  assert.deepEqual(last(canvas).contentItems, [LINK]);
});

test('asset processors come alone', async () => {
  const canvas = platform();
  const processor = { type: 'ltiAssetProcessor', title: 'Check' };
  await back(canvas, await response({ [`${DL}/content_items`]: [LINK, processor] }), { placement: 'ActivityAssetProcessor' });
  assert.deepEqual(last(canvas).contentItems, [processor]);
});

test('an asset processor is attached to the assignment, whose submissions it then hears of', async () => {
  const canvas = platform({ assetProcessors: [] });
  const processor = { type: 'ltiAssetProcessor', title: 'Check', custom: { depth: '2' }, report: { supportedTypes: ['x'] } };
  const sent = await response({ [`${DL}/content_items`]: [processor] });
  await back(canvas, sent, { placement: 'ActivityAssetProcessor', assignmentId: 25 });
  const [attached] = canvas.records.assetProcessors.values();
  assert.deepEqual([attached.id, attached.toolId, attached.assignmentId, attached.report], [1, 7, 25, processor.report]);
  const handler = { toolId: 7, noticeType: 'LtiAssetProcessorSubmissionNotice', handler: 'https://tool.example/n' };
  canvas.records.noticeHandlers.set('7 LtiAssetProcessorSubmissionNotice', handler);
  const [{ notices }] = await canvas.notify('LtiAssetProcessorSubmissionNotice', { submissionId: 6 });
  assert.equal(payloadOf(notices[0].jwt)[`${CLAIM}/custom`].depth, '2');
});

for (const [name, make, texts] of [
  ['no JWT', () => 'x', ['JWT format is invalid']],
  ['an unknown client', () => response({ iss: '10000000000099' }), ['Client not found']],
  ['no issuer', () => response({ iss: undefined }), ['Client not found']],
  ['another key', async () => response({}, { key: (await generateKeyPair('RS256')).privateKey }), ['JWT verification failure']],
  ['a shared secret', () => sign({ iss: CLIENT }, 'secret'), ['JWT has unexpected alg']],
  ['another algorithm', async () => response({}, { key: (await generateKeyPair('PS256')).privateKey, header: { alg: 'PS256' } }),
    ['JWT has unexpected alg']],
  ['another signature', async () => `${(await response()).slice(0, -8)}AAAAAAAA`, ['JWT verification failure']],
]) {
  test(`a deep linking response is refused: ${name}`, async () => {
    const canvas = platform();
    const { status, body } = await back(canvas, await make());
    assert.equal(status, 400);
    assert.deepEqual(body, jwtErrors(...texts));
  });
}

for (const [name, changes, texts] of [
  ['the token URL as audience', { aud: 'https://sso.canvaslms.com/login/oauth2/token' }, ["the 'aud' is invalid"]],
  ['expired', { exp: NOW - 1 }, ['the JWT has expired']],
  ['five minutes old', { iat: NOW - 301 }, ["the 'iat' must be less than 300 seconds old"]],
  ['of the future', { iat: NOW + 31 }, ["the 'iat' must not be in the future"]],
  ['no nonce', { nonce: undefined }, ['the following assertions are missing: jti']],
  ['several', { aud: 'x', exp: NOW - 1 }, ["the 'aud' is invalid", 'the JWT has expired']],
]) {
  test(`its claims are refused: ${name}`, async () => {
    const { status, body } = await back(platform(), await response(changes));
    assert.equal(status, 400);
    assert.deepEqual(body, { errors: { base: texts.map((text) => ({ attribute: 'base', type: text, message: text })) } });
  });
}

test('what is fine: an array of audiences, years of life, another message type, no version', async () => {
  const { status } = await back(platform(), await response({
    aud: ['x', ISSUER], exp: NOW + 1e8, iat: NOW + 30, [`${CLAIM}/message_type`]: 'x', [`${CLAIM}/version`]: undefined,
  }));
  assert.equal(status, 200);
});

test('a key that is turned off, inactive', async () => {
  for (const [change, ...texts] of [
    [{ enabled: false }, 'Developer key inactive in context'],
    [{ active: false }, 'Developer key inactive in context', 'Developer key inactive'],
  ]) {
    const canvas = platform();
    const url = await returnUrl(canvas);
    Object.assign(canvas.records.developerKeys.get(CLIENT), change);
    const { body } = await post(canvas, url, await response());
    const entries = texts.map((text) => ({ attribute: 'developer_key', type: text, message: text }));
    assert.deepEqual(body, { errors: { developer_key: entries } });
  }
});

test('the address is used once, unchanged; a response that was refused may be sent again', async () => {
  const canvas = platform();
  const url = await returnUrl(canvas);
  const dataError = (type, message) => ({ errors: { data_jwt: [{ attribute: '?data=JWT', type, message }] } });
  const MODIFIED = 'Do not modify the deep_link_return_url in any way.';
  const sent = await response();
  assert.deepEqual((await post(canvas, url.split('?')[0], sent)).body, dataError('presence_required', MODIFIED));
  assert.deepEqual((await post(canvas, url.slice(0, -4), sent)).body, dataError('invalid_or_malformed', MODIFIED));
  assert.equal((await post(canvas, url, 'x')).status, 400);
  canvas.clock.now += 200;
  assert.equal((await post(canvas, url, sent)).status, 200);
  const again = await post(canvas, url, sent);
  assert.equal(again.status, 400);
  assert.deepEqual(again.body, dataError('already_used', 'Do not attempt to submit content items multiple times.'));
});

test('what creates content needs the session of somebody who may', async () => {
  const canvas = platform();
  const about = { placement: 'module_index_menu_modal' };
  const nobody = await canvas.fetch(await returnUrl(canvas, about), {
    method: 'POST', body: new URLSearchParams({ JWT: await response() }), redirect: 'manual',
  });
  assert.equal(nobody.status, 302);
  assert.match(nobody.headers.get('location'), /^\/login\/canvas/);
  const student = await canvas.launch({ userId: 3 });
  assert.equal((await post(canvas, await returnUrl(canvas, about), await response(), student.cookie)).status, 403);
  assert.equal((await post(canvas, await returnUrl(canvas, about), await response())).status, 200);
  assert.equal((await post(canvas, await returnUrl(canvas), await response(), '')).status, 200, 'a link alone creates nothing');
});

test('what is to create something: by placement, by module, by line item', async () => {
  const canvas = platform();
  const graded = { ...LINK, lineItem: { scoreMaximum: 1 } };
  const creates = async (about, items = [LINK]) => {
    const sent = await response({ [`${DL}/content_items`]: items });
    const answer = await canvas.fetch(await returnUrl(canvas, about), {
      method: 'POST', body: new URLSearchParams({ JWT: sent }), redirect: 'manual',
    });
    return answer.status === 302;
  };
  for (const placement of ['assignment_selection', 'course_assignments_menu', 'module_index_menu_modal', 'module_menu_modal']) {
    assert.equal(await creates({ placement }), true, placement);
  }
  for (const placement of ['link_selection', 'editor_button', 'homework_submission', 'submission_type_selection']) {
    assert.equal(await creates({ placement }), false, placement);
    assert.equal(await creates({ placement, moduleId: 5 }), true, `${placement}, of a module`);
  }
  assert.equal(await creates({ placement: 'link_selection' }, [LINK, graded]), true);
  assert.equal(await creates({ placement: 'link_selection' }, [{ ...graded, type: 'link' }]), false);
  assert.equal(await creates({ placement: 'editor_button' }, [graded]), false, 'it takes no line item');
  assert.equal(await creates({ placement: 'link_selection', accountId: 1 }, [graded]), false, 'an account has no gradebook');
});

test('who may create: an administrator, and whoever has one role of those that may', async () => {
  const canvas = platform();
  const about = { placement: 'module_menu_modal' };
  const tried = async (userId, enrollments) => {
    canvas.records.courses.get('1').enrollments = enrollments.map((type) => ({ userId: 3, type }));
    const { cookie } = await canvas.launch({ userId });
    return (await post(canvas, await returnUrl(canvas, about), await response(), cookie)).status;
  };
  assert.equal(await tried(1, []), 200);
  for (const type of ['TeacherEnrollment', 'TaEnrollment', 'DesignerEnrollment']) {
    assert.equal(await tried(3, ['StudentEnrollment', type]), 200, type);
  }
  for (const type of ['StudentEnrollment', 'ObserverEnrollment']) assert.equal(await tried(3, [type]), 403, type);
});

test('a key at a URL: fetched each time, chosen by kid', async () => {
  const asked = [];
  let answer = () => Response.json({ keys: [{ kty: 'oct', k: 'x' }, null, publicJwk] });
  const fetch = async (url) => {
    asked.push(url);
    return answer();
  };
  const canvas = platform({ key: { publicJwk: undefined, publicJwkUrl: KEYS }, fetch });
  assert.equal((await back(canvas, await response())).status, 200, canvas.reason());
  assert.deepEqual((await back(canvas, await response({}, { header: { kid: 'tool-2' } }))).body,
    jwtErrors('JSON::JWK::Set::KidNotFound', 'JWT verification failure'));
  const next = await generateKeyPair('RS256', { extractable: true });
  answer = async () => Response.json({ keys: [{ ...(await exportJWK(next.publicKey)), kid: 'tool-2' }] });
  assert.equal((await back(canvas, await response({}, { key: next.privateKey, header: { kid: 'tool-2' } }))).status, 200);
  assert.deepEqual(asked, [KEYS, KEYS, KEYS]);
  const failed = jwtErrors('Fetching JWK from public_jwk_url failed', 'JWT verification failure');
  for (const bad of [
    () => new Response('gone', { status: 404 }),
    () => new Response('<html>'),
    () => Promise.reject(new TypeError('fetch failed')),
  ]) {
    answer = bad;
    assert.deepEqual((await back(canvas, await response())).body, failed);
  }
  const deaf = platform({ key: { publicJwk: undefined, publicJwkUrl: KEYS } });
  assert.deepEqual((await back(deaf, await response())).body, failed);
  assert.match(deaf.reason(), /the emulator was given no fetch/);
});

test('any character changed, in the response or in the address', async () => {
  const canvas = platform();
  const url = new URL(await returnUrl(canvas));
  const sent = await response();
  const spoilt = (token) => token.split('.').map((part, i, parts) => {
    const at = Math.floor(part.length / 2);
    return parts.with(i, part.slice(0, at) + (part[at] === 'A' ? 'B' : 'A') + part.slice(at + 1)).join('.');
  });
  for (const token of spoilt(sent)) assert.equal((await post(canvas, url.href, token)).status, 400, token);
  for (const data of spoilt(url.searchParams.get('data'))) {
    const other = new URL(url);
    other.searchParams.set('data', data);
    assert.ok((await post(canvas, other.href, sent)).body.errors.data_jwt);
  }
  assert.equal((await post(canvas, url.href, sent)).status, 200);
});

test('going back without an answer', async () => {
  const canvas = platform();
  const payload = await launched(canvas, { messageType: 'LtiDeepLinkingRequest', placement: 'editor_button' });
  const { return_url } = payload[`${CLAIM}/launch_presentation`];
  const { status } = await canvas.get(`${return_url}&lti_errormsg=No&lti_log=log`);
  assert.equal(status, 200);
  const { id, ...result } = last(canvas);
  assert.deepEqual(result, {
    context: { kind: 'courses', id: 1 }, placement: 'editor_button', contentItems: [], msg: null, log: 'log',
    errormsg: 'No', errorlog: null, isCancelled: true,
  });
  assert.equal((await canvas.get(`${HOST}/courses/99/deep_linking_cancel`)).status, 404);
});
