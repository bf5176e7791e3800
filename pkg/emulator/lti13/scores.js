// Scores: what a tool reports of a user's work, which becomes a result, and where the line item is a column, a grade.

import { textOf } from '../params.js';
import {
  add, assignmentOf, findUser, isGradebookColumn, isStudent, newId, requireCourse, requireInCourse, requireLineItem,
} from './gradebook.js';
import { isoText, microsecondsLeniently } from './instants.js';
import { AGS_SCOPES } from './names.js';
import { progressUrl, startProgress } from './progress.js';
import { resultsOf, resultUrl } from './results.js';
import { refuse, refuseMissing, refuseRecord, typed } from './service_answers.js';
import { allOf } from './service_token.js';

const SCORE = 'application/vnd.ims.lis.v1.score+json';
const EXTENSION = 'https://canvas.instructure.com/lti/submission';
const REQUIRED = ['userId', 'activityProgress', 'gradingProgress', 'timestamp'];
const EXTENSION_MEMBERS = [
  'new_submission', 'preserve_score', 'submission_type', 'prioritize_non_tool_grade', 'submission_data', 'submitted_at',
  'content_items',
];
const ITEM_MEMBERS = ['type', 'url', 'title', 'media_type'];
const ACTIVITY = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'];
const GRADING = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'];
/** With any other the score is not taken, and the grade there was is cleared. */
const TAKEN = ['FullyGraded', 'PendingManual'];
const SUBMISSION_TYPES = [
  'none', 'basic_lti_launch', 'online_text_entry', 'online_url', 'external_tool', 'online_upload',
];
const MINUTE = 60_000_000;

/** POST /api/lti/courses/:courseId/line_items/:lineItemId/scores */
export async function createScore(canvas, call) {
  const { context, tool } = await requireCourse(canvas, call, allOf(AGS_SCOPES[3]));
  const item = requireLineItem(canvas, call);
  requireInCourse(canvas, call, item, context);
  const score = read(canvas, call, { item, course: context, tool });
  verify(canvas, score);
  validate(score);
  const files = await fetchFiles(canvas, call, score);
  if (score.isNew) submitHomework(canvas, score, files);
  const submission = grade(canvas, score);
  const result = store(canvas, score, submission);
  const contentItems = files.map(({ item: file, progress }) => ({
    type: file.type, url: file.url, title: file.title, progress: progressUrl(call, progress),
  }));
  const value = { [EXTENSION]: { content_items: contentItems }, resultUrl: resultUrl(canvas, call, item, result) };
  return typed(200, value, SCORE);
}

function read(canvas, { params }, about) {
  const user = findUser(canvas, params.userId);
  if (!isStudent(canvas, about.course, user)) {
    refuse('unprocessable_entity', 'User not found in course or is not a student');
  }
  for (const name of REQUIRED) if (isBlank(params[name])) refuseMissing(name);
  const extension = permitted(params[EXTENSION]);
  const contentItems = (extension?.content_items ?? []).filter(({ type }) => type === 'file');
  const type = contentItems.length ? 'online_upload' : extension?.submission_type ?? 'external_tool';
  return {
    ...about,
    params,
    user,
    extension,
    contentItems,
    type,
    assignment: assignmentOf(canvas, about.item),
    isColumn: isGradebookColumn(canvas, about.item),
    result: resultsOf(canvas, about.item).find(({ userId }) => canvas.find('users', userId) === user),
    timestamp: microsecondsLeniently(params.timestamp),
    submittedAt: params.submission?.submittedAt ?? params.submittedAt ?? extension?.submitted_at,
    isNew: toFlag(extension?.new_submission) !== false && type !== 'none',
    isReset: !TAKEN.includes(params.gradingProgress) || isAbsent(params.scoreGiven),
  };
}

function verify(canvas, score) {
  const { params, result, timestamp, item } = score;
  if (timestamp === null) refuse('bad_request', `Provided timestamp of ${textOf(params.timestamp)} not a valid timestamp`);
  if (result && result.updatedAt > timestamp) {
    const last = isoText(result.updatedAt);
    refuse('bad_request', `Provided timestamp of ${params.timestamp} before last updated timestamp of ${last}`);
  }
  if (!score.isReset) verifyNumbers(params, item);
  verifySubmittedAt(canvas, score);
  if (!score.contentItems.length && score.type === 'online_upload') {
    refuse('unprocessable_entity', "Content items must be provided with submission type 'online_upload'");
  }
  if (score.isNew && attemptsLeft(canvas, score) <= 0) {
    refuse('unprocessable_entity', 'The maximum number of allowed attempts has been reached for this submission');
  }
}

function verifyNumbers({ scoreMaximum, scoreGiven }, item) {
  if (scoreMaximum === undefined) {
    refuse('unprocessable_entity', 'ScoreMaximum not supplied when ScoreGiven present.');
  }
  const maximum = toFloat(scoreMaximum);
  if (maximum === 0 && item.scoreMaximum !== 0) {
    refuse('unprocessable_entity', "cannot be zero if line item's maximum is not zero");
  }
  if (maximum < 0) refuse('unprocessable_entity', 'ScoreMaximum must be greater than or equal to 0');
  if (toFloat(scoreGiven) < 0) refuse('unprocessable_entity', 'ScoreGiven must be greater than or equal to 0');
}

function verifySubmittedAt(canvas, { submittedAt }) {
  if (isBlank(submittedAt)) return;
  const instant = microsecondsLeniently(submittedAt);
  if (instant === null) refuse('bad_request', `Provided submitted_at timestamp of ${textOf(submittedAt)} not a valid timestamp`);
  if (instant > canvas.now() * 1_000_000 + MINUTE) {
    refuse('bad_request', `Provided submitted_at timestamp of ${submittedAt} in the future`);
  }
}

// What Canvas's record of the result refuses, after all that the service refuses itself.
function validate({ params }) {
  const faults = {};
  if (!ACTIVITY.includes(params.activityProgress)) faults.activity_progress = ['inclusion'];
  if (!GRADING.includes(params.gradingProgress)) faults.grading_progress = ['inclusion'];
  for (const [name, attribute] of [['scoreGiven', 'result_score'], ['scoreMaximum', 'result_maximum']]) {
    if (!isAbsent(params[name]) && Number.isNaN(Number(textOf(params[name]) || Number.NaN))) faults[attribute] = ['not_a_number'];
  }
  if (Object.keys(faults).length) refuseRecord(faults);
}

function attemptsLeft(canvas, { assignment, user }) {
  const allowed = assignment?.allowedAttempts;
  if (allowed === undefined || allowed === null || allowed < 0) return Infinity;
  return allowed - (findSubmission(canvas, assignment, user)?.attempt ?? 0);
}

const findSubmission = (canvas, assignment, user) =>
  [...canvas.records.submissions.values()].find(
    ({ assignmentId, userId }) =>
      canvas.find('assignments', assignmentId) === assignment && canvas.find('users', userId) === user);

function submissionOf(canvas, { assignment, user }) {
  return findSubmission(canvas, assignment, user) ?? add(canvas, 'submissions', {
    id: newId(canvas, 'submissions'),
    uuid: canvas.uuid(),
    assignmentId: assignment.id,
    userId: user.id,
    workflowState: 'unsubmitted',
  });
}

// Canvas hands the addresses to its file service, which fetches them. Without a fetch the files are taken as fetched.
async function fetchFiles(canvas, call, score) {
  const files = [];
  for (const item of score.contentItems) {
    const content = canvas.fetch ? await fetchFile(canvas, item.url) : undefined;
    const attachment = {
      id: newAttachmentId(canvas) + files.length,
      filename: item.title ?? textOf(item.url).split('/').at(-1),
      contentType: item.media_type ?? 'application/octet-stream',
      content,
    };
    const progress = startProgress(canvas, { assignment: score.assignment, user: score.user, file: attachment });
    files.push({ item, attachment, progress });
  }
  return files;
}

async function fetchFile(canvas, url) {
  let response;
  try {
    response = await canvas.fetch(url);
  } catch (error) {
    return refuse('gateway_timeout', 'failed to communicate with file service', `${url}: ${error.message}`);
  }
  const text = await response.text();
  if (response.ok) return text;
  if (response.status === 502) refuse('gateway_timeout', 'file url timed out');
  const message = `uploading to file service failed with ${response.status}: ${text}`;
  return refuse(response.status === 400 ? 'bad_request' : 'internal_server_error', message);
}

function newAttachmentId(canvas) {
  const files = [...canvas.records.submissions.values()].flatMap(
    ({ attachments = [], history = [] }) => [...attachments, ...history.flatMap((attempt) => attempt.attachments ?? [])]);
  return files.reduce((largest, { id }) => Math.max(largest, Number(id)), 0) + 1;
}

function submitHomework(canvas, score, files) {
  if (!score.isColumn) return;
  const submission = submissionOf(canvas, score);
  const { attempt, submissionType, submittedAt, body, url, attachments, history = [] } = submission;
  if (attempt) history.push({ attempt, submissionType, submittedAt, body, url, attachments });
  const at = microsecondsLeniently(score.submittedAt) ?? canvas.seconds() * 1_000_000;
  const type = SUBMISSION_TYPES.includes(score.type) ? score.type : undefined;
  const data = score.extension?.submission_data;
  Object.assign(submission, {
    attempt: (attempt ?? 0) + 1,
    submissionType: type,
    submittedAt: isoText(at).replace('.000', ''),
    url: type === 'basic_lti_launch' || type === 'online_url' ? data : undefined,
    body: type === 'online_text_entry' ? data : undefined,
    attachments: files.map(({ attachment }) => attachment),
    workflowState: 'submitted',
    history,
  });
}

function grade(canvas, score) {
  const { params, tool, item, assignment, extension } = score;
  if (!score.isColumn) return null;
  const submission = submissionOf(canvas, score);
  const isKept = toFlag(extension?.preserve_score) === true;
  const isPersons = toFlag(extension?.prioritize_non_tool_grade) === true && !isAbsent(submission.score);
  if (isKept || score.isReset) {
    if (!isKept) submission.score = null;
  } else if (!isPersons) {
    submission.graderId = -Number(canvas.localId(tool.id));
    if (assignment.gradingType === 'pass_fail') {
      const isPassed = toFloat(params.scoreGiven) > 0;
      submission.grade = isPassed ? 'complete' : 'incomplete';
      submission.score = isPassed ? assignment.pointsPossible ?? 0 : 0;
    } else {
      submission.score = toFloat(params.scoreGiven) * scale(params, item);
    }
    submission.workflowState = params.gradingProgress === 'PendingManual' ? 'pending_review' : 'graded';
  }
  if (!isBlank(params.comment)) (submission.comments ??= []).push({ comment: params.comment });
  return submission;
}

const scale = ({ scoreMaximum }, item) => {
  const maximum = toFloat(scoreMaximum);
  return maximum === 0 ? 1 : item.scoreMaximum / maximum;
};

function store(canvas, { params, user, item, result, timestamp, extension }, submission) {
  const kept = result ?? add(canvas, 'results', {
    id: newId(canvas, 'results'), lineItemId: item.id, userId: user.id, createdAt: timestamp,
  });
  return Object.assign(kept, {
    resultScore: toNumber(params.scoreGiven),
    resultMaximum: toNumber(params.scoreMaximum),
    ...(params.comment !== undefined && { comment: params.comment }),
    activityProgress: params.activityProgress,
    gradingProgress: params.gradingProgress,
    extensions: extension ? { [EXTENSION]: extension } : {},
    updatedAt: timestamp,
    ...(submission && { submissionId: submission.id }),
  });
}

function permitted(sent) {
  if (sent === null || typeof sent !== 'object' || Array.isArray(sent)) return undefined;
  const entries = EXTENSION_MEMBERS.filter((name) => Object.hasOwn(sent, name)).map((name) => [name, sent[name]]);
  const extension = Object.fromEntries(entries);
  if (!Array.isArray(extension.content_items)) delete extension.content_items;
  extension.content_items &&= extension.content_items.map(fileItem);
  return extension;
}

const fileItem = (item) =>
  Object.fromEntries(ITEM_MEMBERS.filter((name) => Object.hasOwn(item ?? {}, name)).map((name) => [name, item[name]]));

const isAbsent = (value) => value === undefined || value === null;
const isBlank = (value) => isAbsent(value) || value === false || (typeof value === 'string' && !value.trim());
const toFloat = (value) => Number.parseFloat(textOf(value)) || 0;
const toNumber = (value) => (isAbsent(value) ? null : Number(value));

/** Rails' cast of a boolean: null for nothing. */
function toFlag(value) {
  if (isAbsent(value) || value === '') return null;
  return !['false', 'f', '0', 'off'].includes(textOf(value).toLowerCase());
}
