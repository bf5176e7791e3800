// LTI 2 users: one by Canvas or LTI id, and those of a group, page by page.

import { json } from './answers.js';
import { isAssociated, missing, noTool } from './assignments.js';
import { requireToolProxy } from './lti_token.js';
import { pageSize, paginate } from './pages.js';

const USER = 'vnd.Canvas.User';

export async function showUser(canvas, call) {
  const toolProxy = await requireToolProxy(canvas, call, [USER]);
  const { userId } = call.path;
  const byLtiId = [...canvas.records.users.values()].find(({ ltiId }) => ltiId === userId);
  const user = byLtiId ?? canvas.need('users', userId);
  if (!isVisible(canvas, user, toolProxy)) noTool('the user is in no course with an assignment of this tool');
  return json(200, document(canvas, user));
}

export async function listGroupUsers(canvas, call) {
  const toolProxy = await requireToolProxy(canvas, call, ['vnd.Canvas.GroupIndex', USER]);
  const group = canvas.need('groups', call.path.groupId);
  const course = canvas.find('courses', group.courseId);
  if (!course || !hasAssignmentOf(canvas, course, toolProxy)) noTool('the group is of no course of this tool');
  const users = group.userIds.map((id) => canvas.find('users', id) ?? missing(`no user with id ${id}`));
  const { items, link } = paginate(call, users, { size: pageSize(call.params.per_page) });
  return json(200, items.map((user) => document(canvas, user)), { link });
}

const isVisible = (canvas, user, toolProxy) =>
  [...canvas.records.courses.values()].some(
    (course) =>
      course.userIds?.some((id) => canvas.find('users', id) === user) && hasAssignmentOf(canvas, course, toolProxy));

const hasAssignmentOf = (canvas, course, toolProxy) =>
  [...canvas.records.assignments.values()].some(
    (assignment) => canvas.find('courses', assignment.courseId) === course && isAssociated(assignment, toolProxy));

const document = (canvas, { id, name, email, ltiId, sortableName, shortName, createdAt }) => ({
  id: canvas.localId(id),
  name,
  created_at: createdAt ?? '2024-08-19T08:00:00Z',
  sortable_name: sortableName ?? name.split(' ').reverse().join(', '),
  short_name: shortName ?? name,
  email: email ?? null,
  lti_id: ltiId,
});
