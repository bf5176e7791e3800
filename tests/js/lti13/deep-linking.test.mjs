// Deep linking responses: signed by the tool, as Canvas verifies them, and brought to it by a page that the browser posts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { HOST, launched, openEmulator } from './services.mjs';
import { canvasLaunch, KEY, PLATFORM } from './tool.mjs';
import { copies, rejects } from '../node/copies.mjs';

const RETURN_URL = 'https://school.test/courses/1/deep_linking_response?data=a.b.c&placement=link_selection';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const LTI = 'https://purl.imsglobal.org/spec/lti/claim/';
const launch = (changes) => canvasLaunch({
  deepLinking: { returnUrl: RETURN_URL, acceptTypes: ['ltiResourceLink', 'link'], acceptMultiple: true, ...changes },
});
const link = { type: 'ltiResourceLink', url: 'https://tool.test/quiz', custom: { quiz: '7' }, lineItem: { scoreMaximum: 10 } };

for (const [how, { deepLinkingResponse, inspect, prepareKey }] of Object.entries(copies)) {
  test(`${how}: the response is what Canvas verifies`, async () => {
    const { jwt } = await deepLinkingResponse(launch(), { items: [link], key: KEY.privateKey, message: 'Done', log: 'one item' });
    const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet({ keys: [KEY.publicKey] }), {
      issuer: PLATFORM.clientId, audience: PLATFORM.issuer, maxTokenAge: 300, requiredClaims: ['exp', 'iat', 'nonce'],
    });
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: KEY.publicKey.kid });
    assert.equal(payload.exp - payload.iat, 300);
    assert.ok(payload.nonce.length >= 22);
    assert.deepEqual(payload[`${DL}content_items`], [link]);
    assert.deepEqual([payload[`${DL}msg`], payload[`${DL}log`], payload[`${LTI}deployment_id`]], ['Done', 'one item', '1:a']);
    assert.equal(`${DL}data` in payload, false);
    const report = await inspect(jwt, { key: KEY.publicKey });
    assert.deepEqual([report.kind, report.outcome], ['lti13-deep-linking-response', 'valid'], report.summary);
  });

  test(`${how}: no two nonces are the same, and the request's data comes back`, async () => {
    const key = await prepareKey(KEY.privateKey);
    const nonces = new Set();
    for (let i = 0; i < 20; i += 1) {
      const { jwt } = await deepLinkingResponse(launch({ data: 'opaque é' }), { items: [], key });
      const claims = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
      nonces.add(claims.nonce);
      assert.equal(claims[`${DL}data`], 'opaque é');
    }
    assert.equal(nonces.size, 20);
  });

  test(`${how}: now and lifetime`, async () => {
    const { jwt } = await deepLinkingResponse(launch(), { items: [], key: KEY.privateKey, now: 1000, lifetime: 60 });
    const { iat, exp } = JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
    assert.deepEqual([iat, exp], [1000, 1060]);
  });

  test(`${how}: the form posts the token to the return URL`, async () => {
    const { jwt, form } = await deepLinkingResponse(launch(), { items: [link], key: KEY.privateKey, scriptNonce: 'bm9uY2U=' });
    assert.match(form, /^<!doctype html>/);
    assert.ok(form.includes(`action="${RETURN_URL.replaceAll('&', '&amp;')}"`), form);
    assert.ok(form.includes(`name="JWT" value="${jwt}"`));
    assert.match(form, /<script nonce="bm9uY2U=">/);
    assert.match(form, /<button>/);
  });

  const wrong = [
    [{ items: [{ ...link, lineItem: { label: 'Quiz' } }] }, 'items[0].lineItem.scoreMaximum'],
    [{ items: [link, { type: 'html', html: 'x' }] }, 'items[1].type'],
    [{ items: [{ ...link, custom: { quiz: 7 } }] }, 'items[0].custom.quiz'],
    [{ items: [{ ...link, at: new Date() }] }, 'items[0].at'],
    [{ items: ['https://tool.test'] }, 'items[0]'],
    [{ items: link }, 'options.items'],
    [{}, 'options.items'],
    [{ items: [], lifetime: 0 }, 'options.lifetime'],
    [{ items: [], message: 5 }, 'options.message'],
    [{ items: [], scriptNonce: '"' }, 'options.scriptNonce'],
    [{ items: [], key: undefined }, 'options.key'],
    [{ items: [], key: { keys: [KEY.privateKey] } }, 'options.key'],
  ];
  for (const [options, at] of wrong) {
    test(`${how}: refused at ${at}: ${JSON.stringify(options).slice(0, 60)}`, async () => {
      await rejects(() => deepLinkingResponse(launch(), { key: KEY.privateKey, ...options }), 'ERR_ARGUMENT', at);
    });
  }

  test(`${how}: what is wrong with the launch`, async () => {
    const options = { items: [], key: KEY.privateKey };
    await rejects(() => deepLinkingResponse(canvasLaunch(), options), 'ERR_ARGUMENT', 'launch.deepLinking');
    await rejects(() => deepLinkingResponse(launch({ returnUrl: '/x' }), options), 'ERR_ARGUMENT', 'launch.deepLinking.returnUrl');
    await rejects(() => deepLinkingResponse({ ...launch(), platform: undefined }, options), 'ERR_ARGUMENT', 'launch.platform');
    const one = launch({ acceptMultiple: false });
    await rejects(() => deepLinkingResponse(one, { ...options, items: [link, link] }), 'ERR_ARGUMENT', 'items');
    const elsewhere = { ...launch(), placement: 'editor_button' };
    await rejects(() => deepLinkingResponse(elsewhere, { ...options, items: [link] }), 'ERR_ARGUMENT', 'items[0].lineItem');
    assert.ok(await deepLinkingResponse({ ...launch(), placement: null }, { ...options, items: [link] }));
  });

  test(`${how}: RS256 and nothing else`, async () => {
    const { generateKey } = copies[how];
    const { privateKey } = await generateKey('ES256');
    await rejects(() => deepLinkingResponse(launch(), { items: [], key: privateKey }), 'ERR_JOSE_ALG_NOT_ALLOWED');
    await rejects(() => deepLinkingResponse(launch(), { items: [], key: { secret: 's'.repeat(32) } }), 'ERR_JOSE_ALG_NOT_ALLOWED');
    await rejects(() => deepLinkingResponse(launch(), { items: [], key: KEY.publicKey }), 'ERR_ARGUMENT');
  });
}

test('the emulator takes it as Canvas does: what the form posts becomes a link', async () => {
  const { deepLinkingResponse } = copies.import;
  const emulator = openEmulator();
  const opened = await launched(emulator, { messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' });
  const settings = opened.claims[`${DL}deep_linking_settings`];
  const deepLinking = {
    returnUrl: settings.deep_link_return_url, acceptTypes: settings.accept_types, acceptMultiple: settings.accept_multiple,
  };
  const about = { ...opened, placement: opened.claims['https://www.instructure.com/placement'], deepLinking };
  const { jwt, form } = await deepLinkingResponse(about, { items: [link], key: KEY.privateKey, message: 'Done' });
  const action = /action="([^"]*)"/.exec(form)[1].replaceAll('&amp;', '&');
  const posted = await emulator.fetch(action, {
    method: 'POST', body: new URLSearchParams({ JWT: jwt }),
    headers: { cookie: 'canvas_session=session-of-tom', 'user-agent': 'Mozilla/5.0' },
  });
  assert.equal(posted.status, 200, emulator.refusals.at(-1)?.reason);
  const [response] = [...emulator.records.deepLinkingResponses.values()].slice(-1);
  assert.deepEqual([response.msg, response.contentItems[0].url], ['Done', link.url]);
  assert.ok(action.startsWith(HOST));
});
