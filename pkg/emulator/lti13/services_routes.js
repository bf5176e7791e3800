// Which handler answers what of LTI Advantage: the services reached with an access token, and registration.

import { createLineItem, deleteLineItem, listLineItems, showLineItem, updateLineItem } from './line_items.js';
import { listMembers } from './names_and_roles.js';
import { showProgress } from './progress.js';
import { listResults, showResult } from './results.js';
import { createScore } from './scores.js';

const COURSE = '/api/lti/courses/:courseId';
const LINE_ITEM = `${COURSE}/line_items/:lineItemId`;

export const SERVICES = [
  ['GET', `${COURSE}/line_items`, listLineItems],
  ['POST', `${COURSE}/line_items`, createLineItem],
  ['GET', LINE_ITEM, showLineItem],
  ['PUT', LINE_ITEM, updateLineItem],
  ['DELETE', LINE_ITEM, deleteLineItem],
  ['POST', `${LINE_ITEM}/scores`, createScore],
  ['GET', `${LINE_ITEM}/results`, listResults],
  ['GET', `${LINE_ITEM}/results/:resultId`, showResult],
  ['GET', `${COURSE}/progress/:progressId`, showProgress],
  ['GET', '/api/lti/:kind(courses|groups)/:id/names_and_roles', listMembers],
];
