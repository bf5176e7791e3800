// An LTI 1.3 tool on Workers with Hono: launches and sessions are in Durable Objects, wherever a request is answered.
import { canvasPlatform } from 'canvas-lms-tokens';
import { createTool, durableObjectStore } from 'canvas-lms-tokens/tool';
import { Hono } from 'hono';
import { html } from 'hono/html';

export { TokensDurableObject } from 'canvas-lms-tokens/tool';

let tool;
/** One for each isolate, made by the first request, which brings the settings. */
function toolOf({ TOOL_KEY, TOOL_SECRET, CANVAS_CLIENT_ID: clientId, CANVAS_URL: baseUrl, TOKENS }) {
  tool ??= createTool({
    platforms: canvasPlatform({ clientId, baseUrl }),
    keys: [JSON.parse(TOOL_KEY)],
    secret: TOOL_SECRET,
    store: durableObjectStore(TOKENS),
    async onLaunch({ user }, { startSession }) {
      const { code } = await startSession();
      return page(html`<h1>Welcome, ${user?.name ?? 'visitor'}</h1>
        <form method="post" action="/read?lti_code=${code}"><button>I have read it</button></form>`);
    },
    onError: ({ code, message }) => console.error(code, message),
  });
  return tool;
}

const page = (body, status = 200) => new Response(String(html`<!doctype html><meta charset="utf-8">${body}`), {
  status, headers: { 'Content-Type': 'text/html; charset=utf-8' },
});

const app = new Hono();
app.all('/lti/*', ({ env, req }) => toolOf(env).fetch(req.raw));
app.post('/read', async ({ env, req }) => {
  const launch = await toolOf(env).session(req.raw);
  if (!launch?.user || !launch.lineItems?.lineItem) return page(html`<h1>Open it again, as an assignment</h1>`, 403);
  await tool.services(launch).postScore(launch.lineItems.lineItem, {
    userId: launch.user.id, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
  });
  return page(html`<h1>The point is in the gradebook</h1>`);
});

export default app;
