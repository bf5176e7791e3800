// A tool whose private key lives elsewhere: Canvas finds its public half at the tool's own URL, and takes what the key signs.
import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { test } from 'node:test';
import { decode, thumbprint } from 'canvas-lms-tokens';
import { KEY, ORIGIN, TEACHER, html, launch, makeWorld } from './world.mjs';

const inKms = createPrivateKey({ key: KEY.privateKey, format: 'jwk' });
const { kid, ...publicKey } = KEY.publicKey;

/** A key in a KMS, and how often it was asked. */
function kms(changes = {}) {
  const key = { alg: 'RS256', publicKey, async sign(bytes) { key.count.signed += 1; return sign('sha256', bytes, inKms); }, ...changes };
  return Object.defineProperty(key, 'count', { value: { signed: 0 } });
}

test('its public half is published under its thumbprint, and services are granted tokens by it', async () => {
  const key = kms();
  let scored;
  const world = makeWorld({
    keys: [key],
    async onLaunch(launch, { services }) {
      const item = await services.createLineItem(launch.lineItems.url, { label: 'Essay', scoreMaximum: 10 });
      scored = await services.postScore(item.id, {
        userId: launch.user.id, scoreGiven: 9, scoreMaximum: 10, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
      });
      return html('scored');
    },
  });
  const { keys: [published, ...others] } = await (await world.tool.fetch(new Request(`${ORIGIN}/lti/jwks`))).json();
  assert.deepEqual([published.kid, published.n, published.use, others.length], [thumbprint(publicKey), publicKey.n, 'sig', 0]);
  assert.match(await (await launch(world)).text(), /scored/);
  assert.match(scored.resultUrl, /^https:/);
  assert.deepEqual([...world.canvas.records.results.values()].map(({ resultScore }) => resultScore), [9]);
  // One token serves both.
  assert.equal(key.count.signed, 1);
});

test('deep linking is answered with what it signs, within the time of the tool', async () => {
  const onDeepLinking = (given, { deepLink }) => deepLink([{ type: 'ltiResourceLink', url: `${ORIGIN}/essay`, title: 'Essay' }]);
  const request = { userId: TEACHER, messageType: 'LtiDeepLinkingRequest', placement: 'link_selection' };
  const page = await (await launch(makeWorld({ keys: [kms({ kid: 'kms-1' })], onDeepLinking }), request)).text();
  assert.equal(decode(/name="JWT" value="([^"]+)"/.exec(page)[1]).header.kid, 'kms-1');

  const errors = [];
  const hanging = makeWorld({
    keys: [kms({ sign: () => new Promise(() => {}) })], onDeepLinking, timeout: 50,
    onError: (error) => { errors.push([error.code, error.at]); return html('later'); },
  });
  assert.match(await (await launch(hanging, request)).text(), /later/);
  assert.deepEqual(errors, [['ERR_TIMEOUT', 'options.key.sign']]);
});

test('a key without its public half is told', () => {
  assert.throws(() => makeWorld({ keys: [kms({ publicKey: undefined })] }), {
    code: 'ERR_ARGUMENT', message: 'keys[0]: its public half is not known here, expected a JWK, or a publicKey beside sign',
  });
});
