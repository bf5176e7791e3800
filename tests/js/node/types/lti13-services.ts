// What a consumer writes with LTI 1.3's services, deep linking and registration; a line after `@ts-expect-error` is a mistake.
import {
  deepLinkingResponse, LtiServices, register, type AssetReport, type ContentItem, type LineItem, type LineItemParams,
  type LtiServicesOptions, type Member, type NoticeHandlers, type Platform, type Result, type Score, type ToolConfiguration,
} from 'canvas-lms-tokens';

declare const platform: Platform;
declare const key: CryptoKey;
const options: LtiServicesOptions = { platform, key, origins: ['https://school.test'], timeout: 5000 };
const services = new LtiServices(options);
const ofLaunch = LtiServices.for({ platform, claims: { x: 1 } }, { key });
// @ts-expect-error
new LtiServices({ platform, key });

async function grade(url: string): Promise<string> {
  const item: LineItemParams = {
    label: 'Quiz', scoreMaximum: 10, 'https://canvas.instructure.com/lti/submission_type': { type: 'none' }, other: [1],
  };
  const made: LineItem = await services.createLineItem(url, item);
  await services.updateLineItem(made.id, { tag: 't' });
  const score: Score = {
    userId: 90000000000000001n, scoreGiven: 1, scoreMaximum: 2, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
    'https://canvas.instructure.com/lti/submission': { new_submission: false, content_items: [{ type: 'file', url }] },
  };
  // @ts-expect-error
  const wrong: Score = { ...score, gradingProgress: 'Done' };
  const { resultUrl } = await services.postScore(made.id, score, { clears: true, retries: 0 });
  // @ts-expect-error
  await services.createLineItem(url, { label: 'Quiz' });
  await services.deleteLineItem(made.id);
  return resultUrl + wrong.userId;
}

async function read(url: string): Promise<unknown[]> {
  const found: (LineItem | Result | Member)[] = [];
  for await (const item of services.lineItems(url, { limit: 10 })) found.push(item);
  for await (const result of services.results(url, { userId: 1 })) found.push(result);
  for await (const member of ofLaunch.members(url, { role: 'Learner' })) found.push(member);
  // @ts-expect-error
  await services.lineItems(url).length;
  const handlers: NoticeHandlers = await services.noticeHandlers(url);
  await services.setNoticeHandler(url, { type: 'LtiHelloWorldNotice', handler: null });
  const { bytes, contentType } = await services.asset({ url, sha256_checksum: 'x' });
  const report: AssetReport = { assetId: 'a', type: 't', processingProgress: 'Processed', priority: 0 };
  await services.postAssetReport(url, report);
  return [found, handlers.notice_handlers[0]?.handler, bytes.length, contentType];
}

async function link(): Promise<string> {
  const items: ContentItem[] = [
    { type: 'ltiResourceLink', lineItem: { scoreMaximum: 1 }, custom: { a: 'b' }, iframe: { width: 800 } },
    { type: 'link', url: 'https://a.test' }, { type: 'html', html: '<p>' }, { type: 'image', url: 'https://a.test', width: 1 },
    { type: 'file', url: 'https://a.test' }, { type: 'ltiAssetProcessor', report: { supportedTypes: ['a'] } },
  ];
  // @ts-expect-error
  const wrong: ContentItem = { type: 'ltiResourceLink', lineItem: { label: 'no maximum' } };
  // @ts-expect-error
  const number: ContentItem = { type: 'ltiResourceLink', custom: { a: 1 } };
  const deepLinking = { returnUrl: 'https://a.test', acceptTypes: ['link'] };
  const { jwt, form } = await deepLinkingResponse({ platform, deploymentId: '1', deepLinking }, { items, key });
  return jwt + form + wrong.type + number.type;
}

async function registered(tool: ToolConfiguration): Promise<string> {
  const { platform, registration } = await register({ openidConfiguration: 'https://school.test', tool });
  // @ts-expect-error
  await register({ tool });
  return `${platform.clientId} ${registration.client_id}`;
}

export const used = [grade, read, link, registered];
