// The services a tool proxy's security contract can list, by the names that Canvas checks.

export const SIMILARITY = 'Canvas.placements.similarityDetection';

const REPORT = '/api/lti/assignments/{assignment_id}/submissions/{submission_id}';

export const SERVICES = {
  'vnd.Canvas.OriginalityReport': { path: `${REPORT}/originality_report`, actions: ['POST', 'PUT', 'GET'] },
  'vnd.Canvas.webhooksSubscription': { path: '/api/lti/subscriptions', actions: ['POST', 'GET', 'PUT', 'DELETE'] },
  'vnd.Canvas.submission': { path: REPORT, actions: ['GET'] },
  'vnd.Canvas.submission.history': { path: `${REPORT}/history`, actions: ['GET'] },
  'vnd.Canvas.User': { path: '/api/lti/users/{user_id}', actions: ['GET'] },
  'vnd.Canvas.GroupIndex': { path: '/api/lti/groups/{group_id}/users', actions: ['GET'] },
};

/** A contract that lists every service. */
export const ALL_SERVICES = [
  ...Object.entries(SERVICES).map(([service, { actions }]) => ({ service, actions })),
  { service: 'ToolConsumerProfile', actions: ['GET'] },
  { service: 'ToolProxy.collection', actions: ['POST'] },
];

/** Contracts name a service by an address such as `https://…/tool_consumer_profile#vnd.Canvas.User`. */
export const serviceName = (address) => String(address).split(':').at(-1).split('#').at(-1);
