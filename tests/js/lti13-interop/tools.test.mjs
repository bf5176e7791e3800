// The two tools that others have made, launched by a platform made with jose: so that what they refuse elsewhere is known
// to be the platform's fault.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKeyPair } from 'jose';
import { serve } from '../../../scripts/serve.mjs';
import { Browser } from './browser.mjs';
import { DEPLOYMENT, makePlatform } from './jose-platform.mjs';
import { startLtiTool } from './lti-tool.mjs';
import { startPyLti } from './pylti1p3.mjs';

const stranger = (await generateKeyPair('RS256')).privateKey;
let server, lms;
before(async () => {
  server = await serve({ handler: () => Response.json(lms.jwks) });
  lms = await makePlatform({ baseUrl: server.url });
});
after(() => server?.close());

for (const [name, start] of [['PyLTI1p3', startPyLti], ['@lti-tool/core', startLtiTool]]) {
  test(name, async (t) => {
    const tool = await start();
    t.after(() => tool.close());
    const launch = async (changes) => {
      const browser = new Browser();
      await browser.ask(`${tool.url}/platform`, { ...lms.platform, deployments: [DEPLOYMENT] });
      const login = await browser.request(`${tool.url}/login`, { method: 'POST', body: new URLSearchParams(lms.login()) });
      assert.equal(login.status, 302, await login.text());
      const url = new URL(login.headers.get('location'));
      assert.equal(url.origin + url.pathname, lms.platform.authorizationEndpoint);
      const state = url.searchParams.get('state');
      const id_token = await lms.idToken(url.searchParams.get('nonce'), changes);
      return browser.open({ url: `${tool.url}/launch`, form: { id_token, state } });
    };

    await t.test('a good launch', async () => {
      const { status, body } = await launch();
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.claims.name, 'Ada Lovelace');
    });
    for (const [fault, changes, why] of [
      ['another key', { key: stranger }, /signature verification failed/i],
      ['another nonce', { nonce: 'x' }, /nonce/i],
      ['an unknown deployment', { 'https://purl.imsglobal.org/spec/lti/claim/deployment_id': '8:x' },
        /Unable to find deployment|No valid launch config/],
      ['another client', { aud: '170000000000043' }, /not found in settings|No valid launch config/],
      ['too late', { at: Math.floor(Date.now() / 1000) - 3661 }, /expired|"exp" claim/],
    ]) {
      await t.test(`refused: ${fault}`, async () => {
        const { status, body } = await launch(changes);
        assert.equal(status, 400);
        assert.match(body.error, why);
      });
    }
  });
}
