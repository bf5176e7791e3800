// What the LTI endpoints below an assignment share: finding records, and whether the tool belongs to them.

import { notFound, refusal, unauthenticated } from './answers.js';

/** Every attempt, oldest first; the record itself is the last. */
export const attemptsOf = ({ history = [], ...current }) =>
  [...history, current].map((attempt) => ({ ...current, attachments: [], ...attempt }));

/** A file of any attempt, or null. */
export function fileOf(submission, fileId) {
  const files = attemptsOf(submission).flatMap((attempt) => attempt.attachments);
  return files.find((file) => String(file.id) === String(fileId)) ?? null;
}

/** The submission that has a file, or null. */
export const submissionOfFile = (canvas, fileId) =>
  [...canvas.records.submissions.values()].find((submission) => fileOf(submission, fileId)) ?? null;

export const isAssociated = (assignment, toolProxy) => assignment?.toolProxyGuid === toolProxy.guid;

/** LTI services load no user, so that Canvas takes the tool for somebody not logged in. */
export const noTool = (reason) => {
  throw refusal(unauthenticated(), reason);
};

export const missing = (reason) => {
  throw refusal(notFound(), reason);
};
