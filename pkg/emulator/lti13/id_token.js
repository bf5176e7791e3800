// The body of an id_token, as Canvas builds it when it begins a launch: the nonce alone is added later.

import { deepLinkingReturnUrl } from './deep_linking_data.js';
import { deploymentId } from './installations.js';
import {
  claim, DEEP_LINKING, dlClaim, EULA, PROCESSOR_SETTINGS, REPORT_REVIEW, RESOURCE_LINK, vendorClaim,
} from './names.js';
import { deepLinkingSettings, isAssetProcessor } from './placements.js';
import { allRoles, observedBy } from './roles.js';
import { contextServices, eulaService, toolServices } from './service_claims.js';
import { expand, expandCustom, nameParts, pictureOf } from './variables.js';

const LIFETIME = 3600;
const CONTEXT_TYPES = {
  courses: 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering',
  groups: 'http://purl.imsglobal.org/vocab/lis/v2/course#Group',
  accounts: 'Account',
};

/** What a privacy level shares. */
export const sharesOf = (level = 'public') => ({
  name: level === 'public' || level === 'name_only',
  email: level === 'public' || level === 'email_only',
  picture: level === 'public',
});

const BUILDERS = {
  [RESOURCE_LINK]: (about) => ({ ...ordinary(about), [claim('resource_link')]: resourceLink(about) }),
  [DEEP_LINKING]: deepLinking,
  [EULA]: eula,
  [PROCESSOR_SETTINGS]: (about) => ({ ...ordinary(about), [claim('activity')]: activity(about) }),
  [REPORT_REVIEW]: reportReview,
};

export const MESSAGE_TYPES = Object.keys(BUILDERS);

/**
 * @param about what a launch is about: see beginLaunch
 * @returns {Promise<Record<string, any>>} the claims, without those that the launch takes away
 */
export async function idTokenBody(about) {
  return { ...(await BUILDERS[about.messageType](about)) };
}

// Everything that every message but a EULA's has.
function ordinary(about) {
  const { canvas, key, tool, user, context, course, shares, locale, placement } = about;
  const claims = { ...security(about), ...target(about), ...custom(about), ...roles(about), ...contextClaim(about) };
  if (user) Object.assign(claims, person(about));
  if (shares.name) claims[claim('lis')] = sourcedIds(about);
  if (user && shares.picture && course) {
    const observed = observedBy(canvas, course, user);
    if (observed.length) claims[claim('role_scope_mentor')] = observed;
  }
  const root = canvas.rootAccount();
  claims[claim('tool_platform')] = {
    guid: root.ltiGuid, name: root.name, version: 'cloud', product_family_code: 'canvas',
  };
  claims[claim('launch_presentation')] = launchPresentation(about);
  claims.locale = locale;
  Object.assign(claims, contextServices(canvas, { ...about, key, context }), toolServices(canvas, { ...about, tool }));
  claims[vendorClaim('placement')] = placement;
  if (about.studentId) claims[vendorClaim('lti_student_id')] = about.studentId;
  return claims;
}

function security({ canvas, key, tool, user, messageType }) {
  const iat = canvas.seconds();
  const clientId = String(canvas.globalId(key.id));
  return {
    [claim('message_type')]: messageType,
    [claim('version')]: '1.3.0',
    aud: clientId,
    azp: clientId,
    [claim('deployment_id')]: deploymentId(canvas, tool),
    exp: iat + LIFETIME,
    iat,
    iss: canvas.issuer,
    // Replaced by the tool's when it asks.
    nonce: canvas.uuid(),
    ...(user && { sub: user.ltiUuid ?? user.uuid }),
    [claim('lti11_legacy_user_id')]: user?.ltiId ?? '',
  };
}

const target = ({ targetLinkUri }) => ({ [claim('target_link_uri')]: targetLinkUri });

const roles = ({ canvas, context, user }) => ({ [claim('roles')]: allRoles(canvas, context, user) });

const custom = (about) => ({
  [claim('custom')]: expandCustom([about.key.customFields, ...about.customSets], about),
});

function person({ user, shares, origin }) {
  return {
    ...(shares.picture && { picture: pictureOf(user, origin) }),
    ...(shares.email && user.email && { email: user.email }),
    ...(shares.name && { name: user.name, ...nameParts(user) }),
    // What a tool of LTI 1.1 knew the user by.
    ...(user.ltiId && user.ltiId !== user.ltiUuid && { [claim('lti1p1')]: { user_id: user.ltiId } }),
  };
}

const sourcedIds = (about) => ({
  person_sourcedid: expand('$Person.sourcedId', about),
  course_offering_sourcedid: expand('$CourseSection.sourcedId', about),
});

const contextClaim = ({ context }) => ({ [claim('context')]: contextValue(context) });

/** What a context is called. */
export const contextValue = ({ ltiId, courseCode, name, kind }) => ({
  id: ltiId,
  label: courseCode,
  title: name,
  type: [CONTEXT_TYPES[kind]],
});

// A launch that no link belongs to has its context's id and name. A title that is null stays so, as on older servers.
const resourceLink = ({ link, context, assignment }) => ({
  id: link?.id ?? context.ltiId,
  title: link?.title === undefined ? (assignment?.name ?? context.name) : link.title,
  description: assignment?.description ?? link?.description ?? null,
});

function launchPresentation({ canvas, context, origin, locale, size, messageType, placement }) {
  const home = `${origin}/${context.kind}/${canvas.localId(context.id)}`;
  return {
    document_target: 'iframe',
    ...(Number.isInteger(size?.height) && { height: size.height }),
    ...(Number.isInteger(size?.width) && { width: size.width }),
    return_url: messageType === DEEP_LINKING
      ? `${home}/deep_linking_cancel?placement=${encodeURIComponent(placement)}`
      : `${home}/external_content/success/external_tool_redirect`,
    locale,
  };
}

async function deepLinking(about) {
  const settings = deepLinkingSettings(about.placement, await deepLinkingReturnUrl(about));
  if (!settings) throw new TypeError(`the placement ${about.placement} makes no deep linking request`);
  return {
    ...ordinary(about),
    [dlClaim('deep_linking_settings')]: settings,
    ...(about.assignment && isAssetProcessor(about.placement) && { [claim('activity')]: { id: about.assignment.ltiContextId } }),
  };
}

const activity = ({ assignment }) => ({ id: assignment.ltiContextId, title: assignment.name });

// The groups of claims that Canvas lists for it: no link, no services but its own.
function eula(about) {
  return {
    ...security(about),
    ...target(about),
    ...custom(about),
    ...roles(about),
    ...contextClaim(about),
    ...eulaService(about.canvas, about),
  };
}

function reportReview(about) {
  const { submission, attempt, report, user } = about;
  return {
    ...ordinary(about),
    [claim('activity')]: activity(about),
    [claim('submission')]: { id: `${submission.uuid}:${attempt}` },
    [claim('assetreport_type')]: report.type,
    // Canvas's viewer, which is not always the student.
    [claim('for_user')]: { user_id: user?.ltiUuid },
    [claim('asset')]: { id: report.assetId },
  };
}
