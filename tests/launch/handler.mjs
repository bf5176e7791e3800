// A tool of one handler, as its author would write it: a page with a button, which gives a point; and a page that says who is here.
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';
import { serve } from '../../scripts/serve.mjs';

/** Listens on a free port, as startTool() does. `seen` has an entry for each launch and each point, `codes` those of the sessions.
 *  Where it `follows`, a launch of another place than the activity goes on to its target. */
export async function startHandler({ tls, host, settings, follows = false }) {
  const [seen, codes] = [[], []];
  let tool;
  const server = await serve({ tls, handler: (request) => answer(request) });
  const origin = `https://${host}:${server.port}`;
  const { key, client, ...rest } = settings(origin);
  tool = createTool({
    ...rest, keys: [key], store: memoryStore(), origin, paths: { login: '/login', launch: '/launch' },
    async onLaunch({ user }, { request, startSession, target }) {
      const { code } = await startSession();
      codes.push(code);
      seen.push({ launched: user.name, by: request.headers.has('cookie') ? 'cookie' : 'storage' });
      if (follows && target !== `${origin}/activity`) return Response.redirect(target ?? `${origin}/me`, 303);
      return page(`<h1>Welcome, ${user.name}</h1><form method="post" action="/point?lti_code=${code}"><button>I have read it</button></form>`);
    },
    onError: ({ code }) => { seen.push({ refused: code }); },
  });

  async function answer(request) {
    const { pathname } = new URL(request.url);
    if (!['/point', '/me'].includes(pathname)) return tool.fetch(request);
    const launch = await tool.session(request);
    if (pathname === '/me') return page(`<h1>${launch ? `You are ${launch.user.name}` : 'Nobody is here'}</h1>`);
    if (!launch) return page('<h1>Nobody is here</h1>', 403);
    await tool.services(launch).postScore(launch.lineItems.lineItem, {
      userId: launch.user.id, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
    });
    seen.push({ point: launch.user.name });
    return page('<h1>The point is in the gradebook</h1>');
  }
  return { origin, seen, codes, close: server.close };
}

const page = (body, status = 200) => new Response(`<!doctype html>\n<meta charset="utf-8">\n<body>${body}</body>`, {
  status, headers: { 'Content-Type': 'text/html; charset=utf-8' },
});
