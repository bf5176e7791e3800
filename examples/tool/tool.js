// An LTI 1.3 tool: a student opens it in Canvas and reads a page, and the point is in the gradebook.
import { canvasPlatform } from 'canvas-lms-tokens';
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';

const tool = createTool({
  platforms: canvasPlatform({ clientId: '10000000000042', baseUrl: 'http://localhost:8931' }),
  keys: [JSON.parse(process.env.TOOL_KEY)],
  secret: process.env.TOOL_SECRET,
  store: memoryStore(), // of one process; the other stores are for many
  async onLaunch({ user }, { startSession }) {
    // The cookie goes with the answer; the code is for a frame that keeps none.
    const { code } = await startSession();
    return page(`<h1>Welcome, ${escape(user?.name ?? 'visitor')}</h1>
      <form method="post" action="/read?lti_code=${code}"><button>I have read it</button></form>`);
  },
});

export default {
  async fetch(request) {
    if (new URL(request.url).pathname !== '/read') return tool.fetch(request);
    const launch = await tool.session(request);
    if (!launch?.user || !launch.lineItems?.lineItem) return page('<h1>Open it again, as an assignment</h1>', 403);
    await tool.services(launch).postScore(launch.lineItems.lineItem, {
      userId: launch.user.id, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
    });
    return page('<h1>The point is in the gradebook</h1>');
  },
};

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const page = (body, status = 200) => new Response(`<!doctype html>\n<meta charset="utf-8">\n${body}\n`, {
  status, headers: { 'Content-Type': 'text/html; charset=utf-8' },
});
