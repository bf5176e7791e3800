// Deep linking: what a teacher picks goes back to Canvas, by the page that the browser posts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'canvas-lms-tokens';
import { ORIGIN, TEACHER, launch, makeWorld } from './world.mjs';

test('deep linking: the items go back by the form that the browser posts', async () => {
  const world = makeWorld({
    onDeepLinking: (given, { deepLink }) => deepLink(
      [{ type: 'ltiResourceLink', url: `${ORIGIN}/essay`, title: 'Essay' }],
      { message: 'one was picked', log: 'picked', errorMessage: 'another is gone', errorLog: 'gone', moduleName: 'Essays' },
    ),
  });
  const response = await launch(world, { userId: TEACHER, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' });
  const page = await response.text();
  const [, nonce] = /script-src 'nonce-([^']+)'/.exec(response.headers.get('content-security-policy'));
  assert.ok(page.includes(`<script nonce="${nonce}">`));
  const { claims } = decode(/name="JWT" value="([^"]+)"/.exec(page)[1]);
  assert.equal(claims['https://purl.imsglobal.org/spec/lti-dl/claim/content_items'][0].title, 'Essay');
  const said = ['msg', 'log', 'errormsg', 'errorlog'].map((name) => claims[`https://purl.imsglobal.org/spec/lti-dl/claim/${name}`]);
  assert.deepEqual(said, ['one was picked', 'picked', 'another is gone', 'gone']);
  assert.equal(claims['https://canvas.instructure.com/lti/module_name'], 'Essays');
  assert.equal(world.launched.length, 0);
});

test('deep linking: what else is said is of its kind, by its own name', async () => {
  for (const [how, at] of [[{ mesage: 'x' }, 'options.mesage'], [{ log: 5 }, 'options.log'], [{ replaceEditorContents: 'yes' }, 'options.replaceEditorContents']]) {
    const heard = [];
    const world = makeWorld({ onDeepLinking: (given, { deepLink }) => deepLink([], how), onError: (error) => { heard.push(error); } });
    await launch(world, { userId: TEACHER, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' });
    assert.deepEqual(heard.map(({ code, at: where }) => [code, where]), [['ERR_ARGUMENT', at]]);
  }
});

test('a deep linking request without a handler for it is an error that says so', async () => {
  const response = await launch(makeWorld(), { userId: TEACHER, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /ERR_LTI_MESSAGE_INVALID: a deep linking request, and the tool has no onDeepLinking/);
});
