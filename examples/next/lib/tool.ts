// The tool; how it answers launches and deep linking requests.
import { canvasPlatform } from 'canvas-lms-tokens';
import { createTool, memoryStore, type Tool } from 'canvas-lms-tokens/tool';
import { readings } from './readings';

// One for all routes of the process, which Next.js bundles apart.
const shared = globalThis as { tool?: Tool };

/** Made when a request needs it, as `next build` has no settings. */
export const tool = () => (shared.tool ??= make());

function make(): Tool {
  const { TOOL_URL, TOOL_KEY, TOOL_SECRET: secret, CANVAS_CLIENT_ID: clientId, CANVAS_URL: baseUrl } = process.env;
  if (!TOOL_URL || !TOOL_KEY || !secret || !clientId) throw new Error('settings are missing: README.md says how to make .env');
  return createTool({
    platforms: canvasPlatform({ clientId, baseUrl }),
    keys: [JSON.parse(TOOL_KEY)],
    secret,
    store: memoryStore(), // of one process; the other stores are for many
    // Next.js tells its handlers of an address of its own.
    origin: TOOL_URL,
    // Somebody opens a reading.
    onLaunch({ custom: { reading } }) {
      if (!Object.hasOwn(readings, reading ?? '')) return page('<h1>There is no such reading</h1>', 404);
      return new Response(null, { status: 303, headers: { Location: `${TOOL_URL}/readings/${reading}` } });
    },
    // A teacher wants to put one into a course.
    async onDeepLinking(launch, { startSession }) {
      // The cookie goes with the answer; the code is for a frame that keeps none.
      const { code } = await startSession();
      const buttons = Object.entries(readings).map(([id, { title }]) => `<button name="reading" value="${id}">${title}</button>`);
      return page(`<h1>Which reading?</h1>\n<form method="post" action="/pick?lti_code=${code}">${buttons.join('\n')}</form>`);
    },
  });
}

export const page = (body: string, status = 200) => new Response(`<!doctype html>\n<meta charset="utf-8">\n${body}\n`, {
  status, headers: { 'Content-Type': 'text/html; charset=utf-8' },
});
