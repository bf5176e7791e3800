// A wrong parameter or option is ERR_ARGUMENT, says where, and nothing is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Canvas } from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { refuses, rejects, tokenError } from '../node/copies.mjs';
import { BY_ID, CALLS, run, SUBMISSION, subscription, titleOf } from './calls.mjs';
import { HOST, USER_TOKEN } from './site.mjs';

const BAD_GETTER = { get contextId() { throw new RangeError('no'); } };
const circular = {};
circular.self = circular;
const deep = (depth) => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));
const context = 'context';
const accountId = 1;

const PARAMETERS = [
  // [call, arguments, where, what the message says]
  ['createJwt', [null], 'params', /null, expected an object/],
  ['createJwt', [[]], 'params', /an array/],
  ['createJwt', ['Course'], 'params', /a string/],
  ['createJwt', [{ contextId: 1, contextUuid: 'u' }], 'params.contextUuid', /one of them/],
  ['createJwt', [{ contextType: 'Course', contextId: '', contextUuid: 'u' }], 'params.contextId', /empty/],
  ['createJwt', [{ contextType: 'Group' }], 'params.contextType', /Course, User or Account/],
  ['createJwt', [{ contextType: ' Course' }], 'params.contextType', /unknown/],
  ['createJwt', [{ contextType: '' }], 'params.contextType', /unknown/],
  ['createJwt', [{ contextType: 5 }], 'params.contextType', /a number, expected a string/],
  ['createJwt', [{ contextUuid: ' ' }], 'params.contextUuid', /empty/],
  ['createJwt', [{ contextUuid: 5 }], 'params.contextUuid', /a number/],
  ['createJwt', [{ contextId: {} }], 'params.contextId', /an object, expected a string, number or bigint/],
  ['createJwt', [{ contextId: 2 ** 53 }], 'params.contextId', /lost digits/],
  ['createJwt', [BAD_GETTER], 'params.contextId', /reading it failed/],
  ['createJwt', [{ workflows: 'ui' }], 'params.workflows', /a string, expected an array of strings/],
  ['createJwt', [{ workflows: [5] }], 'params.workflows', /a number/],
  ['createJwt', [{ workflows: ['\ud800'] }], 'params.workflows', /lone surrogate/],
  ['createJwt', [{ canvasAudience: 'false' }], 'params.canvasAudience', /a string, expected a boolean/],
  ['createJwt', [{ canvasAudience: null }], 'params.canvasAudience', /null/],
  ...[undefined, null, 5, {}, ['x'], '', ' \n'].map((jwt) => ['refreshJwt', [jwt], 'jwt', /expected a/]),
  ...[undefined, null, 1, '1', [], {}, { accountId: 1, courseId: 1 }].flatMap((value) => [
    ['toolConsumerProfile', [value, undefined], context, /expected/],
    ['registerToolProxy', [value, {}], context, /expected/],
  ]),
  ...[['toolConsumerProfile', undefined], ['registerToolProxy', {}]].map(([name, value]) =>
    [name, [{ accountID: 1 }, value], 'context.accountID', /unknown, expected perhaps accountId/]),
  ['toolConsumerProfile', [{ accountId: null }, undefined], 'context.accountId', /null/],
  ['toolConsumerProfile', [{ courseId: -1 }, undefined], 'context.courseId', /negative/],
  ['toolConsumerProfile', [{ accountId }, null], 'profileId', /null/],
  ['toolConsumerProfile', [{ accountId }, ''], 'profileId', /empty/],
  ...[undefined, null, [], '{}', 5].map((proxy) =>
    ['registerToolProxy', [{ accountId }, proxy], 'toolProxy', /expected an object/]),
  ['registerToolProxy', [{ accountId }, new Map()], 'toolProxy', /plain objects/],
  ['registerToolProxy', [{ accountId }, { a: { b: [() => {}] } }], 'toolProxy.a.b', /what JSON has/],
  ['registerToolProxy', [{ accountId }, { a: NaN }], 'toolProxy.a', /not finite/],
  ['registerToolProxy', [{ accountId }, circular], undefined, /too deep/],
  ['registerToolProxy', [{ accountId }, deep(100)], undefined, /too deep/],
  ...[undefined, null, [], '25', { submissionId: 6 }, { assignmentId: 25 }].flatMap((path) => [
    ['createOriginalityReport', [path, {}], undefined, /^path/], ['submission', [path], undefined, /^path/],
    ['submissionHistory', [path], undefined, /^path/], ['originalityReport', [path], undefined, /^path/],
    ['updateOriginalityReport', [path, {}], undefined, /^path/],
  ]),
  ['originalityReport', [SUBMISSION], 'path', /either fileId, or submissionId and reportId/],
  ['originalityReport', [{ ...BY_ID, fileId: 71 }], 'path', /either/],
  ['originalityReport', [{ assignmentId: 25, fileId: 71, reportId: 1 }], 'path', /either/],
  ...['createOriginalityReport', 'updateOriginalityReport'].flatMap((name) => [
    [undefined, 'report'], [null, 'report'], [[], 'report'], ['x', 'report'],
    ...[-0.1, 100.1, 101, NaN, Infinity, -Infinity, '50', 50n, null, true].map((score) =>
      [{ originalityScore: score }, 'report.originalityScore']),
    ...['done', '', 'Scored', 5, null].map((state) => [{ workflowState: state }, 'report.workflowState']),
    ...['', -1, 1.5, null, {}].flatMap((id) => [
      [{ fileId: id }, 'report.fileId'], [{ originalityReportFileId: id }, 'report.originalityReportFileId'],
    ]),
    ...[0, -1, 1.5, '1', 1n, NaN].map((attempt) => [{ attempt }, 'report.attempt']),
    ...[5, null, {}].flatMap((text) => [
      [{ errorMessage: text }, 'report.errorMessage'], [{ originalityReportUrl: text }, 'report.originalityReportUrl'],
    ]),
    ...[null, 'x', []].map((setting) => [{ toolSetting: setting }, 'report.toolSetting']),
    [{ toolSetting: { resourceUrl: 5 } }, 'report.toolSetting.resourceUrl'],
    [{ toolSetting: { resourceTypeCode: null } }, 'report.toolSetting.resourceTypeCode'],
  ].map(([report, at]) => [name, [name === 'createOriginalityReport' ? SUBMISSION : BY_ID, report], at, /^report/])),
  ['createOriginalityReport', [BY_ID, {}], 'path.reportId', /unknown, expected assignmentId or submissionId/],
  ...[['createSubscription', []], ['updateSubscription', ['s1']]].flatMap(([name, before]) => [
    ...[undefined, null, [], 'x'].map((value) => [name, [...before, value], 'subscription', /expected/]),
    ...[
      ['ContextId', [undefined, '', 25, null]], ['ContextType', [undefined, '', 5]],
      ['EventTypes', [undefined, [], 'submission_created', [5], {}]], ['Format', [undefined, '', 'live_event', 'CALIPER', 5]],
      ['TransportType', [undefined, 'http', 'SQS']],
      ['TransportMetadata', [undefined, {}, { Url: '' }, { Url: 5 }, 'x']],
    ].flatMap(([member, values]) =>
      values.map((value) => [name, [...before, subscription({ [member]: value })], `subscription.${member}`, /expected/])),
  ]),
  ['createSubscription', [subscription({ TransportMetadata: { url: 'x' } })], 'subscription.TransportMetadata.url', /perhaps Url/],
  ...[null, 'x', []].map((page) => ['subscriptions', [page], 'page', /expected an object/]),
  ...['', 5, null, 'a b', 'a\r\nb', 'é'].map((startKey) => ['subscriptions', [{ startKey }], 'page.startKey', /expected/]),
  ...['subscription', 'deleteSubscription', 'user'].flatMap((name) =>
    [undefined, null, '', {}].map((id) => [name, [id], 'id', /expected/])),
  ['groupUsers', [undefined], 'groupId', /absent/],
];

for (const [name, args, at, words] of PARAMETERS) {
  test(`${name}(${show(args)}) is refused`, async () => {
    const { canvas, emulator } = quiet();
    const error = await rejects(() => canvas[name](...args), 'ERR_ARGUMENT', at);
    assert.match(error.message, words);
    assert.match(error.message, /^[a-z]\w*(\.\w+)*: .*[^.\s]$/i);
    assert.ok(error.message.startsWith(`${error.at}: `), error.message);
    assert.equal(emulator.requests.length, 0);
  });
}

function quiet(options = {}) {
  const emulator = createEmulator({ throttle: false });
  const { fetch } = emulator;
  return { emulator, canvas: new Canvas({ baseUrl: HOST, accessToken: USER_TOKEN, fetch, ...options }) };
}

function show(args) {
  try {
    return JSON.stringify(args, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)).slice(0, 80);
  } catch {
    return '…';
  }
}

const OPTIONS = {
  fetch: ['x', null, {}],
  signal: [null, {}, 'x', new EventTarget()],
  timeout: [0, -1, NaN, Infinity, 2 ** 31, '10', null, 10n],
  retries: [-1, 1.5, NaN, Infinity, 2 ** 32, '1', null],
  userAgent: ['', ' ', 'a\nb', 'a\r\nX-Evil: 1', 'é', 5, null],
};
const TOKENS = ['', ' ', 'x y', 'x\ny', 'é', '\0', 5, null, {}, ['x'], '\ud800', Symbol('x')];

test('an option is refused by the class', () => {
  for (const [name, values] of Object.entries(OPTIONS)) {
    for (const value of values) refuses(() => quiet({ [name]: value }), 'ERR_ARGUMENT', `options.${name}`);
  }
  for (const accessToken of TOKENS) refuses(() => quiet({ accessToken }), 'ERR_ARGUMENT', 'options.accessToken');
  for (const options of [undefined, null, 'https://canvas.test', [], 5, () => {}]) {
    refuses(() => new Canvas(options), 'ERR_ARGUMENT', 'options');
  }
  assert.match(refuses(() => quiet({ accessToken: 5 })).message, /a number, expected a string or a function$/);
});

for (const call of CALLS) {
  test(`${titleOf(call)}: an option of one call is refused`, async () => {
    const { canvas, emulator } = quiet();
    for (const [name, values] of Object.entries(OPTIONS)) {
      for (const value of values) {
        await rejects(() => run(canvas, call, { [name]: value }), 'ERR_ARGUMENT', `options.${name}`);
      }
    }
    for (const options of [null, 'x', [], 5, true]) {
      await rejects(() => run(canvas, call, options), 'ERR_ARGUMENT', 'options');
    }
    assert.equal(emulator.requests.length, 0);
  });
}

test('a token that a function gives is refused as well', async () => {
  for (const token of [...TOKENS, undefined]) {
    for (const accessToken of [() => token, async () => token]) {
      const { canvas, emulator } = quiet({ accessToken });
      const error = await rejects(() => canvas.createJwt(), 'ERR_ARGUMENT', 'options.accessToken');
      assert.ok(typeof token !== 'string' || token.trim() === '' || !error.message.includes(token));
      assert.equal(emulator.requests.length, 0);
    }
  }
});

test('a parameter is refused by a promise, never by a throw', () => {
  const { canvas } = quiet();
  for (const { name } of CALLS) {
    const refused = canvas[name](null, null, null, null);
    assert.ok(refused instanceof Promise);
    refused.catch((error) => tokenError(error, 'ERR_ARGUMENT'));
  }
});

test('what the boundaries are', async () => {
  const { canvas, emulator } = quiet();
  for (const originalityScore of [0, -0, 0.1, 99.999, 100]) {
    await rejects(() => canvas.createOriginalityReport(SUBMISSION, { originalityScore }), 'ERR_UNAUTHENTICATED');
    assert.equal(JSON.parse(emulator.requests.at(-1).body).originality_report.originality_score, originalityScore + 0);
  }
  for (const contextType of ['course', 'USER', 'aCCount']) await canvas.createJwt({ contextType });
  const most = [{ timeout: 2 ** 31 - 1 }, { retries: 0 }, { retries: 2 ** 32 - 1 }, { userAgent: 'a/1 (b; c)' }];
  for (const options of [...most, {}, undefined]) assert.ok(await canvas.createJwt(undefined, options));
});
