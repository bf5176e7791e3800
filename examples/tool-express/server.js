// An LTI 1.3 tool with Express, in as many processes as there is work for: what they share is in Redis.
import { canvasPlatform } from 'canvas-lms-tokens';
import { createTool, redisStore } from 'canvas-lms-tokens/tool';
import express from 'express';
import Redis from 'ioredis';
import { toNodeHandler } from 'srvx/node';

for (const name of ['PORT', 'TOOL_URL', 'TOOL_KEY', 'TOOL_SECRET', 'CANVAS_CLIENT_ID', 'REDIS_URL']) {
  if (!process.env[name]) throw new Error(`${name} is not set: README.md says how to make .env`);
}
const { PORT, TOOL_URL, TOOL_KEY, TOOL_SECRET, CANVAS_CLIENT_ID: clientId, CANVAS_URL: baseUrl, REDIS_URL } = process.env;

const redis = new Redis(REDIS_URL);
const tool = createTool({
  platforms: canvasPlatform({ clientId, baseUrl }),
  keys: [JSON.parse(TOOL_KEY)],
  secret: TOOL_SECRET,
  store: redisStore((command) => redis.call(...command)),
  // Behind a proxy, this is what browsers know the tool by.
  origin: TOOL_URL,
  async onLaunch({ user }, { startSession }) {
    const { code } = await startSession();
    return page(`<h1>Welcome, ${escape(user?.name ?? 'visitor')}</h1>
      <form method="post" action="/read?lti_code=${code}"><button>I have read it</button></form>`);
  },
  onError: ({ code, message }) => console.error(code, message),
});

/** A route of the tool's own, as a fetch handler. */
async function read(request) {
  const launch = await tool.session(request);
  if (!launch?.user || !launch.lineItems?.lineItem) return page('<h1>Open it again, as an assignment</h1>', 403);
  await tool.services(launch).postScore(launch.lineItems.lineItem, {
    userId: launch.user.id, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
  });
  return page('<h1>The point is in the gradebook</h1>');
}

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const page = (body, status = 200) => new Response(`<!doctype html>\n<meta charset="utf-8">\n${body}\n`, {
  status, headers: { 'Content-Type': 'text/html; charset=utf-8' },
});

const app = express();
// Before any parser of bodies, as the tool reads them itself.
app.all('/lti/{*path}', toNodeHandler(tool.fetch));
app.post('/read', toNodeHandler(read));
app.listen(PORT, () => console.log(`The tool listens on port ${PORT}`));
