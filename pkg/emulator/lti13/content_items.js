// What Canvas makes of the items that a tool sends back: resource links, and assignments where they carry a line item.

import { add, newId } from './gradebook.js';
import { isAssetProcessor, LINE_ITEM_PLACEMENTS } from './placements.js';

const REQUIRED = 'lineItem.scoreMaximum is a required field';
/** Here an item fills the page that is open, which makes the assignment when it is saved. */
const FILLING = ['assignment_selection', 'submission_type_selection'];

/** The items as Canvas's page gets them, with what was made of each, or why nothing was. */
export function linkItems(canvas, { context, tool, key, placement, assignmentId, items }) {
  if (isAssetProcessor(placement)) {
    const found = items.filter((item) => item?.type === 'ltiAssetProcessor');
    for (const item of found) attachProcessor(canvas, { tool, assignmentId, item });
    return found;
  }
  if (!tool || placement === 'collaboration') return items;
  return items.map((item) => (item?.type === 'ltiResourceLink' ? linkItem(canvas, { context, tool, key, placement, item }) : item));
}

function linkItem(canvas, about) {
  const { context, placement, item } = about;
  if (FILLING.includes(placement)) return item;
  const isGraded = context.kind === 'courses' && LINE_ITEM_PLACEMENTS.includes(placement) && item.lineItem !== undefined;
  if (!isGraded) return { ...item, lookup_uuid: createLink(canvas, about).id };
  const { label, scoreMaximum } = item.lineItem ?? {};
  const titled = { ...item, title: label ?? item.title };
  if (scoreMaximum === undefined || scoreMaximum === null || scoreMaximum === false) {
    return { ...titled, errors: { 'lineItem.scoreMaximum': REQUIRED } };
  }
  return { ...titled, assignment_id: createAssignment(canvas, { ...about, item: titled }) };
}

function createLink(canvas, { context, tool, item }, more = {}) {
  const link = {
    id: canvas.uuid(),
    [context.kind === 'accounts' ? 'accountId' : 'courseId']: context.kind === 'groups' ? context.courseId : context.id,
    toolId: tool.id,
    title: item.title,
    description: item.text ?? null,
    url: item.url,
    custom: item.custom,
    size: item.iframe && pixels(item.iframe),
    ...more,
  };
  canvas.records.resourceLinks.set(link.id, link);
  return link;
}

// Canvas attaches it when the assignment is saved, which is at once here; one that is not saved yet has no id.
function attachProcessor(canvas, { tool, assignmentId, item }) {
  if (!tool || assignmentId === undefined || assignmentId === null) return;
  const { title, text, url, custom, report, icon } = item;
  add(canvas, 'assetProcessors', {
    id: newId(canvas, 'assetProcessors'), toolId: tool.id, assignmentId, title, text, url, custom, report, icon,
  });
}

// Numbers, or text such as "600px".
const pixels = (frame) => Object.fromEntries(
  ['width', 'height'].map((name) => [name, Number.parseInt(frame[name], 10)]).filter(([, size]) => !Number.isNaN(size)));

function createAssignment(canvas, about) {
  const { context, tool, key, item } = about;
  const { lineItem, available, submission } = item;
  const assignment = add(canvas, 'assignments', {
    id: newId(canvas, 'assignments'),
    courseId: context.id,
    name: item.title,
    toolId: tool.id,
    ltiContextId: canvas.uuid(),
    pointsPossible: Number(lineItem.scoreMaximum),
    submissionTypes: ['external_tool'],
    unlockAt: available?.startDateTime,
    lockAt: available?.endDateTime,
    dueAt: submission?.endDateTime,
  });
  const link = createLink(canvas, about, { id: assignment.ltiContextId, assignmentId: assignment.id });
  add(canvas, 'lineItems', {
    id: newId(canvas, 'lineItems'),
    label: item.title,
    scoreMaximum: Number(lineItem.scoreMaximum),
    tag: lineItem.tag ?? null,
    resourceId: lineItem.resourceId ?? null,
    assignmentId: assignment.id,
    resourceLinkId: link.id,
    developerKeyId: key.id,
    coupled: true,
    extensions: {},
  });
  return canvas.localId(assignment.id);
}
