// Notice handlers: where a tool wants to hear of what happens, one address for each type of notice.

import { json } from '../answers.js';
import { isBlank, textOf } from '../params.js';
import { deploymentId, homeOf } from './installations.js';
import { NOTICE_SCOPE, NOTICE_TYPES } from './names.js';
import { handlerKey, sendHello } from './notices.js';
import { refuse, refuseMissing } from './service_answers.js';
import { allOf, requireKey, requireUsable } from './service_token.js';
import { matchesTool } from './tool_hosts.js';

const LEAST_BATCH = 10;
const NOT_URL = 'handler must be a valid URL or an empty string';

/** GET /api/lti/notice-handlers/:toolId */
export async function listHandlers(canvas, call) {
  const { key, tool } = await requireOwnTool(canvas, call);
  const handlers = handlersOf(canvas, tool);
  const others = NOTICE_TYPES.filter((type) => !handlers.some(({ notice_type }) => notice_type === type));
  return json(200, {
    client_id: canvas.globalId(key.id),
    deployment_id: deploymentId(canvas, tool),
    notice_handlers: [...handlers, ...others.map((type) => document({ noticeType: type, handler: '' }))],
  });
}

/** PUT /api/lti/notice-handlers/:toolId. Canvas greets whoever subscribes to LtiHelloWorldNotice. */
export async function updateHandler(canvas, call) {
  const { tool } = await requireOwnTool(canvas, call);
  const { notice_type: noticeType, handler, max_batch_size: batch } = call.params;
  if (isBlank(noticeType)) refuseMissing('notice_type');
  if (handler !== '' && isBlank(handler)) refuse('bad_request', NOT_URL);
  if (!NOTICE_TYPES.includes(noticeType)) {
    refuse('bad_request', `Validation failed: Notice type unknown, must be one of [${NOTICE_TYPES.join(', ')}]`);
  }
  const { noticeHandlers } = canvas.records;
  const place = handlerKey(canvas, tool, noticeType);
  if (handler === '') {
    noticeHandlers.delete(place);
    return json(200, document({ noticeType, handler }));
  }
  const faults = [batchFault(batch), addressFault(canvas, tool, textOf(handler))].filter(Boolean);
  if (faults.length) refuse('bad_request', `Validation failed: ${faults.join(', ')}`);
  const record = {
    toolId: tool.id, noticeType, handler: String(handler), maxBatchSize: isBlank(batch) ? null : Number(batch),
  };
  // The last to subscribe is the last in the list.
  noticeHandlers.delete(place);
  noticeHandlers.set(place, record);
  await sendHello(canvas, call, tool, record);
  return json(200, document(record));
}

async function requireOwnTool(canvas, call) {
  const key = await requireKey(canvas, call, allOf(NOTICE_SCOPE));
  const tool = canvas.find('tools', call.path.toolId);
  if (!tool || tool.active === false) refuse('not_found', 'not found');
  requireUsable(key, homeOf(canvas, tool));
  if (canvas.find('developerKeys', tool.developerKeyId) !== key) refuse('forbidden', 'permission denied');
  return { key, tool };
}

const handlersOf = (canvas, tool) =>
  [...canvas.records.noticeHandlers.values()].filter(({ toolId }) => canvas.find('tools', toolId) === tool).map(document);

const document = ({ noticeType, handler, maxBatchSize }) => ({
  notice_type: noticeType, handler, max_batch_size: maxBatchSize ?? undefined,
});

function batchFault(batch) {
  if (isBlank(batch)) return null;
  if (!/^-?[0-9.]+$/.test(textOf(batch))) return 'Max batch size is not a number';
  if (!Number.isInteger(Number(batch))) return 'Max batch size must be an integer';
  return Number(batch) < LEAST_BATCH ? `Max batch size must be greater than or equal to ${LEAST_BATCH}` : null;
}

function addressFault(canvas, tool, url) {
  if (!/[a-z][a-z0-9+.-]*:[^\s]+/i.test(url)) return 'Url is not a valid URL';
  const { redirectUris = [] } = canvas.find('developerKeys', tool.developerKeyId);
  if (matchesTool(canvas, tool, url) || redirectUris.includes(url)) return null;
  return "Url should match tool's domain or redirect uri";
}
