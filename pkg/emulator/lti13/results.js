// Results: what a line item's users have, and Canvas's word on it.

import { pageSize, paginate } from '../pages.js';
import {
  assignmentOf, findUser, isStudent, limitOf, ltiIdOf, requireCourse, requireInCourse, requireLineItem, requireOwner,
} from './gradebook.js';
import { lineItemUrl } from './line_items.js';
import { AGS_SCOPES } from './names.js';
import { compact, notThere, typed } from './service_answers.js';
import { allOf } from './service_token.js';

const RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json';
const READ = allOf(AGS_SCOPES[2]);

export async function listResults(canvas, call) {
  const { context } = await requireCourse(canvas, call, READ);
  const item = requireLineItem(canvas, call);
  requireInCourse(canvas, call, item, context);
  const { user_id: userId, userId: other = userId } = call.params;
  const user = findUser(canvas, other);
  if (user && !isStudent(canvas, context, user)) return typed(200, [], RESULTS);
  const found = resultsOf(canvas, item).filter(
    (result) => userId === undefined || (user && canvas.find('users', result.userId) === user));
  const { items, link } = paginate(call, found, {
    size: limitOf(call.params) ?? pageSize(call.params.per_page),
    base: `${lineItemUrl(canvas, call, item)}/results`,
  });
  return typed(200, items.map((result) => document(canvas, call, item, result)), RESULTS, { link });
}

export async function showResult(canvas, call) {
  const { key, context } = await requireCourse(canvas, call, READ);
  const item = requireLineItem(canvas, call);
  requireOwner(canvas, item, key);
  requireInCourse(canvas, call, item, context);
  const result = canvas.find('results', call.path.resultId) ?? notThere('no such result');
  if (canvas.find('lineItems', result.lineItemId) !== item) notThere('the result is of another line item');
  return typed(200, document(canvas, call, item, result), RESULTS);
}

export const resultsOf = (canvas, item) =>
  [...canvas.records.results.values()].filter(({ lineItemId }) => canvas.find('lineItems', lineItemId) === item);

export const resultUrl = (canvas, call, item, result) =>
  `${lineItemUrl(canvas, call, item)}/results/${canvas.localId(result.id)}`;

function document(canvas, call, item, result) {
  return compact({
    id: resultUrl(canvas, call, item, result),
    scoreOf: lineItemUrl(canvas, call, item),
    userId: ltiIdOf(canvas.need('users', result.userId)),
    resultScore: scaledScore(canvas, item, result),
    resultMaximum: result.resultMaximum,
    comment: result.comment,
    ...result.extensions,
  });
}

// A grade that a person gave counts in the assignment's points, and is told in the tool's.
function scaledScore(canvas, item, { resultScore, resultMaximum, submissionId }) {
  const submission = submissionId === undefined ? null : canvas.find('submissions', submissionId);
  if (!(submission?.graderId > 0)) return resultScore;
  const { score } = submission;
  const points = assignmentOf(canvas, item)?.pointsPossible;
  return points && resultMaximum && typeof score === 'number' ? (score * resultMaximum) / points : score;
}
