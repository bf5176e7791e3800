// Roles, as Canvas maps its own to those of LIS.

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2';
const TEST_USER = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';

const ENROLLMENTS = {
  StudentEnrollment: [`${LIS}/membership#Learner`],
  TeacherEnrollment: [`${LIS}/membership#Instructor`],
  TaEnrollment: [`${LIS}/membership/Instructor#TeachingAssistant`, `${LIS}/membership#Instructor`],
  DesignerEnrollment: [`${LIS}/membership#ContentDeveloper`],
  ObserverEnrollment: [`${LIS}/membership#Mentor`],
  StudentViewEnrollment: [`${LIS}/membership#Learner`, TEST_USER],
};

const INSTITUTION = {
  StudentEnrollment: [`${LIS}/institution/person#Student`],
  TeacherEnrollment: [`${LIS}/institution/person#Instructor`],
  TaEnrollment: [`${LIS}/institution/person#Instructor`],
  DesignerEnrollment: [`${LIS}/institution/person#Instructor`],
};

const USER = `${LIS}/system/person#User`;
const SITE_ADMIN = `${LIS}/system/person#SysAdmin`;
const ADMINISTRATOR = `${LIS}/institution/person#Administrator`;
/** What an anonymous visitor is. */
const NONE = `${LIS}/system/person#None`;

/** The active enrollments of a user in a course. */
export const enrollmentsOf = (canvas, course, user) =>
  (course.enrollments ?? []).filter(({ userId }) => canvas.find('users', userId) === user);

/** The roles in a course or a group, as Names and Roles gives them too. */
export function contextRoles(canvas, context, user) {
  if (context.kind === 'groups') {
    const isLeader = context.leaderId !== undefined && canvas.find('users', context.leaderId) === user;
    return [`${LIS}/membership#Member`, ...(isLeader ? [`${LIS}/membership#Manager`] : [])];
  }
  if (context.kind !== 'courses') return [];
  return unique(enrollmentsOf(canvas, context, user).flatMap(({ type }) => ENROLLMENTS[type] ?? []));
}

/** All roles of a user, sorted as Canvas sorts them; the order means nothing. */
export function allRoles(canvas, context, user) {
  if (!user) return [NONE];
  const inContext = context.kind === 'courses' ? contextRoles(canvas, context, user) : [];
  const anywhere = [...canvas.records.courses.values()].flatMap((course) => enrollmentsOf(canvas, course, user));
  const institution = anywhere.flatMap(({ type }) => INSTITUTION[type] ?? []);
  return unique([
    ...inContext,
    ...institution,
    USER,
    ...(user.admin ? [ADMINISTRATOR] : []),
    ...(user.siteAdmin ? [SITE_ADMIN] : []),
  ]).sort();
}

/** The LTI ids of those whom an observer watches in a course. */
export const observedBy = (canvas, course, user) =>
  enrollmentsOf(canvas, course, user)
    .filter(({ type, observedUserId }) => type === 'ObserverEnrollment' && observedUserId !== undefined)
    .map(({ observedUserId }) => canvas.find('users', observedUserId)?.ltiUuid)
    .filter(Boolean);

const unique = (items) => [...new Set(items)];
