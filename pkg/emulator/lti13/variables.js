// Custom variables: what Canvas expands, to what, and what it leaves as it stands.

import { accountChain } from './installations.js';
import { allRoles, contextRoles, enrollmentsOf, observedBy } from './roles.js';

const given = (user) => user.givenName ?? (user.name.split(' ').slice(0, -1).join(' ') || user.name);
const family = (user) => user.familyName ?? user.name.split(' ').at(-1);
/** The two halves of a name that a launch tells. */
export const nameParts = (user) => ({ given_name: given(user), family_name: family(user) });

export const pictureOf = (user, origin) => user.avatarUrl ?? `${origin}/images/messages/avatar-50.png`;

const always = () => true;
const hasUser = ({ user }) => Boolean(user);
const isCourse = ({ context }) => context.kind === 'courses';
const isEnrolled = (about) => hasUser(about) && isCourse(about);
const hasRoles = (about) => hasUser(about) && about.context.kind !== 'groups';
const hasSisId = ({ user }) => user?.sisId !== undefined;
const hasAssignment = ({ assignment }) => Boolean(assignment);
const hasDate = (name) => ({ assignment }) => Boolean(assignment?.[name]);
const hasLink = ({ link }) => Boolean(link);

const seconds = (text) => new Date(text).toISOString().replace(/\.\d+/, '');
const milliseconds = (text) => new Date(text).toISOString();

// Each: whether this launch may expand it, and to what; a value that there is not is null. Privacy levels play no part.
const VARIABLES = {
  'ResourceLink.id': [hasLink, ({ link }) => link.id],
  'ResourceLink.description': [({ assignment }) => Boolean(assignment?.description), ({ assignment }) => assignment.description],
  'ResourceLink.title': [
    (about) => hasLink(about) || Boolean(about.assignment?.name),
    ({ link, assignment, context }) => link?.title ?? assignment?.name ?? context.name,
  ],
  'ResourceLink.available.startDateTime': [hasDate('unlockAt'), ({ assignment }) => milliseconds(assignment.unlockAt)],
  'ResourceLink.available.endDateTime': [hasDate('lockAt'), ({ assignment }) => milliseconds(assignment.lockAt)],
  'ResourceLink.submission.endDateTime': [hasDate('dueAt'), ({ assignment }) => milliseconds(assignment.dueAt)],
  'com.instructure.User.observees': [
    isEnrolled, ({ canvas, context, user }) => observedBy(canvas, context, user).join(','),
  ],
  'com.instructure.User.student_view': [hasUser, ({ canvas, context, user }) => isTestStudent(canvas, context, user)],
  'Context.title': [always, ({ context }) => context.name],
  'com.instructure.PostMessageToken': [always, ({ canvas }) => canvas.uuid()],
  'com.instructure.Assignment.lti.id': [hasAssignment, ({ assignment }) => assignment.ltiContextId],
  'com.instructure.Assignment.description': [hasAssignment, ({ assignment }) => assignment.description],
  'CourseOffering.sourcedId': [isCourse, ({ context }) => context.sisId],
  'Context.id': [always, ({ context }) => context.ltiId],
  'com.instructure.Context.globalId': [always, ({ canvas, context }) => canvas.globalId(context.id)],
  'com.instructure.Context.uuid': [({ context }) => context.uuid !== undefined, ({ context }) => context.uuid],
  'Context.sourcedId': [isCourse, ({ context }) => context.sisId],
  'Message.documentTarget': [always, () => 'iframe'],
  'Message.locale': [always, ({ locale }) => locale],
  'ToolConsumerInstance.guid': [always, ({ canvas }) => canvas.rootAccount().ltiGuid],
  'Canvas.api.domain': [always, ({ origin }) => new URL(origin).host],
  'Canvas.api.baseUrl': [always, ({ origin }) => origin],
  'Canvas.account.id': [always, (about) => about.canvas.localId(accountOf(about).id)],
  'Canvas.account.name': [always, (about) => accountOf(about).name],
  'Canvas.account.sisSourceId': [always, (about) => accountOf(about).sisId],
  'Canvas.rootAccount.id': [always, ({ canvas }) => canvas.localId(canvas.rootAccount().id)],
  'Canvas.rootAccount.sisSourceId': [always, ({ canvas }) => canvas.rootAccount().sisId],
  'Canvas.externalTool.global_id': [always, ({ canvas, tool }) => canvas.globalId(tool.id)],
  'com.instructure.brandConfigJSON.url': [always, ({ origin }) => `${origin}/brand_variables.json`],
  'Canvas.shard.id': [always, ({ canvas }) => canvas.shardId],
  'Canvas.root_account.global_id': [always, ({ canvas }) => canvas.globalId(canvas.rootAccount().id)],
  'Canvas.root_account.id': [always, ({ canvas }) => canvas.localId(canvas.rootAccount().id)],
  'Canvas.root_account.sisSourceId': [always, ({ canvas }) => canvas.rootAccount().sisId],
  'vnd.Canvas.root_account.uuid': [always, ({ canvas }) => canvas.rootAccount().uuid],
  'Canvas.course.id': [isCourse, ({ canvas, context }) => canvas.localId(context.id)],
  'vnd.instructure.Course.uuid': [isCourse, ({ context }) => context.uuid],
  'Canvas.course.name': [isCourse, ({ context }) => context.name],
  'Canvas.course.sisSourceId': [isCourse, ({ context }) => context.sisId],
  'Canvas.course.startAt': [isCourse, ({ context }) => context.startAt],
  'Canvas.course.workflowState': [isCourse, ({ context }) => context.workflowState ?? 'available'],
  'CourseSection.sourcedId': [isCourse, ({ context }) => context.sisId],
  'com.instructure.contextLabel': [isCourse, ({ context }) => context.courseCode],
  'com.instructure.Course.groupIds': [
    isCourse, ({ canvas, context }) => groupsOf(canvas, context).map(({ id }) => canvas.localId(id)).join(','),
  ],
  'Canvas.group.contextIds': [
    isEnrolled,
    ({ canvas, context, user }) => groupsOf(canvas, context)
      .filter(({ userIds }) => userIds.some((id) => canvas.find('users', id) === user))
      .map(({ ltiId }) => ltiId).join(','),
  ],
  'Canvas.enrollment.enrollmentState': [
    isCourse,
    ({ canvas, context, user }) => (user && enrollmentsOf(canvas, context, user).length ? 'active' : ''),
  ],
  'com.Instructure.membership.roles': [
    hasRoles, ({ canvas, context, user }) => contextRoles(canvas, context, user).join(','),
  ],
  'Canvas.membership.roles': [hasRoles, ({ canvas, context, user }) => canvasRoles(canvas, context, user)],
  'Membership.role': [hasUser, ({ canvas, context, user }) => allRoles(canvas, context, user).join(',')],
  'com.instructure.User.allRoles': [always, ({ canvas, context, user }) => allRoles(canvas, context, user).join(',')],
  'Canvas.xuser.allRoles': [
    always, ({ canvas, context, user }) => allRoles(canvas, context, user).map(roleOfLti1).join(','),
  ],
  'Person.name.full': [hasUser, ({ user }) => user.name],
  'Person.name.display': [hasUser, ({ user }) => user.shortName ?? user.name],
  'Person.name.family': [hasUser, ({ user }) => family(user)],
  'Person.name.given': [hasUser, ({ user }) => given(user)],
  'com.instructure.Person.name_sortable': [hasUser, ({ user }) => user.sortableName ?? `${family(user)}, ${given(user)}`],
  'Person.email.primary': [hasUser, ({ user }) => user.email],
  'vnd.Canvas.Person.email.sis': [hasSisId, ({ user }) => user.email],
  'Person.address.timezone': [hasUser, ({ user }) => user.timeZone ?? 'America/Denver'],
  'User.image': [hasUser, ({ user, origin }) => pictureOf(user, origin)],
  'User.id': [hasUser, ({ canvas, user }) => canvas.localId(user.id)],
  'Canvas.user.id': [hasUser, ({ canvas, user }) => canvas.localId(user.id)],
  'vnd.instructure.User.uuid': [hasUser, ({ user }) => user.uuid],
  'vnd.instructure.User.current_uuid': [hasUser, ({ user }) => user.uuid],
  'Canvas.user.prefersHighContrast': [hasUser, ({ user }) => String(Boolean(user.highContrast))],
  'Canvas.user.globalId': [hasUser, ({ canvas, user }) => canvas.globalId(user.id)],
  'Canvas.user.isRootAccountAdmin': [hasUser, ({ user }) => Boolean(user.admin)],
  'User.username': [hasUser, ({ user }) => user.loginId ?? user.email],
  'Canvas.user.loginId': [hasUser, ({ user }) => user.loginId ?? user.email],
  'Canvas.user.sisSourceId': [hasSisId, ({ user }) => user.sisId],
  'Person.sourcedId': [hasSisId, ({ user }) => user.sisId],
  'Canvas.assignment.id': [hasAssignment, ({ canvas, assignment }) => canvas.localId(assignment.id)],
  'Canvas.assignment.description': [hasAssignment, ({ assignment }) => assignment.description],
  'Canvas.assignment.title': [hasAssignment, ({ assignment }) => assignment.name],
  'Canvas.assignment.pointsPossible': [hasAssignment, ({ assignment }) => assignment.pointsPossible],
  'Canvas.assignment.unlockAt.iso8601': [hasDate('unlockAt'), ({ assignment }) => seconds(assignment.unlockAt)],
  'Canvas.assignment.lockAt.iso8601': [hasDate('lockAt'), ({ assignment }) => seconds(assignment.lockAt)],
  'Canvas.assignment.dueAt.iso8601': [hasDate('dueAt'), ({ assignment }) => seconds(assignment.dueAt)],
};

/** The names that Canvas's registration configuration lists. */
export const VARIABLE_NAMES = Object.keys(VARIABLES);

const accountOf = ({ canvas, context, course }) =>
  accountChain(canvas, course ? { kind: 'courses', ...course } : context)[0];

const groupsOf = (canvas, { id }) =>
  [...canvas.records.groups.values()].filter(
    ({ courseId }) => canvas.find('courses', courseId) === canvas.find('courses', id));

const isTestStudent = (canvas, context, user) =>
  context.kind === 'courses'
  && enrollmentsOf(canvas, context, user).some(({ type }) => type === 'StudentViewEnrollment');

const CANVAS_ROLES = {
  StudentEnrollment: 'StudentEnrollment', TeacherEnrollment: 'TeacherEnrollment', TaEnrollment: 'TaEnrollment',
  DesignerEnrollment: 'DesignerEnrollment', ObserverEnrollment: 'ObserverEnrollment', StudentViewEnrollment: 'StudentEnrollment',
};

function canvasRoles(canvas, context, user) {
  const enrollments = context.kind === 'courses' ? enrollmentsOf(canvas, context, user) : [];
  const names = enrollments.map(({ type }) => CANVAS_ROLES[type]);
  return [...new Set([...names, ...(user.admin ? ['Account Admin'] : [])])].join(',');
}

const KINDS = { membership: 'role', institution: 'instrole', system: 'sysrole' };

// The URNs of LTI 1 for the URLs of LIS 2.
const roleOfLti1 = (role) =>
  role.replace(/^http.*?\/(membership|institution|system)\b[^#]*#/, (_, kind) => `urn:lti:${KINDS[kind]}:ims/lis/`);

/**
 * `$Name` alone, or `${Name}` within text. What this launch may not expand stays as it stands. Numbers become text; booleans
 * do not, and what has no value is null.
 * @param about { canvas, origin, context, course, user, assignment, link, tool, locale }
 */
export function expand(text, about) {
  const whole = /^\$([A-Za-z][\w.]*)$/.exec(text);
  if (whole) return isExpanded(whole[1], about) ? valueOf(whole[1], about) : text;
  return text.replace(/\$\{([A-Za-z][\w.]*)\}/g, (literal, name) =>
    isExpanded(name, about) ? String(valueOf(name, about) ?? '') : literal);
}

const isExpanded = (name, about) => Object.hasOwn(VARIABLES, name) && VARIABLES[name][0](about);

const valueOf = (name, about) => asText(VARIABLES[name][1](about) ?? null);

const asText = (value) => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value);

/** A custom claim: later sets win. */
export function expandCustom(sets, about) {
  const merged = Object.assign({}, ...sets.filter(Boolean));
  return Object.fromEntries(
    Object.entries(merged).map(([name, value]) => [name, typeof value === 'string' ? expand(value, about) : asText(value)]));
}
