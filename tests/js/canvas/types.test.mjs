// The published types hold what a consumer writes of Canvas, and what is no Canvas is an error.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rootUrl } from '../node/copies.mjs';

const root = fileURLToPath(rootUrl);
const CONSUMER = `
import { Canvas } from 'canvas-lms-tokens';
import type {
  CanvasId, CanvasJwt, CanvasOptions, CanvasUser, Claims, Id, InstAccessToken, JsonValue, JwtParams, LtiContext, OriginalityReport,
  OriginalityReportParams, RegisteredToolProxy, ReportPath, Submission, Subscription, SubscriptionParams, ToolConsumerProfile,
} from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_Holds extends true>() => undefined;

const options: CanvasOptions = { baseUrl: 'https://canvas.test', fetch: createEmulator().fetch, retries: 0 };
const tokens: CanvasOptions['accessToken'][] = ['x', () => 'x', async () => 'x', undefined];
const id: Id = 90000000000000001n;
const context: LtiContext[] = [{ accountId: id }, { courseId: '1' }];
const submission = { assignmentId: 25, submissionId: id };
const paths: ReportPath[] = [{ ...submission, reportId: '1' }, { assignmentId: 25, fileId: 71 }];
const params: JwtParams = { workflows: ['ui'], contextType: 'Course', contextId: id, canvasAudience: false };
const report: OriginalityReportParams = { fileId: id, originalityScore: 25.2, toolSetting: { resourceUrl: 'u' } };
const subscription: SubscriptionParams = {
  ContextId: '25', ContextType: 'assignment', EventTypes: ['a'], Format: 'caliper', TransportMetadata: { Url: 'u' },
  TransportType: 'sqs',
};

export async function all(canvas: Canvas = new Canvas(options), more = { timeout: 1, signal: new AbortController().signal }) {
  const jwt = await canvas.createJwt(params, more);
  is<Equal<typeof jwt, CanvasJwt>>();
  is<Equal<typeof jwt.claims, Claims | null>>();
  is<Equal<Awaited<ReturnType<typeof canvas.refreshJwt>>, CanvasJwt>>();
  is<Equal<Awaited<ReturnType<typeof canvas.createInstAccessToken>>, InstAccessToken>>();
  is<Equal<Awaited<ReturnType<typeof canvas.groupUsers>>, CanvasUser[]>>();
  is<Equal<Awaited<ReturnType<typeof canvas.deleteSubscription>>, void>>();
  const { subscriptions, endKey } = await canvas.subscriptions({ startKey: 'k' }, more);
  is<Equal<[typeof subscriptions, typeof endKey], [Subscription[], string | null]>>();
  for (const one of context) {
    const profile: ToolConsumerProfile = await canvas.toolConsumerProfile(one, undefined, more);
    is<Equal<typeof profile.service_offered[0]['@id'], string>>();
    const { tool_proxy_guid: guid, tc_half_shared_secret: half = '' }: RegisteredToolProxy =
      await canvas.registerToolProxy(one, { tool_consumer_profile: profile['@id'] });
    console.log(guid.length, half.length);
  }
  for (const path of paths) await canvas.updateOriginalityReport(path, await canvas.originalityReport(path) && report);
  const made: OriginalityReport = await canvas.createOriginalityReport(submission, report, more);
  is<Equal<[typeof made.id, typeof made.originality_score, typeof made.file_id], [CanvasId, number | null, CanvasId | null]>>();
  is<Equal<typeof made.workflow_state, 'pending' | 'error' | 'scored'>>();
  const other: JsonValue | OriginalityReport['tool_setting'] | undefined = made.link;
  await canvas.updateSubscription('s', await canvas.createSubscription(subscription) && subscription, more);
  is<Equal<Awaited<ReturnType<typeof canvas.subscription>>['EventTypes'], string[]>>();
  await canvas.subscription(1n);
  const found: [Submission, CanvasUser] = [await canvas.submission(submission), await canvas.user('3', more)];
  is<Equal<[typeof found[0]['attachments'][0]['content-type'], typeof found[1]['lti_id']], [string | null, string | undefined]>>();
  return [...await canvas.submissionHistory(submission), ...found, tokens, other];
}
`;
const MISTAKES = [
  'new Canvas({})', "new Canvas('https://canvas.test')", "new Canvas({ baseUrl: 'x', accessToken: 5 })",
  'canvas.createJwt({ contextType: 1 })', "canvas.createJwt({ contextType: 'Group' })", 'canvas.createJwt({ workflows: "ui" })',
  'canvas.refreshJwt()', 'canvas.toolConsumerProfile({})',
  'canvas.createOriginalityReport({ assignmentId: 1 }, {})', 'canvas.originalityReport({ assignmentId: 1, submissionId: 2 })',
  'canvas.updateOriginalityReport({ assignmentId: 1, fileId: 2 })', 'canvas.createSubscription({})',
  'canvas.subscriptions({ page: 2 })',
  'canvas.user(1).then(({ nmae }) => nmae.length)', 'canvas.submission({ assignmentId: 1, submissionId: 1 }).then((found) => found.body.length)',
  'canvas.user()', 'canvas.user(null)', "canvas.user(1, { timeout: '5' })", 'canvas.groupUsers(1).length',
];

test('types of Canvas', (t) => {
  // Below the project, so that the package is found as an installed one is.
  mkdirSync(join(root, 'target'), { recursive: true });
  const folder = mkdtempSync(join(root, 'target', 'types-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const wrong = MISTAKES.map((mistake) => `// @ts-expect-error\nvoid (${mistake});`).join('\n');
  writeFileSync(join(folder, 'consumer.mts'), `${CONSUMER}\nexport function wrong(canvas: Canvas) {\n${wrong}\n}\n`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom'], types: [] },
    files: ['consumer.mts'],
  }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});
