// The program that every environment runs: what people do with the package, one named check each.
import { platformStorage } from 'canvas-lms-tokens/platform-storage';
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';
import vectors from './vectors.mjs';

const endpoint = 'https://school.example/api/lti/accounts/1/authorize';
const tool = { sub: '123123-ad13-ac233', secret: 'secret' };
const fromText = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);

const CHECKS = {
  sign({ signAssertion, verifyJwtSync }) {
    const assertion = signAssertion({ sub: tool.sub, aud: endpoint }, fromText(tool.secret));
    same(verifyJwtSync(assertion, { secret: tool.secret }, { audience: endpoint }).claims.sub, tool.sub);
  },
  decode({ decode, wrap }) {
    const { layers, claims } = decode(wrap('eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ.c2lnbmF0dXJl'));
    same(layers.map(({ type }) => type), ['base64', 'jws']);
    same(claims.sub, 90000000000000001n);
  },
  async 'verify RS256'({ verifyJws }) {
    const { token, key, payload } = vectors['rfc7515-a2'];
    same(text((await verifyJws(token, key)).payload), payload);
  },
  async 'sign and verify ES256'({ generateKey, signJwt, verifyJwt }) {
    const { privateKey, publicKey } = await generateKey('ES256');
    same((await verifyJwt(await signJwt({ iss: 'Canvas' }, privateKey), publicKey)).claims, { iss: 'Canvas' });
  },
  async 'decrypt dir'({ decryptJwe }) {
    const { token, key, plaintext } = vectors['rfc7520-5.6'];
    same(text((await decryptJwe(token, key)).plaintext), plaintext);
  },
  async refuse({ isTokenError, verifyJws }) {
    const { token, key } = vectors['rfc7515-a2'];
    const error = await verifyJws(`${token.slice(0, -4)}AAAA`, key).catch((reason) => reason);
    same([isTokenError(error), error instanceof Error, error.code], [true, true, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED']);
  },
  async inspect({ inspect, signAssertion }) {
    const assertion = signAssertion({ sub: tool.sub, aud: endpoint }, tool.secret);
    const report = await inspect(assertion, { key: { secret: tool.secret }, as: 'lti2-assertion', endpoint });
    same([report.kind, report.outcome], ['lti2-assertion', 'valid']);
  },
  async 'call the emulator'({ requestAccessToken }, { createEmulator }) {
    const { tokenType, claims } = await requestAccessToken({ url: endpoint, ...tool, fetch: createEmulator().fetch });
    same([tokenType, claims.iss], ['bearer', 'Canvas']);
  },
  async 'LTI 1.3: login, launch, a score'({ beginLaunch, canvasPlatform, generateKey, LtiServices, verifyLaunch }, { createEmulator }) {
    const { privateKey: key, publicKey: publicJwk } = await generateKey('RS256');
    const redirectUri = 'https://tool.example/launch';
    const scopes = ['lineitem', 'score'].map((name) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`);
    const developerKey = { id: 10000000000042, publicJwk, redirectUris: [redirectUri], oidcInitiationUrl: redirectUri, targetLinkUri: redirectUri, scopes };
    const canvas = createEmulator({ developerKeys: [developerKey] });
    const [platforms, secret] = [canvasPlatform({ clientId: '10000000000042' }), 'a secret of thirty-two bytes, or more'];
    const begun = await canvas.launch({ developerKeyId: 10000000000042, userId: 3, courseId: 1 });
    const login = await beginLaunch(begun.form, { platforms, redirectUri, secret });
    const { form } = await canvas.authorize(login.url, { cookie: begun.cookie });
    const cookie = login.cookie.split(';')[0];
    const launch = await verifyLaunch(form, { platforms, secret, cookie, fetch: canvas.fetch });
    same([launch.messageType, launch.isLearner], ['LtiResourceLinkRequest', true]);
    const services = LtiServices.for(launch, { key, fetch: canvas.fetch });
    const item = await services.createLineItem(launch.lineItems.url, { label: 'Essay', scoreMaximum: 10 });
    const score = { userId: launch.user.id, scoreGiven: 9, scoreMaximum: 10, activityProgress: 'Completed', gradingProgress: 'FullyGraded' };
    same(typeof (await services.postScore(item.id, score)).resultUrl, 'string');
  },
  async 'LTI 1.3: a tool in one handler'({ canvasPlatform, generateKey }, { createEmulator }) {
    const { privateKey, publicKey: publicJwk } = await generateKey('RS256');
    const at = (path) => `https://tool.example/lti/${path}`;
    const developerKey = { id: 10000000000042, publicJwk, redirectUris: [at('launch')], oidcInitiationUrl: at('login'), targetLinkUri: at('launch') };
    const canvas = createEmulator({ developerKeys: [developerKey] });
    const handler = createTool({
      platforms: canvasPlatform({ clientId: '10000000000042' }), keys: [privateKey], secret: 'a secret of thirty-two bytes, or more',
      store: memoryStore(), fetch: canvas.fetch, onLaunch: ({ user }) => new Response(user.name),
    });
    // As text: in jsdom the parameters are of another realm than the request.
    const type = 'application/x-www-form-urlencoded';
    const post = (path, form, cookie = '') => handler.fetch(new Request(at(path), {
      method: 'POST', body: String(new URLSearchParams(form)), headers: { cookie, 'content-type': type },
    }));
    const begun = await canvas.launch({ developerKeyId: 10000000000042, userId: 3, courseId: 1 });
    const login = await post('login', begun.form);
    const { url, storage } = JSON.parse(/id="lti">(.*)<\/script>/.exec(await login.text())[1]);
    const { form } = await canvas.authorize(url, { cookie: begun.cookie });
    // A page sends no cookies of its own making: there it is as where they are blocked.
    const launched = await post('launch', form, (login.headers.get('set-cookie') ?? '').split(';')[0]);
    const text = await launched.text();
    if (text !== 'Sue Student') same(JSON.parse(/id="lti">(.*)<\/script>/.exec(text)[1]).storage.key, storage.key);
  },
  async 'no platform is beside this program'({ isTokenError }) {
    const storage = platformStorage({ target: 'post_message_forwarding', origin: 'https://school.example' });
    const error = await storage.get('key').catch((reason) => reason);
    same([isTokenError(error), error instanceof Error, error.code], [true, true, 'ERR_LTI_STORAGE']);
  },
};

export const names = Object.keys(CHECKS);

/** Runs all of it on what the package's two entries export; the answer can be sent as JSON. */
export async function check(tokens, emulator) {
  const results = [];
  for (const [name, run] of Object.entries(CHECKS)) {
    try {
      await run(tokens, emulator);
      results.push({ name, outcome: 'ok' });
    } catch (error) {
      results.push({ name, outcome: String(error?.stack ?? error) });
    }
  }
  const exported = Object.keys(tokens).filter((name) => name !== 'default' && name !== '__esModule').sort();
  return { runtime: globalThis.navigator?.userAgent ?? 'Node.js', exported, results };
}

function same(actual, expected) {
  const [a, b] = [actual, expected].map((value) =>
    JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)));
  if (a !== b) throw new Error(`${a} is not ${b}`);
}
