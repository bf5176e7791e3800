// What Canvas does and the tools that others have made do not expect of it: which launches each of them refuses, and why.
// The package's own tool, last, takes them all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLtiTool } from './lti-tool.mjs';
import { startOwnTool } from './own-tool.mjs';
import { startPyLti } from './pylti1p3.mjs';
import { startSite, STUDENT, TEACHER } from './site.mjs';

const OK = Symbol('launched');
const deepLinking = { userId: TEACHER, messageType: 'LtiDeepLinkingRequest' };
const LINK = { id: 'a-link', courseId: 1, toolId: 7, title: null };
const PUBLIC = {
  id: 1, uuid: 'u', name: 'Public 101', ltiId: '66157096483e6b3a50bfedc6bac902c0b20a8241', accountId: 1, courseCode: 'P101',
  isPublic: true, userIds: [], enrollments: [],
};

// What the launch is, its options, the emulator's, and what PyLTI1p3 and @lti-tool/core make of it.
const LAUNCHES = [
  ['the deployment is named as Canvas named it until 2025', { userId: STUDENT, oldDeploymentName: true }, {}, OK, /lti_deployment_id/],
  ['an anonymous visitor of a public course', { userId: null }, { courses: [PUBLIC] }, /Must have a user \(sub\)/, /"sub"/],
  ['a key that shares no names', { userId: STUDENT }, { key: { privacyLevel: 'anonymous' } }, OK, /"given_name"/],
  ['a key that shares the e-mail address alone', { userId: STUDENT }, { key: { privacyLevel: 'email_only' } }, OK, /"given_name"/],
  ['a link whose title is null, as on older servers', { userId: STUDENT, resourceLinkId: LINK.id }, { resourceLinks: [LINK] }, OK, /"title"/],
  ['an account', { userId: 1, accountId: 1 }, {}, OK, OK],
  ['a group', { userId: STUDENT, groupId: 4 }, {}, OK, OK],
  ['a placement of null', { userId: STUDENT, placement: null }, {}, OK, OK],
  ['deep linking that takes no links to tools', { ...deepLinking, placement: 'conference_selection' }, {}, /resource link placement/, OK],
  ['deep linking in the editor', { ...deepLinking, placement: 'editor_button' }, {}, OK, OK],
  ['a EULA', { userId: STUDENT, messageType: 'LtiEulaRequest' }, {}, /Unrecognized message type/, /message_type/],
  ['settings of an asset processor', { userId: TEACHER, messageType: 'LtiAssetProcessorSettingsRequest', assignmentId: 26 }, {},
    /Unrecognized message type/, /message_type/],
  ["Canvas's clock is two seconds ahead", { userId: STUDENT }, { now: () => Date.now() / 1000 + 2 }, /not yet valid/, OK],
  ['the id_token is four minutes old, as old as the login', { userId: STUDENT }, { now: () => Date.now() / 1000 - 240 }, OK, OK],
];

for (const [column, name, start] of [
  [0, 'PyLTI1p3', startPyLti], [1, '@lti-tool/core', startLtiTool], [2, 'canvas-lms-tokens', startOwnTool],
]) {
  test(name, async (t) => {
    const tool = await start();
    const stop = (url) => url === `${tool.url}/launch`;
    t.after(() => tool.close());
    for (const [title, options, seeds, ...refusals] of LAUNCHES) {
      await t.test(title, async (inner) => {
        const site = await startSite(tool, seeds);
        inner.after(site.close);
        const { status, body } = await site.launch(options);
        const expected = refusals[column] ?? OK;
        if (expected === OK) {
          assert.equal(status, 200, `${JSON.stringify(body)} ${site.reasons()}`);
        } else {
          assert.equal(status, 400, JSON.stringify(body));
          assert.match(body.error, expected);
        }
      });
    }

    await t.test('in another browser than the login was in', async (inner) => {
      const site = await startSite(tool);
      inner.after(site.close);
      const { browser } = await site.launch({ userId: STUDENT });
      const posted = await site.launch({ userId: STUDENT }, { stop });
      const { status, body } = await browser.open(posted);
      // @lti-tool/core knows that the state is its own, not whose it is: another's launch can be forced on a user.
      if (column === 1) return assert.equal(status, 200);
      assert.equal(status, 400);
      assert.match(body.error, /State not found|ERR_LTI_STATE_NOT_BOUND/);
    });

    await t.test('the same launch twice', async (inner) => {
      const site = await startSite(tool);
      inner.after(site.close);
      const { browser, ...posted } = await site.launch({ userId: STUDENT }, { stop });
      assert.equal((await browser.open(posted)).status, 200);
      const { status, body } = await browser.open(posted);
      // PyLTI1p3 keeps nonces, and takes them again.
      if (column === 0) return assert.equal(status, 200);
      assert.equal(status, 400);
      assert.match(body.error, /Nonce has already been used|ERR_LTI_NONCE_USED/);
    });
  });
}
