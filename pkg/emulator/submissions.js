// LTI 2 submissions: one, its history, and its files.

import { json, refusal, unauthorizedTool } from './answers.js';
import { attemptsOf, fileOf, isAssociated } from './assignments.js';
import { requireToolProxy } from './lti_token.js';
import { SIMILARITY } from './services.js';

const SUBMISSION = 'vnd.Canvas.submission';

export async function showSubmission(canvas, call) {
  const submission = await locate(canvas, call, [SUBMISSION]);
  return json(200, document(canvas, call, attemptsOf(submission).at(-1)));
}

export async function showHistory(canvas, call) {
  const submission = await locate(canvas, call, [`${SUBMISSION}.history`, SUBMISSION]);
  return json(200, attemptsOf(submission).map((attempt) => document(canvas, call, attempt)));
}

export async function showAttachment(canvas, call) {
  const submission = await locate(canvas, call, [SUBMISSION]);
  const file = fileOf(submission, canvas.localId(call.path.attachmentId));
  if (!file) throw refusal(unauthorizedTool(), 'the file is not in the submission');
  const headers = { 'content-type': file.contentType ?? 'application/octet-stream' };
  return { status: 200, headers, text: file.content };
}

// The submission alone is looked up; Canvas does not compare the path's assignment with it.
async function locate(canvas, call, services) {
  const toolProxy = await requireToolProxy(canvas, call, services);
  const submission = canvas.need('submissions', call.path.submissionId);
  const isAllowed = isAssociated(canvas.find('assignments', submission.assignmentId), toolProxy)
    && toolProxy.capabilities?.includes(SIMILARITY);
  if (!isAllowed) throw refusal(unauthorizedTool(), 'the tool may not read the submission');
  return submission;
}

function document(canvas, call, attempt) {
  const assignment = canvas.find('assignments', attempt.assignmentId);
  const course = canvas.find('courses', assignment.courseId);
  return {
    id: canvas.localId(attempt.id),
    body: attempt.body ?? null,
    url: attempt.url ?? null,
    submitted_at: attempt.submittedAt ?? null,
    assignment_id: canvas.localId(assignment.id),
    user_id: canvas.find('users', attempt.userId)?.ltiId ?? null,
    submission_type: attempt.submissionType ?? null,
    workflow_state: attempt.workflowState ?? 'submitted',
    attempt: attempt.attempt ?? 1,
    attachments: attempt.attachments.map((file) => attachment(canvas, call, attempt, file)),
    eula_agreement_timestamp: attempt.eulaAgreementTimestamp,
    course_id: canvas.globalId(course.id),
    lti_course_id: course.ltiId,
  };
}

function attachment(canvas, call, { id, assignmentId, submittedAt }, file) {
  const [assignment, submission, attached] = [assignmentId, id, file.id].map(canvas.globalId);
  const host = canvas.filesHost ?? call.url.host;
  const path = `/api/lti/assignments/${assignment}/submissions/${submission}/attachment/${attached}`;
  return {
    id: canvas.localId(file.id),
    display_name: file.displayName ?? file.filename,
    filename: file.filename,
    'content-type': file.contentType,
    size: file.size ?? new TextEncoder().encode(file.content ?? '').length,
    created_at: file.createdAt ?? submittedAt,
    updated_at: file.updatedAt ?? submittedAt,
    url: `${call.url.protocol}//${host}${path}`,
  };
}
