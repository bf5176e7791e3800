// From a launch to its services: every address that the id_token names answers to a token of the grant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { NOW } from './canvas.mjs';
import { CLAIM, CLIENT, launched, platform, tool } from './lti13.mjs';
import { SCOPE, SUE } from './services.mjs';

const SSO = 'https://sso.canvaslms.com/login/oauth2/token';
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const TIME = new Date(NOW * 1000).toISOString();

async function grant(canvas, scope) {
  const claims = { iss: CLIENT, sub: CLIENT, aud: SSO, iat: NOW, exp: NOW + 60, jti: 'j' };
  const { status, body } = await canvas.post(SSO, {
    form: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'tool-1' }).sign(tool.privateKey),
      scope: scope.join(' '),
    },
  });
  assert.equal(status, 200, canvas.reason());
  return body.access_token;
}

test('the services of a launch', async () => {
  const canvas = platform({ key: { scopes: Object.values(SCOPE) } });
  const payload = await launched(canvas, { assignmentId: 26, userId: 3 });
  const ags = payload[AGS];
  const bearer = await grant(canvas, ags.scope);
  const items = await canvas.get(ags.lineitems, { bearer });
  assert.deepEqual(items.body.map(({ id }) => id), [ags.lineitem]);
  assert.equal(items.body[0].resourceLinkId, payload[`${CLAIM}/resource_link`].id);
  const score = await canvas.post(`${ags.lineitem}/scores`, {
    bearer,
    json: {
      userId: payload.sub, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
      timestamp: TIME,
    },
  });
  assert.equal(score.status, 200, canvas.reason());
  assert.equal((await canvas.get(`${ags.lineitem}/results`, { bearer })).body[0].userId, payload.sub);

  const members = await canvas.get(payload[NRPS].context_memberships_url, { bearer: await grant(canvas, [SCOPE.members]) });
  assert.deepEqual(members.body.context.id, payload[`${CLAIM}/context`].id);
  const self = members.body.members.find(({ user_id }) => user_id === payload.sub);
  assert.deepEqual([self.name, self.email, self.lti11_legacy_user_id], [payload.name, payload.email, SUE.ltiId]);

  const service = payload[`${CLAIM}/platformnotificationservice`];
  const handlers = await canvas.get(service.platform_notification_service_url, { bearer: await grant(canvas, service.scope) });
  assert.deepEqual(
    [String(handlers.body.client_id), handlers.body.deployment_id], [payload.aud, payload[`${CLAIM}/deployment_id`]]);
  assert.deepEqual(handlers.body.notice_handlers.map(({ notice_type }) => notice_type), service.notice_types_supported);

  const eula = payload[`${CLAIM}/eulaservice`];
  const accepted = await canvas.post(`${eula.url}/user`, {
    bearer: await grant(canvas, eula.scope), json: { userId: payload.sub, accepted: true, timestamp: TIME },
  });
  assert.equal(accepted.status, 201, canvas.reason());
});

test('the members of a group that was launched in', async () => {
  const canvas = platform({ key: { scopes: Object.values(SCOPE) } });
  const payload = await launched(canvas, { groupId: 4, userId: 3 });
  const { status, body } = await canvas.get(payload[NRPS].context_memberships_url, { bearer: await grant(canvas, [SCOPE.members]) });
  assert.equal(status, 200, canvas.reason());
  assert.deepEqual(body.context.id, payload[`${CLAIM}/context`].id);
});

test('a line item that is made is the one that a launch names', async () => {
  const canvas = platform({ key: { scopes: Object.values(SCOPE) } });
  const { lineitems } = (await launched(canvas, { userId: 3 }))[AGS];
  const bearer = await grant(canvas, [SCOPE.item]);
  const url = `${(await launched(canvas, { userId: 3 }))[`${CLAIM}/target_link_uri`]}?quiz=1`;
  const { body } = await canvas.post(lineitems, {
    bearer,
    json: {
      label: 'Quiz', scoreMaximum: 5,
      'https://canvas.instructure.com/lti/submission_type': { type: 'external_tool', external_tool_url: url },
    },
  });
  const payload = await launched(canvas, { resourceLinkId: body.resourceLinkId, userId: 3 });
  assert.deepEqual([payload[AGS].lineitem, payload[`${CLAIM}/target_link_uri`]], [body.id, url]);
});
