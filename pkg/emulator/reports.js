// Originality reports: POST is an upsert; PUT and GET by report or by file.

import { badRequest, json, refusal } from './answers.js';
import { attemptsOf, fileOf, isAssociated, missing, noTool, submissionOfFile } from './assignments.js';
import { idNumber } from './json.js';
import { requireToolProxy } from './lti_token.js';
import { isBlank } from './params.js';

const SERVICE = ['vnd.Canvas.OriginalityReport'];
const RANGE = 'score must be between 0 and 100';

export async function createReport(canvas, call) {
  const { toolProxy, assignment, submission } = await locate(canvas, call);
  const sent = sentOf(call);
  const hasFile = !isBlank(sent.file_id);
  if (!hasFile && !assignment.submissionTypes?.includes('online_text_entry')) missing('no file, and no text entry');
  if (hasFile && !fileOf(submission, sent.file_id)) {
    if (submissionOfFile(canvas, sent.file_id)) noTool('the file is not in the submission');
    missing(`no file with id ${sent.file_id}`);
  }
  const attempt = attemptOf(submission, sent.attempt);
  requireAssociation(assignment, toolProxy);

  const found = lookUp(canvas, submission, { fileId: sent.file_id, attempt });
  if (found) return answer(200, save(canvas, found, sent));
  const fresh = {
    id: canvas.nextId(),
    fileId: hasFile ? idNumber(sent.file_id) : null,
    submissionId: submission.id,
    submissionTime: (attempt ?? submission).submittedAt ?? null,
    rootAccountId: canvas.rootAccount().id,
    createdAt: canvas.time(),
    workflowState: null,
  };
  const report = save(canvas, fresh, sent);
  copyToGroup(canvas, submission, report);
  return answer(201, report);
}

export async function updateReport(canvas, call) {
  const { toolProxy, assignment, submission } = await locate(canvas, call);
  const report = find(canvas, call, submission);
  requireAssociation(assignment, toolProxy);
  return answer(200, save(canvas, report, sentOf(call)));
}

export async function showReport(canvas, call) {
  const { toolProxy, assignment, submission } = await locate(canvas, call);
  const report = find(canvas, call, submission);
  requireAssociation(assignment, toolProxy);
  return answer(200, report);
}

async function locate(canvas, call) {
  const toolProxy = await requireToolProxy(canvas, call, SERVICE);
  const { assignmentId, submissionId, fileId } = call.path;
  const assignment = canvas.need('assignments', assignmentId);
  const submission = fileId === undefined
    ? canvas.need('submissions', submissionId)
    : submissionOfFile(canvas, fileId) ?? missing(`no file with id ${fileId}`);
  const isOfAssignment = canvas.find('assignments', submission.assignmentId) === assignment;
  if (!isOfAssignment) noTool('the submission is of another assignment');
  return { toolProxy, assignment, submission };
}

function requireAssociation(assignment, toolProxy) {
  if (!isAssociated(assignment, toolProxy)) noTool('the tool is not associated with the assignment');
}

function sentOf(call) {
  const sent = call.params.originality_report;
  if (!isBlank(sent)) return sent;
  throw refusal(badRequest('originality_report is missing'), 'originality_report is missing');
}

function attemptOf(submission, number) {
  if (isBlank(number)) return null;
  const found = attemptsOf(submission).find(({ attempt }) => String(attempt) === String(number));
  return found ?? missing(`no attempt ${number}`);
}

// A file named in the parameters counts too, so a report's id that does not exist can still hit one.
function find(canvas, call, submission) {
  const { reportId: id, fileId = call.params.originality_report?.file_id } = call.path;
  const attempt = attemptOf(submission, call.params.originality_report?.attempt);
  const report = lookUp(canvas, submission, { id, fileId, attempt }) ?? missing('no such report');
  return report.submissionId === submission.id ? report : noTool('the report is of another submission');
}

// In Canvas's order: by id, by file, by attempt, and the one that has no file.
function lookUp(canvas, submission, { id, fileId, attempt }) {
  const { reports } = canvas.records;
  const byId = id === undefined ? null : reports.get(String(id));
  if (byId) return byId;
  const own = [...reports.values()].filter((report) => report.submissionId === submission.id);
  if (!isBlank(fileId)) return own.find((report) => String(report.fileId) === String(fileId)) ?? null;
  const withoutFile = own.filter((report) => report.fileId === null);
  if (attempt) return withoutFile.find((report) => report.submissionTime === attempt.submittedAt) ?? null;
  return withoutFile[0] ?? null;
}

// Rails makes 0 of text that is no number.
const toId = (value) => (isBlank(value) ? null : idNumber(/^[0-9]+$/.test(value) ? value : 0));
const toScore = (value) => (isBlank(value) ? null : Number.parseFloat(value) || 0);
const asIs = (value) => value;

const FIELDS = {
  originality_score: ['score', toScore],
  originality_report_url: ['url', asIs],
  originality_report_file_id: ['reportFileId', toId],
  workflow_state: ['workflowState', asIs],
  tool_setting: ['toolSetting', asIs],
};

function save(canvas, report, sent) {
  const changed = { ...report, errorMessage: sent.error_message ?? null, updatedAt: canvas.time() };
  for (const [name, [field, read]] of Object.entries(FIELDS)) {
    if (Object.hasOwn(sent, name)) changed[field] = read(sent[name]);
  }
  // Whatever state is sent, it is worked out anew unless it is error; so none is ever invalid.
  if (!isBlank(changed.errorMessage)) changed.workflowState = 'error';
  if (changed.workflowState !== 'error') changed.workflowState = changed.score == null ? 'pending' : 'scored';
  if (changed.score < 0 || changed.score > 100) {
    const errors = { originality_score: [{ attribute: 'originality_score', type: RANGE, message: RANGE }] };
    throw refusal(json(400, { errors }), RANGE);
  }
  canvas.records.reports.set(String(changed.id), changed);
  return changed;
}

// Canvas copies a new report to the rest of the group in a job; here it is there at once.
function copyToGroup(canvas, submission, report) {
  if (submission.groupId === undefined) return;
  const { assignmentId, groupId, id: own } = submission;
  for (const other of canvas.records.submissions.values()) {
    if (other.id === own || other.groupId !== groupId || other.assignmentId !== assignmentId) continue;
    const id = canvas.nextId();
    canvas.records.reports.set(String(id), { ...report, id, submissionId: other.id });
  }
}

const answer = (status, report) =>
  json(status, {
    id: report.id,
    file_id: report.fileId,
    originality_score: report.score ?? null,
    originality_report_file_id: report.reportFileId ?? null,
    originality_report_url: report.url ?? null,
    submission_id: idNumber(report.submissionId),
    submission_time: report.submissionTime,
    workflow_state: report.workflowState,
    error_message: report.errorMessage,
    tool_setting: report.toolSetting ?? undefined,
    root_account_id: idNumber(report.rootAccountId),
    created_at: report.createdAt,
    updated_at: report.updatedAt,
  });
