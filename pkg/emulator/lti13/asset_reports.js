// Asset reports: what a processor found, the newest of each type for each asset.

import { json } from '../answers.js';
import { isBlank } from '../params.js';
import { assignmentOfAsset, requireProcessor } from './assets.js';
import { microseconds, secondsText } from './instants.js';
import { REPORT_SCOPE } from './names.js';
import { compact, refuse, refuseMissing, refuseRecord } from './service_answers.js';

const MEMBERS = [
  'comment', 'errorCode', 'indicationAlt', 'indicationColor', 'priority', 'processingProgress', 'result', 'scoreGiven',
  'scoreMaximum', 'timestamp', 'title', 'visibleToOwner',
];
const NAMED = ['assetId', 'type', ...MEMBERS];
const BROKEN =
  "Invalid supportedTypes on asset processor's 'report' object; this processor is broken and cannot accept reports";
const KILOBYTE = 1024;
const LENGTHS = {
  title: [1, KILOBYTE],
  result: [0, 255],
  comment: [1, 64 * KILOBYTE],
  indicationAlt: [1, KILOBYTE],
  errorCode: [1, KILOBYTE],
};

/** POST /api/lti/asset_processors/:processorId/reports */
export async function createAssetReport(canvas, call) {
  const { processor, assignment } = await requireProcessor(canvas, call, REPORT_SCOPE);
  const { params } = call;
  const { type } = params;
  if (isBlank(type)) refuseMissing('type');
  if (typeof type !== 'string') refuse('bad_request', 'type must be a non-empty string');
  if (isBlank(params.timestamp)) refuseMissing('timestamp');
  const timestamp = microseconds(params.timestamp);
  if (timestamp === null) refuse('bad_request', 'A valid ISO8601 timestamp must be provided');
  requireSupported(processor, type);
  if (isBlank(params.assetId)) refuseMissing('assetId');
  const asset = canvas.records.assets.get(params.assetId);
  if (!asset || assignmentOfAsset(canvas, asset) !== assignment) refuse('bad_request', 'Invalid asset');

  const { assetReports } = canvas.records;
  const place = `${canvas.localId(processor.id)} ${asset.id} ${type}`;
  if (assetReports.get(place)?.timestamp > timestamp) refuse('conflict', 'An existing report has a newer timestamp');
  // Rails leaves out what is no single value.
  const isKept = (name) => params[name] !== null && params[name] !== undefined && typeof params[name] !== 'object';
  const given = Object.fromEntries(MEMBERS.filter(isKept).map((name) => [name, params[name]]));
  validate(given);
  const extensions = Object.fromEntries(
    Object.entries(params).filter(([name]) => !NAMED.includes(name) && /^https?:\/\//.test(name)));
  assetReports.set(place, {
    processorId: processor.id, assetId: asset.id, submissionId: asset.submissionId, type, ...given, timestamp, extensions,
  });
  return json(201, compact({ ...given, timestamp: secondsText(timestamp), assetId: asset.id, type, ...extensions }));
}

function requireSupported({ report }, type) {
  const types = report?.supportedTypes ?? null;
  if (types === null) return;
  if (!Array.isArray(types)) refuse('bad_request', BROKEN);
  if (!types.includes(type)) {
    refuse('unprocessable_entity', `Invalid report type, must be one of: ${JSON.stringify(types)}`);
  }
}

function validate(given) {
  const faults = {};
  for (const [name, [least, most]] of Object.entries(LENGTHS)) {
    const text = given[name];
    if (text === undefined) continue;
    if (String(text).length < least) faults[snake(name)] = ['too_short'];
    if (String(text).length > most) faults[snake(name)] = ['too_long'];
  }
  const { indicationColor: color, priority, processingProgress: progress, visibleToOwner: visible = false } = given;
  if (color !== undefined && !/^#[0-9a-fA-F]{6}$/.test(color)) {
    faults.indication_color = ['Indication color must be a valid hex code'];
  }
  if (![0, 1, 2, 3, 4, 5].includes(Number(priority ?? Number.NaN))) faults.priority = ['inclusion'];
  // A progress that nobody knows is stored, and shown as NotReady.
  if (isBlank(progress)) faults.processing_progress = ['blank'];
  if (typeof visible !== 'boolean') faults.visible_to_owner = ['inclusion'];
  if (Object.keys(faults).length) refuseRecord(faults);
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
