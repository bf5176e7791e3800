// Progress: how far Canvas is with the files of a score.

import { json } from '../answers.js';
import { add, newId, requireCourse, toolOfAssignment } from './gradebook.js';
import { notThere, refuse } from './service_answers.js';
import { allOf } from './service_token.js';

const SHOW = 'https://canvas.instructure.com/lti-ags/progress/scope/show';

export const progressUrl = (call, progress) =>
  `${call.url.origin}/api/lti/courses/${call.path.courseId}/progress/${progress.id}`;

/** The progress of a file's upload, which is done at once here. */
export function startProgress(canvas, { assignment, user, file }) {
  const now = canvas.time();
  return add(canvas, 'progresses', {
    id: newId(canvas, 'progresses'),
    assignmentId: assignment?.id,
    userId: user.id,
    tag: 'upload_via_url',
    completion: 100,
    workflowState: 'completed',
    createdAt: now,
    updatedAt: now,
    message: null,
    results: { id: file.id },
  });
}

/** GET /api/lti/courses/:courseId/progress/:progressId */
export async function showProgress(canvas, call) {
  const { tool } = await requireCourse(canvas, call, allOf(SHOW));
  const progress = canvas.find('progresses', call.path.progressId) ?? notThere('no such progress');
  const assignment = progress.assignmentId === undefined ? null : canvas.find('assignments', progress.assignmentId);
  if (!assignment) {
    refuse('forbidden', 'Tool does not have permission to view a Progress not associated with an Assignment');
  }
  if ((toolOfAssignment(canvas, assignment) ?? tool) !== tool) {
    refuse('unprocessable_entity', "Progress associated with Assignment that isn't linked to this Tool");
  }
  const isPending = ['queued', 'running'].includes(progress.workflowState);
  return json(200, {
    id: canvas.localId(progress.id),
    context_id: canvas.localId(assignment.id),
    context_type: 'Assignment',
    user_id: canvas.localId(progress.userId),
    tag: progress.tag,
    completion: progress.completion,
    workflow_state: progress.workflowState,
    created_at: progress.createdAt,
    updated_at: progress.updatedAt,
    message: progress.message ?? null,
    results: isPending ? undefined : progress.results,
    url: progressUrl(call, progress),
  });
}
