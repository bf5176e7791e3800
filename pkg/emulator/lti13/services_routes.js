// Which handler answers what of LTI Advantage: the services reached with an access token, and registration.

import { showAccount } from './account_lookup.js';
import { createAssetReport } from './asset_reports.js';
import { downloadAsset, showAsset } from './assets.js';
import { createAcceptance, deleteAcceptances, updateDeployment } from './eula.js';
import { createLineItem, deleteLineItem, listLineItems, showLineItem, updateLineItem } from './line_items.js';
import { listMembers } from './names_and_roles.js';
import { listHandlers, updateHandler } from './notice_handlers.js';
import { openidConfiguration } from './openid_configuration.js';
import { showProgress } from './progress.js';
import { updatePublicJwk } from './public_jwk.js';
import { createRegistration } from './registration.js';
import { listResults, showResult } from './results.js';
import { createScore } from './scores.js';

const COURSE = '/api/lti/courses/:courseId';
const LINE_ITEM = `${COURSE}/line_items/:lineItemId`;
const HANDLERS = '/api/lti/notice-handlers/:toolId';
const PROCESSOR = '/api/lti/asset_processors/:processorId';
const EULA = '/api/lti/asset_processor_eulas/:toolId';

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
  ['GET', HANDLERS, listHandlers],
  ['PUT', HANDLERS, updateHandler],
  ['GET', `${PROCESSOR}/assets/:assetId`, showAsset],
  ['GET', '/files/:assetId/download', downloadAsset],
  ['POST', `${PROCESSOR}/reports`, createAssetReport],
  ['POST', `${EULA}/user`, createAcceptance],
  ['DELETE', `${EULA}/user`, deleteAcceptances],
  ['PUT', `${EULA}/deployment`, updateDeployment],
  ['PUT', '/api/lti/developer_key/update_public_jwk', updatePublicJwk],
  ['GET', '/api/lti/accounts/:accountId', showAccount],
  ['GET', '/api/lti/security/openid-configuration', openidConfiguration],
  ['POST', '/api/lti/registrations', createRegistration],
];
