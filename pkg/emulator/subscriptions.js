// Webhook subscriptions: Canvas's checks, then the live-events subscription service's answer passed through.

import { badRequest, json, refusal } from './answers.js';
import { isAssociated, missing } from './assignments.js';
import { requireToolProxy } from './lti_token.js';
import { isBlank } from './params.js';

const SERVICE = ['vnd.Canvas.webhooksSubscription'];
const CAPABILITY = 'vnd.instructure.webhooks';
const PAGE = 100;

async function tool(canvas, call) {
  const toolProxy = await requireToolProxy(canvas, call, SERVICE);
  if (canvas.hasSubscriptionService) return toolProxy;
  throw refusal(json(500, { error: 'Subscription service not configured' }), 'no subscription service');
}

export async function createSubscription(canvas, call) {
  const toolProxy = await tool(canvas, call);
  const sent = validated(canvas, call, toolProxy);
  return store(canvas, toolProxy, { ...sent, Id: canvas.uuid() });
}

export async function updateSubscription(canvas, call) {
  const toolProxy = await tool(canvas, call);
  const sent = validated(canvas, call, toolProxy);
  own(canvas, call, toolProxy);
  return store(canvas, toolProxy, { ...sent, Id: call.path.subscriptionId });
}

export async function showSubscription(canvas, call) {
  return json(200, own(canvas, call, await tool(canvas, call)).subscription);
}

export async function deleteSubscription(canvas, call) {
  const { subscription } = own(canvas, call, await tool(canvas, call));
  canvas.records.subscriptions.delete(subscription.Id);
  return json(200, subscription);
}

export async function listSubscriptions(canvas, call) {
  const { guid } = await tool(canvas, call);
  const all = [...canvas.records.subscriptions.values()].filter((entry) => entry.guid === guid);
  const startKey = call.headers.get('startkey');
  const start = startKey ? all.findIndex(({ subscription }) => subscription.Id === startKey) + 1 : 0;
  const page = all.slice(start, start + PAGE).map((entry) => entry.subscription);
  const hasMore = start + PAGE < all.length;
  return json(200, page, hasMore ? { endkey: page.at(-1).Id } : {});
}

// What the service itself answers is not known: the subscription with its Id, and 404 with an error text.
function store(canvas, { guid }, subscription) {
  canvas.records.subscriptions.set(subscription.Id, { guid, subscription });
  return json(200, subscription);
}

function own(canvas, call, { guid }) {
  const entry = canvas.records.subscriptions.get(call.path.subscriptionId);
  if (entry?.guid === guid) return entry;
  throw refusal(json(404, { error: 'Subscription not found' }), 'no such subscription of this tool');
}

function validated(canvas, call, toolProxy) {
  const { subscription } = call.params;
  if (isBlank(subscription)) throw refusal(badRequest('subscription is missing'), 'subscription is missing');
  const no = (reason) => {
    throw refusal(json(401, { error: 'Unauthorized subscription' }), reason);
  };
  requireCapabilities(subscription, toolProxy, no);
  if (!isInContext(canvas, subscription, toolProxy)) no('Tool does not have access to requested context');
  return { ...subscription };
}

function requireCapabilities({ EventTypes: events }, { capabilities = [] }, no) {
  if (capabilities.includes(`${CAPABILITY}.root_account.all`)) return;
  for (const event of [events ?? []].flat()) {
    const able = ['root_account', 'assignment'].some((kind) => capabilities.includes(`${CAPABILITY}.${kind}.${event}`));
    if (!able) no(`Missing required capability for ${event}`);
  }
}

// The documentation lists course and account too; Canvas's code takes these two alone.
function isInContext(canvas, { ContextType: type, ContextId: id }, toolProxy) {
  if (type === 'root_account') {
    const account = [...canvas.records.accounts.values()].find(({ uuid }) => uuid === id);
    return Boolean(account ?? missing('ContextNotFound'));
  }
  if (type === 'assignment') {
    return isAssociated(canvas.find('assignments', id) ?? missing('ContextNotFound'), toolProxy);
  }
  throw refusal(json(400, { error: 'Invalid subscription' }), 'InvalidContextType');
}
