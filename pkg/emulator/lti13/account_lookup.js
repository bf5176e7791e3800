// GET /api/lti/accounts/:accountId: what an account is, for which no tool has to be installed.

import { typed } from './service_answers.js';
import { allOf, requireKey, requireUsable } from './service_token.js';

const SCOPE = 'https://canvas.instructure.com/lti/account_lookup/scope/show';
const ACCOUNT = 'application/vnd.canvas.accountlookup+json';

export async function showAccount(canvas, call) {
  const key = await requireKey(canvas, call, allOf(SCOPE));
  const account = canvas.need('accounts', call.path.accountId);
  requireUsable(key, account);
  const root = canvas.rootAccount();
  return typed(200, {
    id: canvas.localId(account.id),
    name: account.name,
    workflow_state: 'active',
    parent_account_id: account.parentId === undefined ? null : canvas.localId(account.parentId),
    root_account_id: account === root ? null : canvas.localId(root.id),
    uuid: account.uuid,
    default_time_zone: account.timeZone ?? 'America/Denver',
  }, ACCOUNT);
}
