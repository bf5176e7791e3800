// @lti-tool/core registers itself with the emulator. PyLTI1p3 has no dynamic registration.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from './browser.mjs';
import { startLtiTool } from './lti-tool.mjs';
import { startSite, TEACHER } from './site.mjs';

let tool;
before(async () => {
  tool = await startLtiTool();
});
after(() => tool?.close());

async function register(t, options) {
  const site = await startSite(tool, options);
  t.after(site.close);
  const { url } = await site.emulator.beginRegistration({ registrationUrl: `${tool.url}/register` });
  return { site, ...await new Browser().open({ url }) };
}

test('of a self-hosted site', async (t) => {
  const { site, status, html } = await register(t, { selfHosted: true });
  assert.equal(status, 200, site.reasons());
  assert.match(html, /Registration Successful/);
  const { id, ...client } = (await tool.library.listClients()).at(-1);
  const { issuer: iss, authorizationEndpoint: authUrl, tokenEndpoint: tokenUrl, jwksUri: jwksUrl } = site.platform;
  assert.deepEqual(client, { name: 'Tool', clientId: client.clientId, iss, authUrl, tokenUrl, jwksUrl });
  const key = [...site.emulator.records.developerKeys.values()].at(-1);
  assert.equal(String(key.id), client.clientId);
  assert.deepEqual([key.redirectUris, key.publicJwkUrl, key.privacyLevel], [[tool.url, `${tool.url}/launch`], `${tool.url}/jwks`, 'public']);
  assert.ok(key.placements.some(({ placement, messageType }) => placement === 'editor_button' && messageType === 'LtiDeepLinkingRequest'));

  // It waits for a deployment named "default", where Canvas tells of none: a launch is refused until somebody enters it.
  const begun = await site.begin({ developerKeyId: key.id, userId: TEACHER });
  assert.match((await begun.browser.open(begun)).body.error, /No valid launch config/);
  await tool.library.addDeployment(id, { deploymentId: begun.form.lti_deployment_id });
  const { browser, ...again } = await site.begin({ developerKeyId: key.id, userId: TEACHER });
  const { body: { launch } } = await browser.open(again);
  const { status: called, body: members } = await browser.ask(`${tool.url}/call`, { launch, call: 'getMembers' });
  assert.equal(called, 200, `${JSON.stringify(members)} ${site.reasons()}`);
  assert.equal(members.length, 2);
});

test("not of Instructure's cloud, whose issuer is not its host", async (t) => {
  const { status, body } = await register(t);
  assert.equal(status, 400);
  assert.match(body.error, /OIDC endpoint and issuer in OIDC payload do not match/);
});
