import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST } from './canvas.mjs';
import { AGS, authorizationUrl, CLAIM, LAUNCH, launched, NRPS, platform, verified } from './lti13.mjs';

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2';
const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const PLACEMENT = 'https://www.instructure.com/placement';
const COURSE = '66157096483e6b3a50bfedc6bac902c0b20a8241';
const LINK = 'b3a7c2f4-0d1e-4b5a-9c8d-7e6f5a4b3c2d';
const PNS = 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers';

test('an assignment: its link, its target, its placement null', async () => {
  const payload = await launched(platform(), { assignmentId: 26, userId: 3 });
  assert.deepEqual(payload[`${CLAIM}/resource_link`], { id: LINK, title: 'Speech', description: null });
  assert.equal(payload[`${CLAIM}/target_link_uri`], 'https://tool.example/launch?speech=1');
  assert.equal(payload[PLACEMENT], null);
  const byLink = await launched(platform(), { resourceLinkId: LINK });
  assert.deepEqual(byLink[`${CLAIM}/resource_link`], payload[`${CLAIM}/resource_link`]);
});

test('an account: no course services, no course variables', async () => {
  const key = { customFields: { course: '$Canvas.course.id', account: '$Canvas.account.id' } };
  const payload = await launched(platform({ key }), { accountId: 1, userId: 1 });
  assert.deepEqual(payload[`${CLAIM}/context`], {
    id: '4dde05e8ca1973bcca9bffc13e1548820eee93a3', title: 'Example School', type: ['Account'],
  });
  assert.equal(payload[PLACEMENT], 'account_navigation');
  assert.deepEqual(payload[`${CLAIM}/custom`], { course: '$Canvas.course.id', account: '1' });
  assert.deepEqual(payload[`${CLAIM}/resource_link`], {
    id: '4dde05e8ca1973bcca9bffc13e1548820eee93a3', title: 'Example School', description: null,
  });
  assert.ok(!(`${AGS}/claim/endpoint` in payload) && !(`${NRPS}/claim/namesroleservice` in payload));
});

test('the line item of an assignment is told where it is launched, and nowhere else', async () => {
  const canvas = platform();
  const items = `${HOST}/api/lti/courses/1/line_items`;
  const endpoint = async (about) => (await launched(canvas, { assignmentId: 26, ...about }))[`${AGS}/claim/endpoint`];
  const [id] = canvas.records.lineItems.keys();
  assert.equal((await endpoint()).lineitem, `${items}/${id}`);
  assert.ok(!('lineitem' in (await endpoint({ messageType: 'LtiDeepLinkingRequest' }))));
  assert.ok(!('lineitem' in (await endpoint({ assignmentId: undefined }))));
});

test('a student’s card names the student', async () => {
  const payload = await launched(platform(), { placement: 'student_context_card', studentId: '3' });
  assert.equal(payload['https://www.instructure.com/lti_student_id'], '3');
  assert.ok(!('https://www.instructure.com/lti_student_id' in (await launched(platform()))));
});

test('what a tool of LTI 1.1 knew the user by', async () => {
  const payload = await launched(platform(), { userId: 2 });
  assert.deepEqual(payload[`${CLAIM}/lti1p1`], { user_id: payload[`${CLAIM}/lti11_legacy_user_id`] });
});

test('a group: its own members, its course’s line items', async () => {
  const payload = await launched(platform(), { groupId: 4, userId: 3 });
  assert.deepEqual(payload[`${CLAIM}/context`].type, [`${LIS}/course#Group`]);
  assert.equal(payload[`${AGS}/claim/endpoint`].lineitems, `${HOST}/api/lti/courses/1/line_items`);
  assert.equal(payload[`${NRPS}/claim/namesroleservice`].context_memberships_url, `${HOST}/api/lti/groups/4/names_and_roles`);
});

test('an anonymous visitor has no sub, no name, an empty legacy id', async () => {
  const canvas = platform();
  canvas.records.courses.get('1').isPublic = true;
  const payload = await launched(canvas, { userId: null });
  for (const name of ['sub', 'name', 'given_name', 'family_name', 'email', 'picture']) assert.ok(!(name in payload), name);
  assert.equal(payload[`${CLAIM}/lti11_legacy_user_id`], '');
  assert.ok(!(`${CLAIM}/lti1p1` in payload));
  assert.equal(payload[`${CLAIM}/lis`].person_sourcedid, '$Person.sourcedId');
  assert.deepEqual(payload[`${CLAIM}/roles`], [`${LIS}/system/person#None`]);
});

for (const [level, names] of [
  ['public', ['email', 'family_name', 'given_name', 'lis', 'name', 'picture']],
  ['name_only', ['family_name', 'given_name', 'lis', 'name']],
  ['email_only', ['email']],
  ['anonymous', []],
]) {
  test(`privacy level ${level}`, async () => {
    const key = { privacyLevel: level, customFields: { full: '$Person.name.full', email: '$Person.email.primary' } };
    const payload = await launched(platform({ key }), { userId: 2 });
    const personal = ['email', 'family_name', 'given_name', 'name', 'picture'].filter((name) => name in payload);
    if (`${CLAIM}/lis` in payload) personal.push('lis');
    assert.deepEqual(personal.sort(), names);
    // The level is about the claims; what a field asks for, it gets.
    assert.deepEqual(payload[`${CLAIM}/custom`], { full: 'Tom Teacher', email: 'tom@school.example' });
  });
}

for (const [name, enrollment, changes, roles] of [
  ['student', 'StudentEnrollment', {}, ['institution/person#Student', 'membership#Learner', 'system/person#User']],
  ['teacher', 'TeacherEnrollment', {}, ['institution/person#Instructor', 'membership#Instructor', 'system/person#User']],
  ['assistant', 'TaEnrollment', {}, ['institution/person#Instructor', 'membership#Instructor',
    'membership/Instructor#TeachingAssistant', 'system/person#User']],
  ['designer', 'DesignerEnrollment', {}, ['institution/person#Instructor', 'membership#ContentDeveloper', 'system/person#User']],
  ['observer', 'ObserverEnrollment', {}, ['membership#Mentor', 'system/person#User']],
  ['nobody', null, {}, ['system/person#User']],
  ['administrator', null, { admin: true }, ['institution/person#Administrator', 'system/person#User']],
  ['site administrator', null, { siteAdmin: true }, ['system/person#SysAdmin', 'system/person#User']],
]) {
  test(`roles: ${name}`, async () => {
    const canvas = platform();
    Object.assign(canvas.records.users.get('3'), changes);
    canvas.records.courses.get('1').enrollments = enrollment ? [{ userId: 3, type: enrollment }] : [];
    const payload = await launched(canvas, { userId: 3 });
    assert.deepEqual(payload[`${CLAIM}/roles`], roles.map((role) => `${LIS}/${role}`));
  });
}

test('the test student, and whom an observer watches', async () => {
  const canvas = platform();
  const course = canvas.records.courses.get('1');
  course.enrollments = [
    { userId: 2, type: 'ObserverEnrollment', observedUserId: 3 }, { userId: 3, type: 'StudentViewEnrollment' },
  ];
  const student = await launched(canvas, { userId: 3 });
  assert.ok(student[`${CLAIM}/roles`].includes('http://purl.imsglobal.org/vocab/lti/system/person#TestUser'));
  const observer = await launched(canvas, { userId: 2 });
  assert.deepEqual(observer[`${CLAIM}/role_scope_mentor`], ['6e8a9c1d-15b2-4d77-8c0f-7b4e1d9a3f33']);
  canvas.records.developerKeys.get('10000000000042').privacyLevel = 'name_only';
  assert.ok(!(`${CLAIM}/role_scope_mentor` in (await launched(canvas, { userId: 2 }))));
});

test('custom fields: key, placement, link and launch, the later over the earlier; unknown variables stay', async () => {
  const key = {
    customFields: {
      a: 'key', b: 'key', c: 'key', d: 'key', id: '$Canvas.user.id', mixed: 'u-${Canvas.user.id}-${Unknown.thing}',
      unknown: '$Canvas.unknown', none: '$Person.sourcedId', plain: 'costs $5',
    },
    placements: [{ placement: 'x', customFields: { b: 'placement', c: 'placement', d: 'placement' } }],
  };
  const canvas = platform({ key });
  canvas.records.resourceLinks.get(LINK).custom = { c: 'link', d: 'link' };
  const payload = await launched(canvas, { resourceLinkId: LINK, placement: 'x', userId: 2, custom: { d: 'launch' } });
  assert.deepEqual(payload[`${CLAIM}/custom`], {
    a: 'key', b: 'placement', c: 'link', d: 'launch', id: '2', mixed: 'u-2-${Unknown.thing}',
    unknown: '$Canvas.unknown', none: '$Person.sourcedId', plain: 'costs $5',
  });
});

const custom = async (fields, about = {}, prepare = () => {}) => {
  const canvas = platform({ key: { customFields: fields } });
  prepare(canvas.records);
  return (await launched(canvas, { userId: 2, ...about }))[`${CLAIM}/custom`];
};

test('what a launch lacks stays literal, what has no value is null, and booleans are no text', async () => {
  const fields = {
    link: '$ResourceLink.id', assignment: '$Canvas.assignment.title', sis: '$Canvas.course.sisSourceId',
    admin: '$Canvas.user.isRootAccountAdmin', points: '$Canvas.assignment.pointsPossible', due: '$Canvas.assignment.dueAt.iso8601',
    person: '$Person.sourcedId', text: 'sis:${Canvas.course.sisSourceId}', course: '$Canvas.course.id', number: 5,
  };
  assert.deepEqual(await custom(fields), {
    link: '$ResourceLink.id', assignment: '$Canvas.assignment.title', sis: null, admin: false,
    points: '$Canvas.assignment.pointsPossible', due: '$Canvas.assignment.dueAt.iso8601', person: '$Person.sourcedId',
    text: 'sis:', course: '1', number: '5',
  });
  assert.deepEqual(await custom(fields, { assignmentId: 26 }, ({ assignments, courses, users }) => {
    assignments.get('26').dueAt = '2030-01-02T03:04:05.600Z';
    courses.get('1').sisId = 'C-1';
    Object.assign(users.get('2'), { sisId: 'T-1', admin: true });
  }), {
    link: LINK, assignment: 'Speech', sis: 'C-1', admin: true, points: '10', due: '2030-01-02T03:04:05Z', person: 'T-1',
    text: 'sis:C-1', course: '1', number: '5',
  });
  const group = await custom({ course: '$Canvas.course.id', roles: '$Canvas.membership.roles' }, { groupId: 4 });
  assert.deepEqual(group, { course: '$Canvas.course.id', roles: '$Canvas.membership.roles' });
});

test('roles and groups as variables', async () => {
  const fields = {
    canvas: '$Canvas.membership.roles', lis: '$com.Instructure.membership.roles', all: '$Membership.role',
    old: '$Canvas.xuser.allRoles', groups: '$Canvas.group.contextIds', ids: '$com.instructure.Course.groupIds',
    view: '$com.instructure.User.student_view', state: '$Canvas.enrollment.enrollmentState',
    sortable: '$com.instructure.Person.name_sortable',
  };
  assert.deepEqual(await custom(fields), {
    canvas: 'TeacherEnrollment', lis: `${LIS}/membership#Instructor`,
    all: `${LIS}/institution/person#Instructor,${LIS}/membership#Instructor,${LIS}/system/person#User`,
    old: 'urn:lti:instrole:ims/lis/Instructor,urn:lti:role:ims/lis/Instructor,urn:lti:sysrole:ims/lis/User',
    groups: 'e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4', ids: '4', view: false, state: 'active', sortable: 'Teacher, Tom',
  });
  const { token, ...rest } = await custom({ token: '$com.instructure.PostMessageToken' });
  assert.match(token, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {});
});

test('service claims follow the scopes, but the one that is always there', async () => {
  const none = await launched(platform({ key: { scopes: [] } }));
  assert.ok(!Object.keys(none).some((name) => /lti-ags|lti-nrps|platformnotification/.test(name)));
  assert.equal(none[`${CLAIM}/eulaservice`].url, `${HOST}/api/lti/asset_processor_eulas/7`);
  const notices = (await launched(platform({ key: { scopes: [PNS] } })))[`${CLAIM}/platformnotificationservice`];
  assert.deepEqual(notices, {
    service_versions: ['1.0'],
    platform_notification_service_url: `${HOST}/api/lti/notice-handlers/7`,
    scope: [PNS],
    notice_types_supported: ['LtiHelloWorldNotice', 'LtiAssetProcessorSubmissionNotice', 'LtiContextCopyNotice',
      'LtiAssetProcessorContributionNotice'],
  });
  const readOnly = `${AGS}/scope/lineitem.readonly`;
  const scoped = await launched(platform({ key: { scopes: [readOnly, PNS] } }));
  assert.deepEqual(scoped[`${AGS}/claim/endpoint`].scope, [readOnly]);
});

const deepLinking = (placement, about) => launched(platform(), { messageType: 'LtiDeepLinkingRequest', placement, ...about });

for (const [placement, types, multiple, create] of [
  ['assignment_selection', ['ltiResourceLink'], false, false],
  ['submission_type_selection', ['ltiResourceLink'], false, false],
  ['link_selection', ['ltiResourceLink'], true, false],
  ['course_assignments_menu', ['ltiResourceLink'], true, false],
  ['module_index_menu_modal', ['ltiResourceLink'], true, true],
  ['module_menu_modal', ['ltiResourceLink'], true, true],
  ['collaboration', ['ltiResourceLink'], false, true],
  ['conference_selection', ['link', 'html'], false, true],
  ['editor_button', ['link', 'file', 'html', 'ltiResourceLink', 'image'], true, false],
  ['homework_submission', ['file', 'ltiResourceLink'], false, false],
  ['migration_selection', ['file'], false, false],
  ['ActivityAssetProcessor', ['ltiAssetProcessor'], true, true],
  ['ActivityAssetProcessorContribution', ['ltiAssetProcessor'], true, true],
]) {
  test(`deep linking from ${placement}`, async () => {
    const payload = await deepLinking(placement);
    assert.equal(payload[`${CLAIM}/message_type`], 'LtiDeepLinkingRequest');
    assert.equal(payload[PLACEMENT], placement);
    assert.ok(!(`${CLAIM}/resource_link` in payload));
    const { deep_link_return_url, accept_media_types, accept_presentation_document_targets, ...settings } = payload[SETTINGS];
    assert.deepEqual(settings, { accept_types: types, accept_multiple: multiple, auto_create: create });
    assert.equal(typeof accept_media_types, 'string');
    assert.ok(accept_presentation_document_targets.includes('iframe'));
    const url = new URL(deep_link_return_url);
    assert.equal(url.origin + url.pathname, `${HOST}/courses/1/deep_linking_response`);
    assert.deepEqual([...url.searchParams.keys()], ['data']);
    assert.equal(payload[`${CLAIM}/launch_presentation`].return_url,
      `${HOST}/courses/1/deep_linking_cancel?placement=${placement}`);
  });
}

test('an asset processor’s deep linking names the activity', async () => {
  const payload = await deepLinking('ActivityAssetProcessor', { assignmentId: 26 });
  assert.deepEqual(payload[`${CLAIM}/activity`], { id: LINK });
  assert.ok(!(`${CLAIM}/activity` in (await deepLinking('assignment_selection', { assignmentId: 26 }))));
});

test('a placement’s message type, target and size', async () => {
  const placements = [
    { placement: 'editor_button', messageType: 'LtiDeepLinkingRequest', targetLinkUri: `${LAUNCH}/pick`, width: 800, height: 600 },
    'course_navigation',
  ];
  const payload = await launched(platform({ key: { placements } }), { placement: 'editor_button' });
  assert.equal(payload[`${CLAIM}/message_type`], 'LtiDeepLinkingRequest');
  assert.equal(payload[`${CLAIM}/target_link_uri`], `${LAUNCH}/pick`);
  const { width, height } = payload[`${CLAIM}/launch_presentation`];
  assert.deepEqual([width, height], [800, 600]);
});

test('a EULA has security, context, custom, its service, target and roles, and nothing more', async () => {
  const payload = await launched(platform({ key: { eulaCustomFields: { eula: '1' } } }), { messageType: 'LtiEulaRequest' });
  const names = Object.keys(payload).map((name) => name.replace(`${CLAIM}/`, '')).sort();
  assert.deepEqual(names, [
    'aud', 'azp', 'context', 'custom', 'deployment_id', 'eulaservice', 'exp', 'iat', 'iss', 'lti11_legacy_user_id',
    'message_type', 'nonce', 'roles', 'sub', 'target_link_uri', 'version',
  ]);
  assert.equal(payload[`${CLAIM}/custom`].eula, '1');
});

test('an asset processor’s settings', async () => {
  const payload = await launched(platform({ key: { customFields: { a: 'key', b: 'key' } } }), {
    messageType: 'LtiAssetProcessorSettingsRequest', assignmentId: 26, processor: { custom: { b: 'processor' } },
  });
  assert.deepEqual(payload[`${CLAIM}/activity`], { id: LINK, title: 'Speech' });
  assert.deepEqual(payload[`${CLAIM}/custom`], { a: 'key', b: 'processor' });
});

test('an asset processor of the assignment has its own custom fields, and its reports theirs', async () => {
  const canvas = platform({ key: { customFields: {} } });
  Object.assign(canvas.records.assetProcessors.get('83'), {
    custom: { depth: 'full' }, report: { custom: { view: '$Canvas.user.id' } },
  });
  const settings = await launched(canvas, { messageType: 'LtiAssetProcessorSettingsRequest', assignmentId: 25 });
  assert.deepEqual(settings[`${CLAIM}/custom`], { depth: 'full' });
  const report = { submissionId: 6, type: 'originality', assetId: 'asset-1', processorId: 83 };
  const review = await launched(canvas, { messageType: 'LtiReportReviewRequest', userId: 2, report });
  assert.deepEqual(review[`${CLAIM}/custom`], { view: '2' });
});

test('a report review', async () => {
  const payload = await launched(platform(), {
    messageType: 'LtiReportReviewRequest', userId: 2,
    report: { submissionId: 6, type: 'originality', assetId: 'asset-1', custom: { c: '1' } },
  });
  assert.deepEqual(payload[`${CLAIM}/activity`], { id: '5a1d9c3e-72f4-4b08-8e6d-3c2b1a0f9e8d', title: 'Essay' });
  assert.deepEqual(payload[`${CLAIM}/submission`], { id: 'c0ffee00-1d2e-4f30-8a4b-5c6d7e8f9a0b:2' });
  assert.equal(payload[`${CLAIM}/assetreport_type`], 'originality');
  assert.deepEqual(payload[`${CLAIM}/asset`], { id: 'asset-1' });
  // The viewer's, not the student's.
  assert.deepEqual(payload[`${CLAIM}/for_user`], { user_id: payload.sub });
  assert.equal(payload[`${CLAIM}/custom`].c, '1');
});

test('the nearest installation is the deployment, and ids may exceed 2^53', async () => {
  const id = 90000000000000042n;
  const tools = [
    { id: 7, developerKeyId: id, accountId: 1, name: 'Account' }, { id: 8, developerKeyId: id, courseId: 1, name: 'Course' },
  ];
  const canvas = platform({ key: { id }, tools });
  const inCourse = await canvas.launch({ developerKeyId: id, courseId: 1 });
  assert.equal(inCourse.form.client_id, '90000000000000042');
  assert.equal(inCourse.form.lti_deployment_id, `8:${COURSE}`);
  const { form } = await canvas.authorize(authorizationUrl(inCourse));
  await assert.rejects(verified(canvas, form.id_token), { claim: 'aud' });
  const inAccount = await canvas.launch({ developerKeyId: String(id), accountId: 1 });
  assert.equal(inAccount.form.lti_deployment_id, '7:4dde05e8ca1973bcca9bffc13e1548820eee93a3');
});

test('an account sees what is installed in it and above it, and in use', async () => {
  const account = (id, parentId) => ({ id, parentId, uuid: `u${id}`, name: `Account ${id}`, ltiId: String(id).repeat(40) });
  const accounts = [account(1), account(2, 1), account(3, 2), account(4, 1)];
  const tool = (id, accountId, more = {}) => ({ id, developerKeyId: '10000000000042', accountId, name: 'T', ...more });
  const tools = [
    tool(7, 1), tool(8, 2), tool(9, 3, { active: false }), tool(10, 3, { developerKeyId: 10000000000003 }), tool(11, 4),
  ];
  const deployment = async (accountId) => {
    const { form } = await platform({ accounts, tools }).launch({ accountId, userId: 1 });
    return form.lti_deployment_id.split(':')[0];
  };
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map(deployment)), ['7', '8', '8', '11']);
  const payload = await launched(platform({ accounts, tools, key: { customFields: { account: '$Canvas.account.id' } } }), {
    accountId: 3, userId: 1,
  });
  assert.equal(payload[`${CLAIM}/custom`].account, '3');
});

test('whom an observer watches are those of the observer’s own enrollments', async () => {
  const canvas = platform();
  canvas.records.courses.get('1').enrollments = [
    { userId: 2, type: 'ObserverEnrollment' }, { userId: 2, type: 'StudentEnrollment', observedUserId: 3 },
    { userId: 1, type: 'ObserverEnrollment', observedUserId: 3 },
  ];
  assert.ok(!(`${CLAIM}/role_scope_mentor` in (await launched(canvas, { userId: 2 }))));
});
