// Names and Roles: the members of a course or a group, page by page.

import { paginate } from '../pages.js';
import { textOf } from '../params.js';
import { ltiIdOf } from './gradebook.js';
import { sharesOf } from './id_token.js';
import { courseOf } from './installations.js';
import { claim, NRPS_SCOPE, RESOURCE_LINK } from './names.js';
import { contextRoles } from './roles.js';
import { compact, notThere, refuse, typed } from './service_answers.js';
import { allOf, requireTool } from './service_token.js';
import { expand, nameParts, pictureOf } from './variables.js';

const MEMBERS = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const LARGEST_PAGE = 50;
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const LEARNER = `${MEMBERSHIP}#Learner`;

/** The variables that a message expands for one member. */
const VARIABLES = [
  'Canvas.course.id', 'Canvas.course.name', 'Canvas.course.sisSourceId', 'Canvas.course.startAt',
  'Canvas.course.workflowState', 'Canvas.user.globalId', 'Canvas.user.id', 'Canvas.user.loginId',
  'Canvas.user.sisSourceId', 'Message.locale', 'Person.address.timezone', 'Person.email.primary', 'Person.name.display',
  'Person.name.family', 'Person.name.full', 'Person.name.given', 'Person.sourcedId', 'User.id', 'User.image',
  'User.username', 'vnd.instructure.User.uuid',
];

/** GET /api/lti/courses/:id/names_and_roles and /api/lti/groups/:id/names_and_roles */
export async function listMembers(canvas, call) {
  const found = await requireTool(canvas, call, allOf(NRPS_SCOPE), contextOfPath);
  const about = { ...found, course: courseOf(canvas, found.context), ...linkOf(canvas, call, found) };
  const { items, link } = paginate(call, members(canvas, call, about), { size: sizeOf(call), hidden: ['limit'] });
  const value = {
    id: call.url.href,
    context: compact({ id: about.context.ltiId, label: about.context.courseCode, title: about.context.name }),
    members: items.map((user) => document(canvas, call, about, user)),
  };
  return typed(200, value, MEMBERS, { link });
}

function contextOfPath(canvas, { path: { kind, id } }) {
  const record = canvas.need(kind, id);
  if (record.workflowState === 'deleted') notThere('the context is deleted');
  return { ...record, kind };
}

function sizeOf({ params: { limit, per_page: perPage } }) {
  const wanted = [limit, perPage].map((text) => Number.parseInt(textOf(text), 10)).find((number) => number > 0);
  return Math.min(wanted ?? LARGEST_PAGE, LARGEST_PAGE);
}

// The link whose launches the messages are of; the course's own id stands for no link at all.
function linkOf(canvas, { params: { rlid } }, { context, tool }) {
  if (!rlid) return { rlid: null, link: null, assignment: null };
  const course = courseOf(canvas, context);
  if (rlid === course?.ltiId) return { rlid, link: null, assignment: null };
  const link = canvas.records.resourceLinks.get(textOf(rlid));
  if (!link) refuse('bad_request', "Invalid 'rlid' parameter");
  const isOwn = link.toolId === undefined || canvas.find('tools', link.toolId) === tool;
  if (!isOwn || canvas.find('courses', link.courseId) !== course) {
    refuse('bad_request', 'Tool does not have access to rlid or rlid does not exist');
  }
  const assignment = link.assignmentId === undefined ? null : canvas.find('assignments', link.assignmentId);
  if (assignment?.submissionTypes && !assignment.submissionTypes.includes('external_tool')) {
    refuse('bad_request', 'Requested assignment not configured for external tool launches');
  }
  return { rlid, link, assignment };
}

function members(canvas, call, about) {
  const { context, course, assignment } = about;
  const ids = context.kind === 'groups' ? context.userIds : (course.enrollments ?? []).map(({ userId }) => userId);
  const users = new Set(ids.map((id) => canvas.find('users', id)).filter(Boolean));
  const { role } = call.params;
  const isWanted = (user) => {
    const roles = contextRoles(canvas, context, user);
    if (role && !(textOf(role).startsWith(MEMBERSHIP) && roles.includes(role))) return false;
    return !assignment || isAssigned(canvas, { ...about, roles }, user);
  };
  const wanted = role || assignment ? [...users].filter(isWanted) : [...users];
  return wanted.sort((a, b) => (BigInt(canvas.globalId(a.id)) < BigInt(canvas.globalId(b.id)) ? -1 : 1));
}

// An assignment that is for some students alone leaves out the others; it hides nobody else.
function isAssigned(canvas, { assignment, context, roles }, user) {
  if (!assignment.assignedUserIds || (context.kind === 'courses' && !roles.includes(LEARNER))) return true;
  return assignment.assignedUserIds.some((id) => canvas.find('users', id) === user);
}

function document(canvas, call, about, user) {
  const { context, key, rlid } = about;
  const shares = sharesOf(key.privacyLevel);
  const { given_name, family_name } = nameParts(user);
  return compact({
    status: 'Active',
    name: shares.name ? user.name : null,
    picture: shares.picture ? pictureOf(user, call.url.origin) : null,
    given_name: shares.name ? given_name : null,
    family_name: shares.name ? family_name : null,
    email: shares.email ? user.email : null,
    lis_person_sourcedid: shares.name ? user.sisId : null,
    user_id: ltiIdOf(user),
    lti11_legacy_user_id: user.ltiId,
    roles: contextRoles(canvas, context, user),
    message: rlid ? [message(canvas, call, { ...about, shares }, user)] : null,
  });
}

function message(canvas, call, about, user) {
  const locale = user.locale ?? 'en';
  const circumstances = { canvas, origin: call.url.origin, ...about, user, locale };
  const expanded = Object.entries({ ...about.key.customFields, ...about.link?.custom }).map(([name, value]) => {
    const text = String(value);
    return [name, VARIABLES.includes(text.slice(1)) ? expand(text, circumstances) : text];
  });
  return {
    [claim('message_type')]: RESOURCE_LINK,
    locale,
    [claim('custom')]: Object.fromEntries(expanded),
  };
}
