// The claims that name services: what the tool's scopes open, and at which addresses.

import {
  AGS_CLAIM, AGS_SCOPES, claim, EULA_SCOPES, NOTICE_SCOPE, NOTICE_TYPES, NRPS_CLAIM, NRPS_SCOPE, RESOURCE_LINK,
} from './names.js';

const scopesOf = (key, family) => family.filter((scope) => key.scopes?.includes(scope));

/** Services of the context: a course, or the course of a group. */
export function contextServices(canvas, { key, context, course, assignment, link, origin, messageType }) {
  if (!course) return {};
  const claims = {};
  const scope = scopesOf(key, AGS_SCOPES);
  if (scope.length) {
    const lineitems = lineItemsUrl(canvas, origin, course);
    const item = messageType === RESOURCE_LINK ? lineItemOf(canvas, assignment, link) : null;
    claims[AGS_CLAIM] = { scope, lineitems, ...(item && { lineitem: `${lineitems}/${canvas.localId(item.id)}` }) };
  }
  if (key.scopes?.includes(NRPS_SCOPE)) {
    const url = `${origin}/api/lti/${context.kind}/${canvas.localId(context.id)}/names_and_roles`;
    claims[NRPS_CLAIM] = { context_memberships_url: url, service_versions: ['2.0'] };
  }
  return claims;
}

export const lineItemsUrl = (canvas, origin, course) => `${origin}/api/lti/courses/${canvas.localId(course.id)}/line_items`;

/** The line item that Canvas made with an assignment. */
function lineItemOf(canvas, assignment, link) {
  if (!assignment) return null;
  const items = [...canvas.records.lineItems.values()];
  return (
    items.find((item) => item.assignmentId !== undefined && canvas.find('assignments', item.assignmentId) === assignment)
    ?? items.find((item) => link && item.resourceLinkId === link.id)
    ?? null
  );
}

/** Services of the installed tool. That of EULAs is named even to a tool without its scopes. */
export function toolServices(canvas, { key, tool, origin }) {
  const claims = {};
  if (key.scopes?.includes(NOTICE_SCOPE)) {
    claims[claim('platformnotificationservice')] = {
      service_versions: ['1.0'],
      platform_notification_service_url: `${origin}/api/lti/notice-handlers/${canvas.localId(tool.id)}`,
      scope: [NOTICE_SCOPE],
      notice_types_supported: NOTICE_TYPES,
    };
  }
  return { ...claims, ...eulaService(canvas, { tool, origin }) };
}

export const eulaService = (canvas, { tool, origin }) => ({
  [claim('eulaservice')]: { url: `${origin}/api/lti/asset_processor_eulas/${canvas.localId(tool.id)}`, scope: EULA_SCOPES },
});
