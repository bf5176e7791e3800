// A tool made with the package, served as the others are.
import { beginLaunch, verifyLaunch } from 'canvas-lms-tokens';
import { serve } from '../../../scripts/serve.mjs';

/** Resolves to {url, close()}: it launches, and has no services. */
export async function startOwnTool() {
  const platforms = [];
  const used = new Set();
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const claimNonce = (name) => !used.has(name) && Boolean(used.add(name));
  const { url, close } = await serve({
    handler: (request) => answer(request).catch(({ code, message }) => json({ error: `${code}: ${message}` }, 400)),
  });
  const paths = {
    '/platform': async (request) => {
      platforms.splice(0, Infinity, await request.json());
      return json({});
    },
    '/login': async (request) => {
      const login = await beginLaunch(await request.formData(), { platforms, redirectUri: `${tool}/launch`, secret });
      return new Response(null, { status: 302, headers: { location: login.url, 'set-cookie': login.cookie } });
    },
    '/launch': async (request) => {
      const cookie = request.headers.get('cookie');
      const options = { platforms, secret, cookie, claimNonce };
      const { claims, ...launch } = await verifyLaunch(await request.formData(), options);
      return json({ launch, claims });
    },
  };
  const answer = async (request) => paths[new URL(request.url).pathname](request);
  const tool = url.replace('localhost', '127.0.0.1');
  return { url: tool, close };
}

const json = (value, status = 200) => Response.json(value, { status });
