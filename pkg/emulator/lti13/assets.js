// Assets: what students hand in, as the tools that process it get it.

import { toBase64, toBytes } from '../bytes.js';
import { attemptsOf } from '../assignments.js';
import { toolOf } from './installations.js';
import { ASSET_SCOPE } from './names.js';
import { compact, notThere, refuse } from './service_answers.js';
import { allOf, requireKey, requireUsable } from './service_token.js';

/** The flag of all that is about assets. */
export const FEATURE = 'lti_asset_processor';
const TEXT = 'text/html';
const UNKNOWN_TYPE = 'application/octet-stream';

/** The asset processors of an assignment. */
export const processorsOf = (canvas, assignment) =>
  [...canvas.records.assetProcessors.values()].filter(
    (processor) =>
      processor.active !== false && canvas.find('assignments', processor.assignmentId) === assignment
      && canvas.find('tools', processor.toolId)?.active !== false);

/** The key and the asset processor of a path, which is the key's. */
export async function requireProcessor(canvas, call, scope) {
  const key = await requireKey(canvas, call, allOf(scope));
  const processor = canvas.find('assetProcessors', call.path.processorId);
  if (!processor || processor.active === false) notThere('no such asset processor');
  const assignment = canvas.find('assignments', processor.assignmentId);
  const course = assignment && canvas.find('courses', assignment.courseId);
  requireUsable(key, course);
  if (!toolOf(canvas, key, { ...course, kind: 'courses' })) {
    refuse('unauthorized', 'Access Token not linked to a Tool associated with this Context');
  }
  requireFeature(canvas);
  const tool = canvas.find('tools', processor.toolId);
  if (!tool || canvas.find('developerKeys', tool.developerKeyId) !== key) {
    refuse('forbidden', 'Asset processor not owned by this developer key');
  }
  return { key, processor, assignment };
}

export function requireFeature(canvas) {
  if (!canvas.features.has(FEATURE)) refuse('not_found', 'not found', `the feature ${FEATURE} is off`);
}

/** GET /api/lti/asset_processors/:processorId/assets/:assetId: its bytes, or where they are. */
export async function showAsset(canvas, call) {
  const { assignment } = await requireProcessor(canvas, call, ASSET_SCOPE);
  const asset = canvas.records.assets.get(call.path.assetId);
  if (!asset) refuse('not_found', 'not found');
  if (assignmentOfAsset(canvas, asset) !== assignment) refuse('bad_request', 'Invalid asset');
  const { content, type, isFile } = contentOf(canvas, asset);
  if (isFile && canvas.filesHost && canvas.filesHost !== call.url.host) {
    asset.verifier ??= canvas.uuid();
    const place = `${call.url.protocol}//${canvas.filesHost}/files/${asset.id}/download`;
    return { status: 302, headers: { location: `${place}?download_frd=1&sf_verifier=${asset.verifier}` }, text: '' };
  }
  return { status: 200, headers: { 'content-type': type, 'content-disposition': 'attachment' }, text: content };
}

/** GET /files/:assetId/download, on the host of files: whoever has the address has the file. */
export async function downloadAsset(canvas, call) {
  const asset = canvas.records.assets.get(call.path.assetId);
  if (!asset?.verifier || asset.verifier !== call.params.sf_verifier) notThere('no such file, or another verifier');
  const { content, type } = contentOf(canvas, asset);
  return { status: 200, headers: { 'content-type': type }, text: content };
}

export function assignmentOfAsset(canvas, { assignmentId, submissionId }) {
  const id = assignmentId ?? canvas.find('submissions', submissionId)?.assignmentId;
  return id === undefined ? null : canvas.find('assignments', id);
}

/** The assets of the latest attempt: its files, or its text. */
export function assetsOfSubmission(canvas, submission) {
  const { attachments, attempt = 1, body } = attemptsOf(submission).at(-1);
  const files = attachments.map(({ id }) => assetOf(canvas, { submissionId: submission.id, attachmentId: id }));
  return body === undefined ? files : [...files, assetOf(canvas, { submissionId: submission.id, attempt })];
}

/** The assets of an entry of a discussion, which are given whole. */
export const assetsOfContribution = (canvas, assignment, given) =>
  given.map((asset) => {
    const record = { id: canvas.uuid(), assignmentId: assignment.id, createdAt: canvas.time(), ...asset };
    canvas.records.assets.set(record.id, record);
    return record;
  });

function assetOf(canvas, about) {
  const isSame = (asset) => Object.entries(about).every(([name, value]) => asset[name] === value);
  const found = [...canvas.records.assets.values()].find(isSame);
  if (found) return found;
  const record = { id: canvas.uuid(), ...about };
  canvas.records.assets.set(record.id, record);
  return record;
}

function contentOf(canvas, asset) {
  if (asset.content !== undefined) {
    const { content, contentType, filename, title, createdAt } = asset;
    return { content, type: contentType ?? TEXT, filename, title, time: createdAt, isFile: filename !== undefined };
  }
  const attempts = attemptsOf(canvas.find('submissions', asset.submissionId));
  if (asset.attachmentId === undefined) {
    const { body = '', submittedAt } = attempts.find(({ attempt }) => attempt === asset.attempt) ?? attempts.at(-1);
    return { content: body, type: TEXT, time: submittedAt, isFile: false };
  }
  const within = attempts.find(({ attachments }) => attachments.some(({ id }) => id === asset.attachmentId));
  const file = within?.attachments.find(({ id }) => id === asset.attachmentId) ?? notThere('the file is gone');
  const name = file.displayName ?? file.filename;
  return {
    content: file.content ?? '', type: file.contentType ?? UNKNOWN_TYPE, filename: name, title: name,
    time: file.updatedAt ?? within.submittedAt, isFile: true,
  };
}

/** What a notice tells of assets. Only files have a name. */
export const assetClaims = (canvas, assets, base) =>
  Promise.all(assets.map(async (asset) => {
    const { content, type, filename, title, time } = contentOf(canvas, asset);
    const bytes = toBytes(content);
    return compact({
      asset_id: asset.id,
      url: `${base}/assets/${asset.id}`,
      sha256_checksum: toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))),
      timestamp: time,
      size: bytes.length,
      content_type: type,
      title,
      filename,
    });
  }));
