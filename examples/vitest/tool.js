// A tool to test: it marks as present whoever opens it in Canvas. It takes requests as Workers, Deno, Bun and Hono hand them over.
import { beginLaunch, isTokenError, LtiServices, verifyLaunch } from 'canvas-lms-tokens';

/** What differs between production and tests is an option: `fetch` is the way to Canvas, `claimNonce` remembers launches. */
export function createAttendance({ platform, redirectUri, key, secret, claimNonce, fetch }) {
  const routes = {
    async '/login'(form) {
      const { url, cookie } = await beginLaunch(form, { platforms: platform, redirectUri, secret });
      return new Response(null, { status: 302, headers: { Location: url, 'Set-Cookie': cookie } });
    },
    async '/launch'(form, cookie) {
      const launch = await verifyLaunch(form, { platforms: platform, secret, cookie, claimNonce, fetch });
      const { lineItem } = launch.lineItems ?? {};
      if (!launch.isLearner || !lineItem) return new Response('Students who open the assignment are present.');
      await LtiServices.for(launch, { key, fetch }).postScore(lineItem, {
        userId: launch.user.id, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
      });
      return new Response(`${launch.user.name ?? 'You'}: present`, { headers: { 'Set-Cookie': launch.clearCookie } });
    },
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'POST' || !Object.hasOwn(routes, pathname)) return new Response('not found', { status: 404 });
    try {
      return await routes[pathname](await request.formData(), request.headers.get('Cookie'));
    } catch (error) {
      if (!isTokenError(error)) throw error;
      return new Response(`${error.code}: ${error.message}`, { status: 403 });
    }
  };
}
