import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST, NOW } from './canvas.mjs';
import { AGS, authorizationUrl, CLAIM, CLIENT, follow, LAUNCH, launched, LOGIN, NRPS, platform, verified } from './lti13.mjs';

const DEPLOYMENT = '7:4dde05e8ca1973bcca9bffc13e1548820eee93a3';
const TOM = '86157096483e6b3a50bfedc6bac902c0b20a824f';

test('a login request as Canvas posts it', async () => {
  const { url, form, cookie } = await platform().launch({ userId: 2, courseId: 1 });
  assert.equal(url, LOGIN);
  assert.equal(cookie, 'canvas_session=session-of-tom');
  const { lti_message_hint, ...rest } = form;
  assert.match(lti_message_hint, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.deepEqual(rest, {
    iss: 'https://canvas.instructure.com', login_hint: TOM, client_id: CLIENT, lti_deployment_id: DEPLOYMENT,
    target_link_uri: LAUNCH, canvas_environment: 'prod', canvas_region: 'not_configured',
    lti_storage_target: 'post_message_forwarding',
  });
});

test('a login URL by region', async () => {
  const key = { oidcInitiationUrls: { 'eu-west-1': 'https://eu.tool.test/login' } };
  assert.equal((await platform({ key }).launch()).url, LOGIN);
  const { url, form } = await platform({ key, region: 'eu-west-1', environment: 'beta' }).launch();
  assert.deepEqual([url, form.canvas_region, form.canvas_environment], ['https://eu.tool.test/login', 'eu-west-1', 'beta']);
});

test('a mobile app offers no storage, and an older Canvas names the deployment otherwise', async () => {
  const canvas = platform();
  const { form } = await canvas.launch({ storage: false, oldDeploymentName: true });
  assert.equal(form.deployment_id, DEPLOYMENT);
  assert.ok(!('lti_deployment_id' in form) && !('lti_storage_target' in form));
  const answer = await canvas.authorize(authorizationUrl({ form }));
  assert.ok(!('lti_storage_target' in answer.form));
});

test('a resource link launch in a course, verified by the key set', async () => {
  const canvas = platform();
  const { url, form } = await follow(canvas, { userId: 2, courseId: 1 });
  assert.equal(url, LAUNCH);
  assert.deepEqual(Object.keys(form).sort(), ['id_token', 'lti_storage_target', 'state', 'utf8']);
  assert.equal(form.state, 'state-1');
  const { payload, protectedHeader } = await verified(canvas, form.id_token);
  assert.equal(protectedHeader.typ, 'JWT');
  assert.match(protectedHeader.kid, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ_[0-9a-f-]{36}$/);
  assert.deepEqual(
    [payload.aud, payload.azp, payload.nonce, payload.iat, payload.exp, payload.sub],
    [CLIENT, CLIENT, 'nonce-1', NOW, NOW + 3600, '2c5b7d0e-7a41-4f0e-9b61-5f3d8e2a4c22']);
  assert.equal(payload[`${CLAIM}/message_type`], 'LtiResourceLinkRequest');
  assert.equal(payload[`${CLAIM}/version`], '1.3.0');
  assert.equal(payload[`${CLAIM}/deployment_id`], DEPLOYMENT);
  assert.equal(payload[`${CLAIM}/target_link_uri`], LAUNCH);
  // Not tied to a link: the context's own id.
  assert.equal(payload[`${CLAIM}/resource_link`].id, payload[`${CLAIM}/context`].id);
  assert.equal(payload['https://www.instructure.com/placement'], 'course_navigation');
  assert.equal(payload[`${AGS}/claim/endpoint`].lineitems, `${HOST}/api/lti/courses/1/line_items`);
  assert.equal(payload[`${NRPS}/claim/namesroleservice`].context_memberships_url, `${HOST}/api/lti/courses/1/names_and_roles`);
});

test('the id_token is as old as the login request', async () => {
  const canvas = platform();
  const login = await canvas.launch();
  canvas.clock.now += 299;
  const { form } = await canvas.authorize(authorizationUrl(login));
  const { payload } = await verified(canvas, form.id_token);
  assert.deepEqual([payload.iat, payload.exp], [NOW, NOW + 3600]);
});

test('claims of the test itself: merged, taken away, the nonce too', async () => {
  const claims = { name: null, custom: 1, nonce: 'stale', [`${CLAIM}/context`]: { id: 'x' } };
  const payload = await launched(platform(), { claims });
  assert.ok(!('name' in payload));
  assert.deepEqual([payload.custom, payload.nonce, payload[`${CLAIM}/context`]], [1, 'stale', { id: 'x' }]);
});

test('over HTTP: a redirect to the institution, then a form that posts itself', async () => {
  const canvas = platform();
  const login = await canvas.launch({ userId: 2 });
  const first = await canvas.fetch(authorizationUrl(login), { redirect: 'manual' });
  assert.equal(first.status, 302);
  const location = new URL(first.headers.get('location'));
  assert.equal(location.origin + location.pathname, `${HOST}/api/lti/authorize`);
  const second = await canvas.fetch(location, { headers: { cookie: login.cookie } });
  assert.equal(second.status, 200);
  assert.match(second.headers.get('content-type'), /^text\/html/);
  const text = await second.text();
  assert.match(text, /<form id="form" action="https:\/\/tool\.test\/launch" method="post">/);
  assert.match(text, /\.submit\(\)/);
});
