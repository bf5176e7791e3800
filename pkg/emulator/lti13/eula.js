// EULAs of asset processors: whether one is asked for, and who accepted it.

import { json, refusal } from '../answers.js';
import { isBlank, textOf } from '../params.js';
import { requireFeature } from './assets.js';
import { ltiIdOf } from './gradebook.js';
import { homeOf } from './installations.js';
import { microseconds, secondsText } from './instants.js';
import { EULA_SCOPES } from './names.js';
import { bare, refuse, refuseMissing } from './service_answers.js';
import { allOf, requireKey, requireUsable } from './service_token.js';

const [USER, DEPLOYMENT] = EULA_SCOPES;

// Canvas looks for the tool before it looks at the token.
async function requireTool(canvas, call, scope) {
  const tool = canvas.find('tools', call.path.toolId);
  if (!tool || tool.active === false) refuse('not_found', 'not found');
  requireFeature(canvas);
  const key = await requireKey(canvas, call, allOf(scope));
  requireUsable(key, homeOf(canvas, tool));
  if (canvas.find('developerKeys', tool.developerKeyId) !== key) refuse('bad_request', 'bad request');
  return tool;
}

/** PUT /api/lti/asset_processor_eulas/:toolId/deployment */
export async function updateDeployment(canvas, call) {
  const tool = await requireTool(canvas, call, DEPLOYMENT);
  const { eulaRequired } = call.params;
  if (isBlank(eulaRequired) && eulaRequired !== false) refuseMissing('eulaRequired');
  tool.eulaRequired = toFlag(eulaRequired);
  return json(200, { eulaRequired: tool.eulaRequired });
}

/** POST /api/lti/asset_processor_eulas/:toolId/user */
export async function createAcceptance(canvas, call) {
  const tool = await requireTool(canvas, call, USER);
  const { userId, accepted, timestamp: text } = call.params;
  if (isBlank(userId)) refuseMissing('userId');
  const user = [...canvas.records.users.values()].find((candidate) => ltiIdOf(candidate) === userId);
  if (!user) refuse('not_found', 'not found');
  if (isBlank(text)) refuseMissing('timestamp');
  const timestamp = microseconds(text);
  if (timestamp === null) refuse('bad_request', 'A valid ISO8601 timestamp must be provided');
  const place = `${canvas.localId(tool.id)} ${canvas.globalId(user.id)}`;
  if (canvas.records.eulaAcceptances.get(place)?.timestamp >= timestamp) {
    const error = 'timestamp older than latest';
    throw refusal(json(409, { error }), error);
  }
  if (isBlank(accepted) && accepted !== false) refuseMissing('accepted');
  const record = { toolId: tool.id, userId: user.id, accepted: toFlag(accepted), timestamp };
  canvas.records.eulaAcceptances.set(place, record);
  return json(201, { timestamp: secondsText(timestamp), accepted: record.accepted, userId: ltiIdOf(user) });
}

/** DELETE /api/lti/asset_processor_eulas/:toolId/user: all users of the deployment have to accept again. */
export async function deleteAcceptances(canvas, call) {
  const tool = await requireTool(canvas, call, USER);
  const { eulaAcceptances } = canvas.records;
  for (const [place, { toolId }] of eulaAcceptances) {
    if (canvas.find('tools', toolId) === tool) eulaAcceptances.delete(place);
  }
  return bare(204);
}

const toFlag = (value) => !['false', 'f', '0', 'off'].includes(textOf(value).toLowerCase());
