// The emulator launches tools that others have made, as they come, over HTTP: logins, launches, deep linking, line items,
// scores, results, members.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'canvas-lms-tokens';
import { formOf } from './browser.mjs';
import { startLtiTool } from './lti-tool.mjs';
import { startPyLti } from './pylti1p3.mjs';
import { COURSE, KEY, LTI, STUDENT, startSite, TEACHER } from './site.mjs';

const ASSIGNMENT = 26;
const STUDENT_SUB = '6e8a9c1d-15b2-4d77-8c0f-7b4e1d9a3f33';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';

/** The calls that both tools have, by one name. `item` is a line item's URL. */
const DIALECTS = {
  PyLTI1p3: {
    start: startPyLti,
    // Its key stands in Canvas itself.
    key: ({ jwks: { keys: [publicJwk] } }) => ({ publicJwk }),
    lineItems: () => ({ call: 'lineItems' }),
    createLineItem: (item) => ({ call: 'findOrCreate', args: [item] }),
    lineItem: (item) => ({ call: 'lineItem', args: [item] }),
    score: ({ userId, scoreGiven, scoreMaximum, timestamp, comment }, item) => ({
      call: 'score',
      args: [{
        user_id: userId, score_given: scoreGiven, score_maximum: scoreMaximum, timestamp, comment,
        activity_progress: 'Completed', grading_progress: 'FullyGraded',
      }, item && { id: item }],
    }),
    results: (item) => ({ call: 'results', args: [item && { id: item }] }),
    members: (...args) => ({ call: 'members', args }),
    memberId: ({ user_id }) => user_id,
    // As it comes, it follows the links from page to page.
    pages: Infinity,
    // It sends a null where Canvas gave no data to send back.
    remarks: ['deep-link-text'],
    refusal: /422.*student/i,
    lacksServices: /namesroleservice is not set/,
  },
  '@lti-tool/core': {
    start: startLtiTool,
    key: ({ url }) => ({ publicJwkUrl: `${url}/jwks` }),
    lineItems: () => ({ call: 'listLineItems' }),
    createLineItem: (item) => ({ call: 'createLineItem', args: [item] }),
    lineItem: (item) => ({ call: 'getLineItem', lineItem: item }),
    score: (score, item) => ({
      call: 'submitScore', args: [{ ...score, activityProgress: 'Completed', gradingProgress: 'FullyGraded' }], lineItem: item,
    }),
    results: (item) => ({ call: 'getScores', lineItem: item }),
    members: () => ({ call: 'getMembers' }),
    memberId: ({ userId }) => userId,
    // As it comes, it reads the first page alone.
    pages: 1,
    remarks: [],
    refusal: /Unprocessable Entity/i,
    lacksServices: /NRPS not available/,
  },
};

/** The ids of the checks of a report that did not pass. */
const remarks = ({ checks }) => checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn').map(({ id }) => id);

for (const [name, { start, key, ...dialect }] of Object.entries(DIALECTS)) {
  describe(name, () => {
    let tool, site;
    before(async () => {
      tool = await start();
      site = await startSite(tool, { key: key(tool) });
    });
    after(async () => {
      await site?.close();
      await tool?.close();
    });

    /** A launch that succeeds: its body, and call(), which asks the tool to call a service. */
    async function launched(options, at = site) {
      const { browser, status, body } = await at.launch(options);
      assert.equal(status, 200, `${JSON.stringify(body)} ${at.reasons()}`);
      const call = async (what, expected = 200) => {
        const answer = await browser.ask(`${tool.url}/call`, { launch: body.launch, ...what });
        assert.equal(answer.status, expected, `${JSON.stringify(answer.body)} ${at.reasons()}`);
        return answer.body;
      };
      return { browser, call, ...body };
    }

    test('a student opens an assignment', async () => {
      const { browser, claims } = await launched({ userId: STUDENT, assignmentId: ASSIGNMENT });
      assert.equal(claims.sub, STUDENT_SUB);
      assert.equal(claims.name, 'Sue Student');
      assert.equal(claims.email, 'sue@school.example');
      assert.equal(claims.aud, String(KEY));
      assert.equal(claims[`${LTI}/message_type`], 'LtiResourceLinkRequest');
      assert.equal(claims[`${LTI}/resource_link`].title, 'Speech');
      assert.deepEqual(claims[`${LTI}/custom`], { canvas_user_id: '3', unknown: '$No.such.variable' });
      assert.ok(claims[`${LTI}/roles`].some((role) => role.endsWith('membership#Learner')));
      assert.deepEqual(browser.visited.slice(1), [
        `${tool.url}/login`, site.platform.authorizationEndpoint, `${site.url}/api/lti/authorize`, `${tool.url}/launch`,
      ]);
    });

    test('a teacher opens the course navigation', async () => {
      const { claims, teacher, session } = await launched({ userId: TEACHER, courseId: COURSE });
      assert.equal(claims.name, 'Tom Teacher');
      assert.equal(claims[`${LTI}/resource_link`].id, claims[`${LTI}/context`].id);
      assert.ok(teacher ?? session.isInstructor);
    });

    test('launches after keys have rotated', async () => {
      await launched({ userId: STUDENT, courseId: COURSE });
      await site.emulator.rotate();
      await launched({ userId: STUDENT, courseId: COURSE });
    });

    test('a launch that was used already', async () => {
      const { browser, url, form } = await site.begin({ userId: STUDENT });
      const first = await browser.open({ url, form });
      assert.equal(first.status, 200);
      // The tool is posted an error and no id_token.
      const { form: posted } = await browser.open({ url, form }, { stop: (at) => at === `${tool.url}/launch` });
      assert.equal(posted.error, 'launch_no_longer_valid');
      assert.equal(posted.id_token, undefined);
    });

    test('deep linking, and launches of what it made', async () => {
      const options = { userId: TEACHER, courseId: COURSE, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' };
      const { browser, claims, launch } = await launched(options);
      assert.ok(claims[`${DL}/deep_linking_settings`].accept_types.includes('ltiResourceLink'));
      const items = [
        { type: 'ltiResourceLink', title: 'One', url: `${tool.url}/one`, custom: { level: '1' } },
        { type: 'ltiResourceLink', title: 'Two', url: `${tool.url}/two`, lineItem: { label: 'Two', scoreMaximum: 5, tag: 'two' } },
      ];
      const headers = { 'content-type': 'application/json' };
      const page = await browser.request(`${tool.url}/deep-link`, {
        method: 'POST', headers, body: JSON.stringify({ launch, items }),
      });
      const form = formOf(await page.text());
      assert.equal((await browser.open(form)).status, 200, site.reasons());
      const { contentItems: [one, two] } = [...site.emulator.records.deepLinkingResponses.values()].at(-1);
      const again = await browser.open(form);
      assert.equal(again.body.errors.data_jwt[0].type, 'already_used');
      const report = await inspect(form.form.JWT, { key: tool.jwks });
      assert.deepEqual([report.outcome, report.kind, remarks(report)], ['valid', 'lti13-deep-linking-response', dialect.remarks]);

      const link = await launched({ userId: STUDENT, resourceLinkId: one.lookup_uuid });
      assert.equal(link.claims[`${LTI}/target_link_uri`], `${tool.url}/one`);
      assert.equal(link.claims[`${LTI}/custom`].level, '1');
      const { claims: opened, call } = await launched({ userId: STUDENT, assignmentId: two.assignment_id });
      assert.equal(opened[`${LTI}/resource_link`].title, 'Two');
      const item = await call(dialect.lineItem());
      assert.deepEqual([item.label, item.scoreMaximum, item.tag], ['Two', 5, 'two']);
      const score = { userId: opened.sub, scoreGiven: 4, scoreMaximum: 5, timestamp: new Date().toISOString() };
      await call(dialect.score(score));
      assert.equal((await call(dialect.results()))[0].resultScore, 4);
    });

    test('line items', async () => {
      const { call } = await launched({ userId: TEACHER, assignmentId: ASSIGNMENT });
      const speech = await call(dialect.lineItem());
      assert.equal(speech.label, 'Speech');
      assert.equal(speech.scoreMaximum, 10);
      const made = await call(dialect.createLineItem({ label: 'Quiz', scoreMaximum: 100, tag: 'quiz', resourceId: 'q-1' }));
      assert.equal(made.label, 'Quiz');
      const again = await call(dialect.lineItem(made.id));
      assert.deepEqual([again.tag, again.resourceId, again.scoreMaximum], ['quiz', 'q-1', 100]);
      const labels = (await call(dialect.lineItems())).map(({ label }) => label);
      assert.ok(labels.includes('Speech') && labels.includes('Quiz'), labels.join());
    });

    test('scores and results', async () => {
      const { call } = await launched({ userId: TEACHER, assignmentId: ASSIGNMENT });
      const score = { userId: STUDENT_SUB, scoreGiven: 8, scoreMaximum: 10, comment: 'well done' };
      await call(dialect.score({ ...score, timestamp: new Date().toISOString() }));
      const [result, ...more] = await call(dialect.results());
      assert.equal(more.length, 0);
      assert.deepEqual([result.userId, result.resultScore, result.resultMaximum], [STUDENT_SUB, 8, 10]);
    });

    test('members', async () => {
      const { call } = await launched({ userId: TEACHER, courseId: COURSE });
      const members = await call(dialect.members());
      assert.deepEqual(members.map(({ name }) => name).sort(), ['Sue Student', 'Tom Teacher']);
      assert.ok(members.map(dialect.memberId).includes(STUDENT_SUB));
      assert.ok(members.every(({ status }) => status === 'Active'));
      const [, student] = members.sort((a, b) => (a.name > b.name ? -1 : 1));
      assert.ok(student.roles.some((role) => role.endsWith('#Learner')));
    });

    test('many members and line items', async (t) => {
      const users = Array.from({ length: 120 }, (_, i) => ({
        id: i + 10, uuid: `u${i}`, ltiId: `l${i}`, ltiUuid: crypto.randomUUID(), name: `Student ${i}`, email: `s${i}@school.example`,
      }));
      const [course] = site.emulator.records.courses.values();
      const enrollments = users.map(({ id }) => ({ userId: id, type: 'StudentEnrollment' }));
      const large = await startSite(tool, { key: key(tool), users, courses: [{ ...course, enrollments }] });
      t.after(large.close);
      const { call } = await launched({ userId: 10, courseId: COURSE }, large);
      const ids = new Set((await call(dialect.members())).map(dialect.memberId));
      assert.deepEqual(ids, new Set(users.slice(0, 50 * dialect.pages).map(({ ltiUuid }) => ltiUuid)));
      for (let i = 0; i < 25; i += 1) await call(dialect.createLineItem({ label: `Quiz ${i}`, scoreMaximum: 1, tag: `t${i}` }));
      const items = await call(dialect.lineItems());
      assert.equal(new Set(items.map(({ id }) => id)).size, Math.min(26, 10 * dialect.pages));
    });

    test('a score that Canvas refuses', async () => {
      const { call, claims } = await launched({ userId: TEACHER, assignmentId: ASSIGNMENT });
      const score = { userId: claims.sub, scoreGiven: 8, scoreMaximum: 10, timestamp: new Date().toISOString() };
      assert.match((await call(dialect.score(score), 400)).error, dialect.refusal);
    });

    test('a key without scopes', async (t) => {
      const bare = await startSite(tool, { key: { ...key(tool), scopes: [] } });
      t.after(bare.close);
      const { call, ags, nrps, session } = await launched({ userId: TEACHER }, bare);
      assert.deepEqual([ags ?? session.isAssignmentAndGradesAvailable, nrps ?? session.isNameAndRolesAvailable], [false, false]);
      assert.match((await call(dialect.members(), 400)).error, dialect.lacksServices);
    });

    test('the inspector of what was sent', async () => {
      const { form: { id_token } } = await site.launch({ userId: STUDENT }, { stop: (url) => url === `${tool.url}/launch` });
      const launch = await inspect(id_token, { key: await (await fetch(site.platform.jwksUri)).json() });
      // The developer key asks for a variable that there is not.
      assert.deepEqual([launch.outcome, launch.kind, remarks(launch)], ['valid', 'lti13-id-token', ['variable']]);
      const { call } = await launched({ userId: TEACHER });
      await call(dialect.members());
      const { body } = site.emulator.requests.findLast(({ url }) => url === site.platform.tokenEndpoint);
      const assertion = new URLSearchParams(body).get('client_assertion');
      const report = await inspect(assertion, { key: tool.jwks, endpoint: site.platform.tokenEndpoint });
      assert.deepEqual([report.outcome, report.kind, remarks(report)], ['valid', 'lti13-client-assertion', []]);
    });

    if (name === 'PyLTI1p3') {
      test('members of a link, with what a launch of theirs would say', async () => {
        const { call, claims } = await launched({ userId: TEACHER, assignmentId: ASSIGNMENT });
        const members = await call(dialect.members(claims[`${LTI}/resource_link`].id));
        const { message: [message] } = members.find(({ user_id }) => user_id === STUDENT_SUB);
        assert.equal(message[`${LTI}/custom`].canvas_user_id, '3');
        assert.equal((await call({ call: 'context' })).title, 'Rhetoric 101');
      });
    } else {
      test('a line item is changed and deleted', async () => {
        const { call } = await launched({ userId: TEACHER, courseId: COURSE });
        const { id } = await call(dialect.createLineItem({ label: 'Essay', scoreMaximum: 5 }));
        const changed = await call({ call: 'updateLineItem', lineItem: id, args: [{ label: 'Long essay', scoreMaximum: 6 }] });
        assert.deepEqual([changed.label, changed.scoreMaximum], ['Long essay', 6]);
        await call({ call: 'deleteLineItem', lineItem: id });
        assert.ok(!(await call(dialect.lineItems())).some((item) => item.id === id));
      });
    }
  });
}
