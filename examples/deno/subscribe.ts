// Tells Canvas where notices go: deno task subscribe URL, where URL is `notices.url` of a launch.
import { LtiServices } from 'canvas-lms-tokens';
import { key, platform, toolUrl } from './settings.ts';

const [url] = Deno.args;
const services = new LtiServices({ platform, key, origins: [new URL(url).origin] });
for (const type of ['LtiHelloWorldNotice', 'LtiAssetProcessorSubmissionNotice']) {
  await services.setNoticeHandler(url, { type, handler: `${toolUrl}/notices` });
}
const { notice_handlers } = await services.noticeHandlers(url);
for (const { notice_type, handler } of notice_handlers) console.log(`${notice_type}: ${handler || 'not wanted'}`);
