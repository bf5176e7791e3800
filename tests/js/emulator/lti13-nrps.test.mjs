// Names and Roles: the members of a course or group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST, NOT_FOUND } from './canvas.mjs';
import { COURSE, KEY, LINK, linksOf, open, refused, SCOPE, SPEECH, SUE, TOM, TWO_TOOLS } from './services.mjs';

const PATH = '/api/lti/courses/1/names_and_roles';
const GROUP = '/api/lti/groups/4/names_and_roles';
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const [INSTRUCTOR, LEARNER] = ['Instructor', 'Learner'].map((name) => `${MEMBERSHIP}#${name}`);
const claim = (name) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const ids = ({ body }) => body.members.map(({ user_id }) => user_id);
const withRole = (role) => `${PATH}?role=${encodeURIComponent(role)}`;

const tom = {
  status: 'Active', name: 'Tom Teacher', picture: `${HOST}/images/messages/avatar-50.png`, given_name: 'Tom',
  family_name: 'Teacher', email: 'tom@school.example', user_id: TOM.ltiUuid, lti11_legacy_user_id: TOM.ltiId,
  roles: [INSTRUCTOR],
};

test('the members of a course', async () => {
  const { get } = await open();
  const answer = await get(PATH);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/vnd\.ims\.lti-nrps\.v2\.membershipcontainer\+json/);
  const { id, context, members } = answer.body;
  assert.equal(id, `${HOST}${PATH}`);
  assert.deepEqual(context, { id: COURSE.ltiId, label: 'RHET101', title: 'Rhetoric 101' });
  assert.deepEqual(members[0], tom);
  assert.deepEqual([members.length, members[1].user_id, members[1].roles], [2, SUE.ltiUuid, [LEARNER]]);
});

test('the members of a group', async () => {
  const groups = [{ id: 4, courseId: 1, userIds: [2, 3], leaderId: 3, name: 'Debating', ltiId: 'g' }];
  const { get } = await open({ groups });
  const { status, body } = await get(GROUP);
  assert.deepEqual([status, body.context], [200, { id: 'g', title: 'Debating' }]);
  const [MEMBER, MANAGER] = ['Member', 'Manager'].map((name) => `${MEMBERSHIP}#${name}`);
  assert.deepEqual(body.members.map(({ roles }) => roles), [[MEMBER], [MEMBER, MANAGER]]);
  for (const [role, expected] of [[MEMBER, [TOM.ltiUuid, SUE.ltiUuid]], [MANAGER, [SUE.ltiUuid]], [LEARNER, []]]) {
    assert.deepEqual(ids(await get(`${GROUP}?role=${encodeURIComponent(role)}`)), expected, role);
  }
});

for (const [level, expected] of [
  ['public', ['name', 'picture', 'given_name', 'family_name', 'email', 'lis_person_sourcedid']],
  ['name_only', ['name', 'given_name', 'family_name', 'lis_person_sourcedid']],
  ['email_only', ['email']],
  ['anonymous', []],
]) {
  test(`what privacy level ${level} tells`, async () => {
    const users = [{ ...TOM, sisId: 'S1' }, SUE];
    const { get } = await open({ users, developerKeys: [{ ...KEY, privacyLevel: level }] });
    const [member] = (await get(PATH)).body.members;
    const always = ['status', 'user_id', 'lti11_legacy_user_id', 'roles'];
    assert.deepEqual(Object.keys(member).filter((name) => !always.includes(name)), expected);
    for (const name of always) assert.ok(name in member, name);
  });
}

const CLASS = Array.from({ length: 120 }, (_, index) => ({
  id: 1000 + index, uuid: `u${index}`, ltiUuid: `lti${index}`, name: `Student ${index}`,
}));
const large = {
  users: CLASS,
  courses: [{ ...COURSE, enrollments: CLASS.map(({ id }) => ({ userId: id, type: 'StudentEnrollment' })) }],
};

test('fifty members a page, and never more', async () => {
  const { get } = await open(large);
  for (const [query, size] of [['', 50], ['?limit=500', 50], ['?limit=7', 7], ['?limit=0', 50], ['?per_page=9', 9]]) {
    assert.equal((await get(PATH + query)).body.members.length, size, query);
  }
  const seen = [];
  let next = `${PATH}?limit=40&role=${encodeURIComponent(LEARNER)}`;
  const addresses = [];
  while (next) {
    const page = await get(next);
    seen.push(...ids(page));
    ({ next } = linksOf(page));
    addresses.push(next);
  }
  assert.deepEqual(seen, CLASS.map(({ ltiUuid }) => ltiUuid));
  // The links say per_page, not limit.
  assert.equal(addresses[0], `${HOST}${PATH}?role=${encodeURIComponent(LEARNER)}&page=2&per_page=40`);
  assert.equal(addresses.length, 3);
});

test('members by role', async () => {
  const enrollments = [
    { userId: 1, type: 'TaEnrollment' }, { userId: 2, type: 'TeacherEnrollment' }, { userId: 3, type: 'StudentEnrollment' },
    { userId: 2, type: 'DesignerEnrollment' },
  ];
  const { get } = await open({ courses: [{ ...COURSE, enrollments }] });
  for (const [role, expected] of [
    [LEARNER, 1], [INSTRUCTOR, 2], [`${MEMBERSHIP}/Instructor#TeachingAssistant`, 1], [`${MEMBERSHIP}#ContentDeveloper`, 1],
    [`${MEMBERSHIP}#Mentor`, 0], ['Learner', 0], ['nonsense', 0],
    ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student', 0],
  ]) {
    assert.equal((await get(withRole(role))).body.members.length, expected, role);
  }
  const both = (await get(PATH)).body.members.find(({ user_id }) => user_id === TOM.ltiUuid);
  assert.deepEqual(both.roles, [INSTRUCTOR, `${MEMBERSHIP}#ContentDeveloper`]);
});

test('with a link there is a message, whose variables are of the member', async () => {
  const customFields = {
    user: '$Canvas.user.id', name: '$Person.name.full', url: '$Canvas.api.baseUrl', plain: 'x', none: '$Person.sourcedId',
  };
  const developerKeys = [{ ...KEY, customFields, privacyLevel: 'email_only' }];
  const { get, canvas } = await open({ developerKeys });
  for (const rlid of [LINK, COURSE.ltiId]) {
    const { status, body } = await get(`${PATH}?rlid=${rlid}`);
    assert.equal(status, 200, canvas.reason());
    assert.equal(body.id, `${HOST}${PATH}?rlid=${rlid}`);
    assert.deepEqual(body.members[1].message, [{
      [claim('message_type')]: 'LtiResourceLinkRequest',
      locale: 'en',
      // What it may not expand stays as it is; the privacy level is about the claims.
      [claim('custom')]: {
        user: '3', name: 'Sue Student', url: '$Canvas.api.baseUrl', plain: 'x', none: '$Person.sourcedId',
      },
    }]);
  }
  assert.equal((await get(PATH)).body.members[0].message, undefined);
});

test('a link of an assignment for some students leaves out the others', async () => {
  const assignments = [{ ...SPEECH, assignedUserIds: [] }];
  const { get } = await open({ assignments });
  assert.deepEqual(ids(await get(`${PATH}?rlid=${LINK}`)), [TOM.ltiUuid]);
  assert.deepEqual(ids(await get(`${PATH}?rlid=${LINK}&role=${encodeURIComponent(LEARNER)}`)), []);
  assert.deepEqual(ids(await (await open({ assignments: [{ ...SPEECH, assignedUserIds: [3] }] })).get(`${PATH}?rlid=${LINK}`)),
    [TOM.ltiUuid, SUE.ltiUuid]);
});

for (const [name, options, rlid, message] of [
  ['that there is not', {}, 'x', "Invalid 'rlid' parameter"],
  ['of another tool', { ...TWO_TOOLS, resourceLinks: [{ id: LINK, courseId: 1, toolId: 8 }] }, LINK,
    'Tool does not have access to rlid or rlid does not exist'],
  ['of another course', { resourceLinks: [{ id: LINK, courseId: 2, toolId: 7 }], courses: [COURSE, { ...COURSE, id: 2, ltiId: 'x' }] },
    LINK, 'Tool does not have access to rlid or rlid does not exist'],
  ['of an assignment without a tool', { assignments: [{ ...SPEECH, submissionTypes: ['online_upload'] }] }, LINK,
    'Requested assignment not configured for external tool launches'],
]) {
  test(`a link ${name} is refused`, async () => {
    refused(await (await open(options)).get(`${PATH}?rlid=${rlid}`), 400, 'bad_request', message);
  });
}

test('members need their scope, and a context', async () => {
  refused(await (await open({}, { scopes: SCOPE.item })).get(PATH), 401, 'unauthorized', 'Insufficient permissions');
  const { get } = await open();
  for (const path of ['/api/lti/courses/99/names_and_roles', '/api/lti/groups/99/names_and_roles']) {
    const { status, body } = await get(path);
    assert.deepEqual([status, body], [404, NOT_FOUND]);
  }
  const deleted = await open({ courses: [{ ...COURSE, workflowState: 'deleted' }] });
  assert.equal((await deleted.get(PATH)).status, 404);
  refused(await (await open({ tools: [] })).get(GROUP), 401, 'unauthorized',
    'Access Token not linked to a Tool associated with this Context');
});
