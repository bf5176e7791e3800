// Canvas's pages with a tool in them: for browsers, which post the login request by themselves.

import { notFound, refusal } from '../answers.js';
import { sessionOf } from '../auth.js';
import { escapeHtml, form, page } from './html.js';
import { beginLaunch, STORAGE_TARGET } from './launches.js';
import { loginRedirect } from './sessions.js';
import { platformStorageScript } from './storage_frame.js';

/** GET /{courses,groups,accounts}/:id/external_tools/:toolId (or `retrieve`), with `placement` (or Canvas's `launch_type`). */
export async function toolPage(canvas, call) {
  const context = canvas.context(call);
  const { params } = call;
  const linkId = params.resource_link_lookup_uuid ?? params.resource_link_id;
  // What an editor wrote into a page names no tool.
  const isRetrieved = call.path.toolId === 'retrieve';
  const tool = canvas.need('tools', isRetrieved ? canvas.records.resourceLinks.get(linkId)?.toolId : call.path.toolId);
  return launchPage(canvas, call, context, tool, {
    placement: params.placement ?? params.launch_type,
    messageType: params.message_type,
    assignmentId: params.assignment_id,
    resourceLinkId: linkId,
    moduleId: params.context_module_id,
  });
}

/** GET /courses/:id/assignments/:assignmentId, of an assignment that a tool is. */
export async function assignmentPage(canvas, call) {
  const context = { ...canvas.need('courses', call.path.id), kind: 'courses' };
  const assignment = canvas.need('assignments', call.path.assignmentId);
  if (assignment.toolId === undefined) throw refusal(notFound(), 'the assignment is no tool');
  const tool = canvas.need('tools', assignment.toolId);
  return launchPage(canvas, call, context, tool, { assignmentId: assignment.id });
}

async function launchPage(canvas, call, context, tool, options) {
  const session = sessionOf(canvas, call);
  const user = session && canvas.find('users', session.userId);
  const isOpen = context.kind === 'courses' && context.isPublic === true;
  if (!user && !isOpen) throw refusal(loginRedirect(call), 'nobody is logged in');
  const storage = call.params.storage !== 'false';
  const { url, form: fields } = await beginLaunch(canvas, {
    ...options,
    developerKeyId: tool.developerKeyId,
    toolId: tool.id,
    userId: user?.id ?? null,
    [{ courses: 'courseId', groups: 'groupId', accounts: 'accountId' }[context.kind]]: context.id,
    origin: call.url.origin,
    storage,
  });
  const target = call.params.display === 'new_window' ? '_top' : 'tool_content';
  return page(200, tool.name, [
    '<iframe name="tool_content" id="tool_content" width="800" height="600" title="tool" allow="storage-access"></iframe>',
    '<pre id="deep_linking_response"></pre>',
    form(url, fields, { target, id: 'tool_form' }),
    `<script>\n${storage ? platformStorageScript(canvas, { authUrl: canvas.authUrlFor(call.url.origin) }) : ''}\n${SUBMITS}\n${LISTENS}\n</script>`,
  ].join('\n'));
}

// The frame of the storage first, so that no message of the tool comes too early.
const SUBMITS = `{
  const submit = () => document.getElementById('tool_form').submit();
  const frame = document.getElementById('${STORAGE_TARGET}');
  if (frame) frame.addEventListener('load', submit, { once: true });
  else submit();
}`;

// What the page around a tool does: it shows what deep linking brought, closes the tool, and gives it the height it asks for.
const LISTENS = `addEventListener('message', ({ origin, source, data }) => {
  const tool = document.getElementById('tool_content');
  if (origin === location.origin && data?.subject === 'LtiDeepLinkingResponse') {
    document.getElementById('deep_linking_response').textContent = JSON.stringify(data);
  }
  if (source !== tool?.contentWindow) return;
  if (data?.subject === 'lti.close') tool.remove();
  if (data?.subject === 'lti.frameResize') tool.height = Number.parseInt(data.height, 10) || tool.height;
});`;

/** GET /{courses,groups,accounts}/:id/external_content/success/external_tool_redirect: where a tool returns to. */
export async function returnPage(canvas, call) {
  const { lti_msg: message = '', lti_errormsg: error = '' } = call.params;
  return page(200, 'Done', `<p id="lti_msg">${escapeHtml(message)}</p>\n<p id="lti_errormsg">${escapeHtml(error)}</p>`);
}
