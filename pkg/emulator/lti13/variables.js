// Custom variables: what Canvas expands, and what it leaves as it is.

import { allRoles, contextRoles, enrollmentsOf } from './roles.js';

const isCourse = ({ context }) => context.kind === 'courses';
const hasUser = ({ user }) => Boolean(user);
const hasCourse = ({ course }) => Boolean(course);
const hasAssignment = ({ assignment }) => Boolean(assignment);
const always = () => true;

const given = (user) => user.givenName ?? (user.name.split(' ').slice(0, -1).join(' ') || user.name);
const family = (user) => user.familyName ?? user.name.split(' ').at(-1);
/** The two halves of a name that a launch tells. */
export const nameParts = (user) => ({ given_name: given(user), family_name: family(user) });

export const pictureOf = (user, origin) => user.avatarUrl ?? `${origin}/images/messages/avatar-50.png`;

// Each: whether this launch may expand it, and to what. A value that is undefined is left literal, too.
const VARIABLES = {
  'Canvas.api.baseUrl': [always, ({ origin }) => origin],
  'Canvas.api.domain': [always, ({ origin }) => new URL(origin).host],
  'Canvas.account.id': [always, ({ canvas, account }) => canvas.localId(account.id)],
  'Canvas.account.name': [always, ({ account }) => account.name],
  'Canvas.account.sisSourceId': [always, ({ account }) => account.sisId],
  'Canvas.rootAccount.id': [always, ({ canvas }) => canvas.localId(canvas.rootAccount().id)],
  'Canvas.rootAccount.global_id': [always, ({ canvas }) => canvas.globalId(canvas.rootAccount().id)],
  'Canvas.root_account.id': [always, ({ canvas }) => canvas.localId(canvas.rootAccount().id)],
  'Canvas.root_account.global_id': [always, ({ canvas }) => canvas.globalId(canvas.rootAccount().id)],
  'Canvas.environment.prod': [always, ({ origin }) => origin],
  'Canvas.shard.id': [always, ({ canvas }) => canvas.shardId],
  'Canvas.course.id': [hasCourse, ({ canvas, course }) => canvas.localId(course.id)],
  'Canvas.course.name': [hasCourse, ({ course }) => course.name],
  'Canvas.course.sisSourceId': [hasCourse, ({ course }) => course.sisId],
  'Canvas.course.workflowState': [hasCourse, ({ course }) => course.workflowState ?? 'available'],
  'Canvas.course.startAt': [hasCourse, ({ course }) => course.startAt],
  'Canvas.group.id': [({ context }) => context.kind === 'groups', ({ canvas, context }) => canvas.localId(context.id)],
  'Canvas.group.name': [({ context }) => context.kind === 'groups', ({ context }) => context.name],
  'Canvas.assignment.id': [hasAssignment, ({ canvas, assignment }) => canvas.localId(assignment.id)],
  'Canvas.assignment.title': [hasAssignment, ({ assignment }) => assignment.name],
  'Canvas.assignment.pointsPossible': [hasAssignment, ({ assignment }) => assignment.pointsPossible],
  'Canvas.assignment.unlockAt.iso8601': [hasAssignment, ({ assignment }) => assignment.unlockAt],
  'Canvas.assignment.dueAt.iso8601': [hasAssignment, ({ assignment }) => assignment.dueAt],
  'Canvas.assignment.lockAt.iso8601': [hasAssignment, ({ assignment }) => assignment.lockAt],
  'Canvas.user.id': [hasUser, ({ canvas, user }) => canvas.localId(user.id)],
  'Canvas.user.globalId': [hasUser, ({ canvas, user }) => canvas.globalId(user.id)],
  'Canvas.user.loginId': [hasUser, ({ user }) => user.loginId ?? user.email],
  'Canvas.user.sisSourceId': [hasUser, ({ user }) => user.sisId],
  'Canvas.user.isRootAccountAdmin': [hasUser, ({ user }) => Boolean(user.admin)],
  'Canvas.user.prefersHighContrast': [hasUser, ({ user }) => Boolean(user.highContrast)],
  'Canvas.membership.roles': [hasUser, ({ canvas, course, user }) => canvasRoles(canvas, course, user)],
  'Canvas.enrollment.enrollmentState': [
    (about) => hasUser(about) && isCourse(about),
    ({ canvas, course, user }) => (enrollmentsOf(canvas, course, user).length ? 'active' : ''),
  ],
  'Canvas.xuser.allRoles': [always, ({ canvas, context, user }) => allRoles(canvas, context, user).join(',')],
  'com.instructure.User.allRoles': [always, ({ canvas, context, user }) => allRoles(canvas, context, user).join(',')],
  'com.instructure.brandConfigJSON.url': [always, ({ origin }) => `${origin}/brand_variables.json`],
  'Context.id': [always, ({ context }) => context.ltiId],
  'Context.title': [always, ({ context }) => context.name],
  'Context.sourcedId': [always, ({ context }) => context.sisId],
  'CourseOffering.sourcedId': [hasCourse, ({ course }) => course.sisId],
  'CourseSection.sourcedId': [hasCourse, ({ course }) => course.sisId],
  'LineItem.resultValue.max': [hasAssignment, ({ assignment }) => assignment.pointsPossible],
  'LtiLink.custom.url': [always, () => undefined],
  'Membership.role': [
    hasUser,
    ({ canvas, context, user }) => contextRoles(canvas, context, user).join(','),
  ],
  'Message.documentTarget': [always, () => 'iframe'],
  'Message.locale': [always, ({ locale }) => locale],
  'Person.email.primary': [(about) => hasUser(about) && about.shares.email, ({ user }) => user.email],
  'Person.name.display': [(about) => hasUser(about) && about.shares.name, ({ user }) => user.shortName ?? user.name],
  'Person.name.family': [(about) => hasUser(about) && about.shares.name, ({ user }) => family(user)],
  'Person.name.full': [(about) => hasUser(about) && about.shares.name, ({ user }) => user.name],
  'Person.name.given': [(about) => hasUser(about) && about.shares.name, ({ user }) => given(user)],
  'Person.address.timezone': [hasUser, ({ user }) => user.timeZone ?? 'America/Denver'],
  'Person.sourcedId': [hasUser, ({ user }) => user.sisId],
  'ResourceLink.id': [always, ({ link, context }) => link?.id ?? context.ltiId],
  'ResourceLink.title': [always, ({ link, tool }) => link?.title ?? tool.name],
  'ResourceLink.description': [({ link }) => Boolean(link), ({ link }) => link.description],
  'ResourceLink.available.startDateTime': [hasAssignment, ({ assignment }) => assignment.unlockAt],
  'ResourceLink.submission.endDateTime': [hasAssignment, ({ assignment }) => assignment.dueAt],
  'ToolConsumerInstance.guid': [always, ({ canvas }) => canvas.rootAccount().ltiGuid],
  'User.id': [hasUser, ({ canvas, user }) => canvas.localId(user.id)],
  'User.image': [(about) => hasUser(about) && about.shares.picture, ({ user, origin }) => pictureOf(user, origin)],
  'User.username': [(about) => hasUser(about) && about.shares.name, ({ user }) => user.loginId ?? user.email],
  'vnd.Canvas.root_account.uuid': [always, ({ canvas }) => canvas.rootAccount().uuid],
  'vnd.instructure.User.uuid': [hasUser, ({ user }) => user.uuid],
};

/** The names that Canvas's registration configuration lists. */
export const VARIABLE_NAMES = Object.keys(VARIABLES);

const CANVAS_ROLES = {
  StudentEnrollment: 'Student', TeacherEnrollment: 'Teacher', TaEnrollment: 'TA', DesignerEnrollment: 'Designer',
  ObserverEnrollment: 'Observer', StudentViewEnrollment: 'Student',
};

function canvasRoles(canvas, course, user) {
  const names = (course ? enrollmentsOf(canvas, course, user) : []).map(({ type }) => CANVAS_ROLES[type]);
  return [...new Set([...names, ...(user.admin ? ['Account Admin'] : [])].filter(Boolean))].join(',');
}

/**
 * `$Name` alone, or `${Name}` within text. What this launch may not expand stays as it stands.
 * @param about { canvas, origin, context, course, account, user, assignment, link, tool, shares, locale }
 */
export function expand(text, about) {
  const whole = /^\$([A-Za-z][\w.]*)$/.exec(text);
  if (whole) return valueOf(whole[1], about) ?? text;
  return text.replace(/\$\{([A-Za-z][\w.]*)\}/g, (literal, name) => valueOf(name, about) ?? literal);
}

function valueOf(name, about) {
  if (!Object.hasOwn(VARIABLES, name)) return undefined;
  const [may, value] = VARIABLES[name];
  const found = may(about) ? value(about) : undefined;
  return found === undefined || found === null ? undefined : String(found);
}

/** A custom claim: later sets win, and every value is text. */
export function expandCustom(sets, about) {
  const merged = Object.assign({}, ...sets.filter(Boolean));
  return Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, expand(String(value), about)]));
}
