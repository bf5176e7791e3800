// Checked by tsc, never run, with and without a platform's types: in every object that a function takes, a wrong name is an error.
import {
  beginAuthorization, beginLaunch, buildAssertion, cachedToken, Canvas, canvasPlatform, decryptJwe, deepLinkingResponse, encryptedStore, encryptJwe,
  generateKey, inspect, LtiServices, platformStorage, prepareKey, publicJwks, refreshUserToken, register, remoteJwks, requestAccessToken,
  requestServiceToken, requestUserToken, revokeUserToken, signAssertion, signClientAssertion, signJws, signJwt, signJwtSync, thumbprint, verifyJws, verifyJwt,
  verifyJwtSync, verifyLaunch, verifyNotice,
} from 'canvas-lms-tokens';
import { createEmulator, serve } from 'canvas-lms-tokens/emulator';

const url = 'https://canvas.test/';
const secret = 'secret';
const sub = 1;
const key = { secret };
const platform = canvasPlatform({ clientId: 1 });
const platforms = platform;
const redirectUri = url;
const items: [] = [];
const wrong = 1;

export async function refused(canvas: Canvas, services: LtiServices) {
  // Assertions
  // @ts-expect-error
  buildAssertion({ sub, aud: url, wrong });
  // @ts-expect-error
  buildAssertion({ sub, aud: url }, { wrong });
  // @ts-expect-error
  signAssertion({ sub, aud: url, wrong }, secret);
  // @ts-expect-error
  signAssertion({ sub, aud: url }, secret, { wrong });
  // @ts-expect-error
  await requestAccessToken({ url, sub, secret, wrong });
  // @ts-expect-error
  await requestAccessToken({ url, assertion: 'x', wrong });

  // Keys and tokens
  // @ts-expect-error
  await signJwt({}, { secret, wrong });
  // @ts-expect-error
  signJwtSync({}, { secret, wrong });
  // @ts-expect-error
  await signJws('x', { pem: 'x', wrong });
  // @ts-expect-error
  await signJwt({}, key, {}, { wrong });
  // @ts-expect-error
  await signJws('x', key, {}, { wrong });
  // @ts-expect-error
  await signJwt({}, { alg: 'RS256', sign: (bytes) => bytes, wrong });
  // @ts-expect-error
  await verifyJwt('x', key, { wrong });
  // @ts-expect-error
  verifyJwtSync('x', key, { wrong });
  // @ts-expect-error
  await verifyJws('x', key, { wrong });
  // @ts-expect-error
  await encryptJwe('x', { secret, wrong }, {});
  // @ts-expect-error
  await decryptJwe('x', key, { wrong });
  // @ts-expect-error
  await generateKey('RS256', { wrong });
  // @ts-expect-error
  await prepareKey({ kty: 'RSA', wrong });
  // @ts-expect-error
  thumbprint({ kty: 'RSA', wrong });
  // @ts-expect-error
  publicJwks([{ kty: 'RSA', wrong }]);
  // @ts-expect-error
  await inspect('x', { wrong });
  // @ts-expect-error
  await inspect('x', { secret });
  // @ts-expect-error
  await inspect('x', { platform: { ...platform, wrong } });
  // @ts-expect-error
  remoteJwks(url, { wrong });
  // @ts-expect-error
  encryptedStore({ get: () => null, set: () => 1, delete: () => 1, wrong }, secret);

  // LTI 1.3
  // @ts-expect-error
  canvasPlatform({ clientId: 1, wrong });
  // @ts-expect-error
  canvasPlatform({ clientId: 1, baseUrl: url, wrong });
  // @ts-expect-error
  await beginLaunch('', { platforms, redirectUri, secret, wrong });
  // @ts-expect-error
  await beginLaunch('', { platforms: { ...platform, wrong }, redirectUri, secret });
  // @ts-expect-error
  await verifyLaunch('', { platforms, secret, wrong });
  // @ts-expect-error
  await verifyLaunch('', { platforms, secret, stored: { value: null, origin: null, wrong } });
  // @ts-expect-error
  await verifyNotice('', { platforms, wrong });
  // @ts-expect-error
  await deepLinkingResponse({ platform, deploymentId: '1' }, { items, key, wrong });
  // @ts-expect-error
  await signClientAssertion({ ...platform, wrong }, key);
  // @ts-expect-error
  await signClientAssertion(platform, key, { wrong });
  // @ts-expect-error
  await requestServiceToken({ platform, key, scopes: [], wrong });
  // @ts-expect-error
  cachedToken(() => requestAccessToken({ url, sub, secret }), { wrong });
  // @ts-expect-error
  platformStorage({ target: 't', origin: url, wrong });
  // @ts-expect-error
  platformStorage({ target: 't', origin: url }, { wrong });
  const lti = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
  const tool = { client_name: 'n', initiate_login_uri: url, redirect_uris: [url], jwks_uri: url };
  const configuration = { domain: 'd', messages: [], claims: [] };
  // @ts-expect-error
  await register({ openidConfiguration: url, tool: { ...tool, [lti]: configuration }, wrong });
  // @ts-expect-error
  await register({ openidConfiguration: url, tool: { ...tool, 'https://purl.imsglobal.org/spec/lti-tool-configuration': { ...configuration, wrong } } });

  // Tokens of users
  const client = { baseUrl: url, clientId: 1 };
  // @ts-expect-error
  await beginAuthorization({ client, redirectUri, secret, wrong });
  // @ts-expect-error
  await beginAuthorization({ client: { ...client, wrong }, redirectUri, secret });
  // @ts-expect-error
  await requestUserToken('', { client, redirectUri, secret, wrong });
  // @ts-expect-error
  await refreshUserToken({ client, refreshToken: 'r', wrong });
  // @ts-expect-error
  await revokeUserToken({ baseUrl: url, accessToken: 't', wrong });

  // Canvas
  // @ts-expect-error
  new Canvas({ baseUrl: url, wrong });
  // @ts-expect-error
  await canvas.createJwt({ wrong });
  // @ts-expect-error
  await canvas.createJwt({}, { wrong });
  // @ts-expect-error
  await canvas.refreshJwt('x', { wrong });
  // @ts-expect-error
  await canvas.createInstAccessToken({ wrong });
  // @ts-expect-error
  await canvas.toolConsumerProfile({ accountId: 1, wrong });
  // @ts-expect-error
  await canvas.toolConsumerProfile({ accountId: 1 }, 'id', { wrong });
  // @ts-expect-error
  await canvas.registerToolProxy({ accountId: 1 }, {}, { wrong });
  const path = { assignmentId: 1, submissionId: 1 };
  // @ts-expect-error
  await canvas.createOriginalityReport({ assignmentId: 1, submissionId: 1, wrong }, {});
  // @ts-expect-error
  await canvas.createOriginalityReport(path, { wrong });
  // @ts-expect-error
  await canvas.createOriginalityReport(path, { toolSetting: { wrong } });
  // @ts-expect-error
  await canvas.createOriginalityReport(path, {}, { wrong });
  // @ts-expect-error
  await canvas.updateOriginalityReport({ assignmentId: 1, fileId: 1, wrong }, {});
  // @ts-expect-error
  await canvas.updateOriginalityReport({ assignmentId: 1, fileId: 1 }, {}, { wrong });
  // @ts-expect-error
  await canvas.originalityReport({ assignmentId: 1, fileId: 1 }, { wrong });
  const subscription = {
    ContextId: '1', ContextType: 'assignment', EventTypes: ['a'], Format: 'caliper', TransportMetadata: { Url: url }, TransportType: 'sqs',
  } as const;
  // @ts-expect-error
  await canvas.createSubscription({ ...subscription, EventTypes: ['a'], wrong });
  // @ts-expect-error
  await canvas.updateSubscription(1, { ...subscription, EventTypes: ['a'] }, { wrong });
  // @ts-expect-error
  await canvas.subscription(1, { wrong });
  // @ts-expect-error
  await canvas.subscriptions({ wrong });
  // @ts-expect-error
  await canvas.subscriptions({}, { wrong });
  // @ts-expect-error
  await canvas.deleteSubscription(1, { wrong });
  // @ts-expect-error
  await canvas.submission({ ...path, wrong });
  // @ts-expect-error
  await canvas.submission(path, { wrong });
  // @ts-expect-error
  await canvas.submissionHistory(path, { wrong });
  // @ts-expect-error
  await canvas.user(1, { wrong });
  // @ts-expect-error
  await canvas.groupUsers(1, { wrong });

  // Services
  // @ts-expect-error
  new LtiServices({ platform, key, origins: [], wrong });
  // @ts-expect-error
  LtiServices.for({ platform, claims: {} }, { key, wrong });
  // @ts-expect-error
  LtiServices.for({ platform, claims: {} }, { key, scopes: [] });
  // @ts-expect-error
  services.lineItems(url, { wrong });
  // @ts-expect-error
  services.lineItems(url, {}, { wrong });
  // @ts-expect-error
  await services.lineItem(url, { wrong });
  // @ts-expect-error
  await services.createLineItem(url, { label: 'l', scoreMaximum: 1 }, { wrong });
  // @ts-expect-error
  await services.updateLineItem(url, {}, { wrong });
  // @ts-expect-error
  await services.deleteLineItem(url, { wrong });
  // @ts-expect-error
  await services.postScore(url, { userId: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded' }, { wrong });
  // @ts-expect-error
  services.results(url, { wrong });
  // @ts-expect-error
  services.results(url, {}, { wrong });
  // @ts-expect-error
  services.members(url, { wrong });
  // @ts-expect-error
  services.members(url, {}, { wrong });
  // @ts-expect-error
  await services.noticeHandlers(url, { wrong });
  // @ts-expect-error
  await services.setNoticeHandler(url, { type: 't', handler: null, wrong });
  // @ts-expect-error
  await services.setNoticeHandler(url, { type: 't', handler: null }, { wrong });
  // @ts-expect-error
  await services.asset({ url }, { wrong });
  // @ts-expect-error
  await services.postAssetReport(url, { assetId: 'a', type: 't', processingProgress: 'Failed', priority: 1 }, { wrong });

  // The emulator
  // @ts-expect-error
  const emulator = createEmulator({ wrong });
  // @ts-expect-error
  createEmulator({ throttle: { wrong } });
  // @ts-expect-error
  createEmulator({ faults: { wrong } });
  // @ts-expect-error
  createEmulator({ secrets: { wrong } });
  // @ts-expect-error
  createEmulator({ accounts: [{ id: 1, uuid: 'u', name: 'n', wrong }] });
  // @ts-expect-error
  await serve(emulator, { wrong });
  // @ts-expect-error
  await emulator.launch({ developerKeyId: 1, wrong });
  // @ts-expect-error
  await emulator.authorize(url, { wrong });
  // @ts-expect-error
  await emulator.open({ developerKeyId: 1, wrong });
  // @ts-expect-error
  await emulator.consent(url, { wrong });
  // @ts-expect-error
  await emulator.notify('LtiHelloWorldNotice', { wrong });
  // @ts-expect-error
  await emulator.beginRegistration({ wrong });
  // @ts-expect-error
  emulator.platformStorageScript({ wrong });
}
