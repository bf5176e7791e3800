// What the services of Assignment and Grade Services share: the course, its line items, its students.

import { textOf } from '../params.js';
import { enrollmentsOf } from './roles.js';
import { notThere, refuse } from './service_answers.js';
import { requireTool } from './service_token.js';

const STUDENTS = ['StudentEnrollment', 'StudentViewEnrollment'];
const CONCLUDED = 'This course has concluded. AGS requests will no longer be accepted for this course.';
const TELLS_CONCLUDED = 'ags_improved_course_concluded_response_codes';

/** The key, the course and the tool of a request below /api/lti/courses/:courseId. */
export async function requireCourse(canvas, call, isGranted) {
  const found = await requireTool(canvas, call, isGranted, courseOfPath);
  if (found.context.workflowState === 'completed') refuse('unprocessable_entity', CONCLUDED);
  return found;
}

function courseOfPath(canvas, call) {
  const course = canvas.need('courses', call.path.courseId);
  const { workflowState } = course;
  if (workflowState === 'deleted') notThere('the course is deleted');
  if (workflowState === 'completed' && !canvas.features.has(TELLS_CONCLUDED)) notThere('the course has concluded');
  return { ...course, kind: 'courses' };
}

/** The next local id of a table. */
export function newId(canvas, table) {
  const ids = [...canvas.records[table].values()]
    .filter(({ id }) => canvas.shardOf(id) === canvas.shardId)
    .map(({ id }) => Number(canvas.localId(id)));
  return Math.max(0, ...ids) + 1;
}

export const add = (canvas, table, record) => {
  canvas.records[table].set(String(record.id), record);
  return record;
};

export const assignmentOf = (canvas, item) =>
  item.assignmentId === undefined ? null : canvas.find('assignments', item.assignmentId);

export const isActive = (record) => Boolean(record) && record.workflowState !== 'deleted';

const courseOfItem = (canvas, item) => {
  const courseId = assignmentOf(canvas, item)?.courseId ?? item.courseId;
  return courseId === undefined ? null : canvas.find('courses', courseId);
};

/** The line item of a path. */
export function requireLineItem(canvas, call, id = call.path.lineItemId) {
  return canvas.find('lineItems', id) ?? notThere(`no line item with id ${id}`);
}

export function requireInCourse(canvas, call, item, course) {
  if (courseOfItem(canvas, item) !== canvas.find('courses', course.id)) notThere('the line item is of another course');
  const { resourceLinkId } = call.params;
  if (!resourceLinkId || item.resourceLinkId === resourceLinkId) return;
  refuse('precondition_failed', 'The specified LTI link ID is not associated with the line item.');
}

/** The developer key that a line item belongs to; null for one that names none. */
export function ownerOf(canvas, item) {
  if (item.developerKeyId !== undefined) return canvas.find('developerKeys', item.developerKeyId);
  const link = item.resourceLinkId === undefined ? null : canvas.records.resourceLinks.get(String(item.resourceLinkId));
  const tool = link?.toolId === undefined ? null : canvas.find('tools', link.toolId);
  return tool ? canvas.find('developerKeys', tool.developerKeyId) : null;
}

export function requireOwner(canvas, item, key) {
  const owner = ownerOf(canvas, item);
  if (owner && owner !== key) refuse('precondition_failed', 'Tool does not have permission to view line_item');
}

export const lineItemsOf = (canvas, assignment) =>
  [...canvas.records.lineItems.values()].filter((item) => assignmentOf(canvas, item) === assignment);

/** Whether it is the one whose scores are the assignment's grades. */
export const isGradebookColumn = (canvas, item) => {
  const assignment = assignmentOf(canvas, item);
  return Boolean(assignment) && lineItemsOf(canvas, assignment)[0] === item;
};

/** The tool that an assignment is launched in; undefined where the records do not say. */
export function toolOfAssignment(canvas, assignment) {
  const links = [...canvas.records.resourceLinks.values()];
  const isOf = (link) => link.assignmentId !== undefined && canvas.find('assignments', link.assignmentId) === assignment;
  const id = assignment.toolId ?? links.find(isOf)?.toolId;
  return id === undefined ? undefined : canvas.find('tools', id);
}

/** By LTI or Canvas id. */
export function findUser(canvas, id) {
  const byLtiId = [...canvas.records.users.values()].find((user) => ltiIdOf(user) === id);
  if (byLtiId) return byLtiId;
  return /^[0-9]+$/.test(textOf(id)) ? canvas.find('users', id) : null;
}

/** The id under which LTI 1.3 knows a user. */
export const ltiIdOf = (user) => user.ltiUuid ?? user.uuid;

/** In a published course alone; the test student of the student view is one. */
export function isStudent(canvas, course, user) {
  if (!user || (course.workflowState ?? 'available') !== 'available') return false;
  return enrollmentsOf(canvas, course, user).some(({ type }) => STUDENTS.includes(type));
}

/** `limit` overrides per_page, and knows no maximum. */
export const limitOf = ({ limit }) => (/^[1-9][0-9]*$/.test(textOf(limit)) ? Number(limit) : null);
