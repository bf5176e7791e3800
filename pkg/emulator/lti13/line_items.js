// Line items: the columns of the gradebook that tools fill.

import { json, refusal } from '../answers.js';
import { pageSize, paginate } from '../pages.js';
import { textOf } from '../params.js';
import {
  add, assignmentOf, isActive, isGradebookColumn, limitOf, lineItemsOf, newId, ownerOf, requireCourse, requireInCourse,
  requireLineItem, requireOwner, toolOfAssignment,
} from './gradebook.js';
import { AGS_SCOPES } from './names.js';
import { bare, compact, notThere, refuse, refuseBare, refuseRecord, typed } from './service_answers.js';
import { allOf, anyOf } from './service_token.js';
import { matchesTool } from './tool_hosts.js';

const ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const LIST = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const [LINE_ITEM, READ_ONLY] = AGS_SCOPES;
const WRITE = allOf(LINE_ITEM);
const READ = anyOf(LINE_ITEM, READ_ONLY);
const SUBMISSION_TYPE = 'https://canvas.instructure.com/lti/submission_type';
const LAUNCH_URL = 'https://canvas.instructure.com/lti/launch_url';
/** What a tool may make the type of an assignment. */
const OFFLINE_TYPES = ['on_paper', 'external_tool', 'none', 'not_graded', 'wiki_page'];

export async function listLineItems(canvas, call) {
  const { key, context } = await requireCourse(canvas, call, READ);
  const { tag, resource_id: resourceId, resource_link_id: linkId } = call.params;
  const course = canvas.find('courses', context.id);
  const all = [...canvas.records.lineItems.values()];
  // One line item that fits brings all those of its assignment.
  const fit = all.filter((item) => isOf(canvas, item, key) && (!linkId || item.resourceLinkId === linkId));
  const assignments = new Set(
    fit.map((item) => assignmentOf(canvas, item)).filter(
      (assignment) => isActive(assignment) && canvas.find('courses', assignment.courseId) === course));
  const found = all.filter(
    (item) =>
      assignments.has(assignmentOf(canvas, item))
      && (tag === undefined || item.tag === tag) && (resourceId === undefined || item.resourceId === resourceId));
  const { items, link } = paginate(call, found, {
    size: limitOf(call.params) ?? pageSize(call.params.per_page),
    base: `${call.url.origin}/api/lti/courses/${canvas.localId(context.id)}/line_items`,
  });
  return typed(200, items.map((item) => document(canvas, call, item)), LIST, { link });
}

const isOf = (canvas, item, key) => (ownerOf(canvas, item) ?? key) === key;

export async function showLineItem(canvas, call) {
  const { item } = await requireOwn(canvas, call, READ);
  const assignment = assignmentOf(canvas, item);
  if (assignment && !isActive(assignment)) refuseBare('not_found', 'the assignment is deleted');
  return typed(200, document(canvas, call, item), ITEM);
}

export async function createLineItem(canvas, call) {
  const { key, context, tool } = await requireCourse(canvas, call, WRITE);
  const { resourceLinkId } = call.params;
  const linked = resourceLinkId === undefined ? null : requireLinked(canvas, resourceLinkId, context, tool);
  const type = call.params[SUBMISSION_TYPE];
  if (type && !OFFLINE_TYPES.includes(type.type)) {
    const message = `Invalid submission_type for new assignment: ${textOf(type.type)}`;
    throw refusal(json(400, { error: message }), message);
  }
  const given = { tag: null, resourceId: null, ...permitted(call.params) };
  validate({ label: null, scoreMaximum: null, ...given });
  const assignment = linked ?? createAssignment(canvas, context, tool, given, type);
  const item = add(canvas, 'lineItems', {
    id: newId(canvas, 'lineItems'),
    ...given,
    scoreMaximum: Number(given.scoreMaximum),
    assignmentId: assignment.id,
    resourceLinkId: linked ? resourceLinkId : assignment.ltiContextId,
    developerKeyId: key.id,
    coupled: false,
    extensions: type ? { [SUBMISSION_TYPE]: compact({ type: type.type, external_tool_url: type.external_tool_url }) } : {},
  });
  return typed(201, document(canvas, call, item), ITEM);
}

// An assignment that has a link of this tool, and a line item already: what is made is another, without a column.
function requireLinked(canvas, linkId, course, tool) {
  const link = canvas.records.resourceLinks.get(textOf(linkId));
  const assignment = (link?.assignmentId === undefined ? null : canvas.find('assignments', link.assignmentId))
    ?? notThere('no assignment has that link');
  if ((toolOfAssignment(canvas, assignment) ?? tool) !== tool) {
    refuse('unprocessable_entity', 'Resource link id points to Tool not associated with this Context');
  }
  const isFit = isActive(assignment) && canvas.find('courses', assignment.courseId) === canvas.find('courses', course.id)
    && lineItemsOf(canvas, assignment).some((item) => item.resourceLinkId === linkId);
  if (!isFit) refuseBare('precondition_failed', 'the link has no line item in this course');
  return assignment;
}

function createAssignment(canvas, course, tool, { label, scoreMaximum }, type) {
  const url = type?.external_tool_url;
  const isLaunched = type?.type === 'external_tool' && url !== undefined && matchesTool(canvas, tool, url);
  const assignment = add(canvas, 'assignments', {
    id: newId(canvas, 'assignments'),
    courseId: course.id,
    name: label,
    pointsPossible: Number(scoreMaximum),
    submissionTypes: [type?.type ?? 'none'],
    externalToolUrl: url,
    ...(isLaunched && { ltiContextId: canvas.uuid(), toolId: tool.id }),
  });
  if (isLaunched) {
    canvas.records.resourceLinks.set(assignment.ltiContextId, {
      id: assignment.ltiContextId, courseId: course.id, assignmentId: assignment.id, toolId: tool.id, title: label, url,
    });
  }
  return assignment;
}

export async function updateLineItem(canvas, call) {
  const { item } = await requireOwn(canvas, call, WRITE);
  const given = permitted(call.params);
  validate(given);
  Object.assign(item, given, given.scoreMaximum !== undefined && { scoreMaximum: Number(given.scoreMaximum) });
  if (isGradebookColumn(canvas, item)) {
    const assignment = assignmentOf(canvas, item);
    if (given.label) assignment.name = given.label;
    if (given.scoreMaximum !== undefined) assignment.pointsPossible = item.scoreMaximum;
  }
  return typed(200, document(canvas, call, item), ITEM);
}

export async function deleteLineItem(canvas, call) {
  const { item } = await requireOwn(canvas, call, WRITE);
  if (item.coupled ?? true) refuseBare('unauthorized', 'Canvas made the line item with its assignment');
  const assignment = isGradebookColumn(canvas, item) ? assignmentOf(canvas, item) : null;
  const gone = assignment ? lineItemsOf(canvas, assignment) : [item];
  for (const { id } of gone) {
    canvas.records.lineItems.delete(String(id));
    for (const [key, result] of canvas.records.results) if (result.lineItemId === id) canvas.records.results.delete(key);
  }
  if (assignment) {
    assignment.workflowState = 'deleted';
    canvas.records.resourceLinks.delete(String(assignment.ltiContextId));
  }
  return bare(204);
}

async function requireOwn(canvas, call, isGranted) {
  const { key, context } = await requireCourse(canvas, call, isGranted);
  const item = requireLineItem(canvas, call);
  requireOwner(canvas, item, key);
  requireInCourse(canvas, call, item, context);
  return { item };
}

const isScalar = (value) => value === null || typeof value !== 'object';

const permitted = (params) =>
  Object.fromEntries(
    ['scoreMaximum', 'label', 'resourceId', 'tag']
      .filter((name) => Object.hasOwn(params, name) && isScalar(params[name]))
      .map((name) => [name, params[name]]));

const isBlank = (value) => value === null || String(value).trim() === '';

function validate(given) {
  const faults = {};
  if (given.scoreMaximum !== undefined) {
    if (isBlank(given.scoreMaximum)) faults.score_maximum = ['blank'];
    else if (Number.isNaN(Number(given.scoreMaximum))) faults.score_maximum = ['not_a_number'];
  }
  if (given.label !== undefined && isBlank(given.label)) faults.label = ['blank'];
  if (Object.keys(faults).length) refuseRecord(faults);
}

/** Where a line item is, under the course's id as the request spells it. */
export const lineItemUrl = (canvas, call, item) =>
  `${call.url.origin}/api/lti/courses/${call.path.courseId}/line_items/${canvas.localId(item.id)}`;

function document(canvas, call, item) {
  const wantsUrl = call.method === 'GET' && [call.params.include].flat().includes('launch_url');
  return compact({
    id: lineItemUrl(canvas, call, item),
    scoreMaximum: item.scoreMaximum,
    label: item.label,
    resourceId: item.resourceId,
    tag: item.tag,
    resourceLinkId: item.resourceLinkId,
    ...item.extensions,
    ...(wantsUrl && { [LAUNCH_URL]: launchUrl(canvas, item) }),
  });
}

function launchUrl(canvas, item) {
  const link = item.resourceLinkId === undefined ? null : canvas.records.resourceLinks.get(String(item.resourceLinkId));
  return assignmentOf(canvas, item)?.externalToolUrl ?? link?.url;
}
