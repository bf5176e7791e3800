// The address that a deep linking response returns to: a token that can be used once stands in its query.

import { signHmac } from '../jose.js';

const MODAL = [
  'editor_button', 'assignment_selection', 'link_selection', 'migration_selection', 'course_assignments_menu',
  'module_index_menu_modal', 'module_menu_modal',
];

export async function deepLinkingReturnUrl({ canvas, origin, context, placement, assignment, moduleId }) {
  const data = {
    nonce: canvas.uuid(),
    modal: MODAL.includes(placement),
    placement,
    context_module_id: moduleId,
    assignment_id: assignment && canvas.localId(assignment.id),
  };
  const url = new URL(`${origin}/${context.kind}/${canvas.localId(context.id)}/deep_linking_response`);
  url.searchParams.set('data', await signHmac(data, canvas.secrets.encryptionKey));
  return url.href;
}
