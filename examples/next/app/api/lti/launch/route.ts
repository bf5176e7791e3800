// 2. Canvas has the browser post the launch: a teacher chooses a reading, or somebody opens one.
import { signJwt, verifyLaunch } from 'canvas-lms-tokens';
import { answered, claimNonce, escape, page, settings } from '../../../../lib/lti';
import { readings } from '../../../../lib/readings';

export const POST = (request: Request) => answered(async () => {
  const { platform, secret, toolUrl } = settings();
  const launch = await verifyLaunch(await request.formData(), {
    platforms: platform, secret, claimNonce, cookie: request.headers.get('Cookie'),
  });
  const headers = { 'Set-Cookie': launch.clearCookie };
  if (!launch.deepLinking) {
    const { reading } = launch.custom;
    if (!Object.hasOwn(readings, reading ?? '')) return page('<p>There is no such reading.</p>', 404, headers);
    return new Response(null, { status: 303, headers: { ...headers, Location: `${toolUrl}/readings/${reading}` } });
  }
  // What the next request needs is in the page, signed, so that it needs no cookie.
  const { deepLinking, deploymentId, placement } = launch;
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const ticket = await signJwt({ aud: 'pick', exp, launch: JSON.stringify({ deploymentId, placement, deepLinking }) }, { secret });
  const buttons = Object.entries(readings).map(([id, { title }]) => `<button name="reading" value="${id}">${escape(title)}</button>`);
  return page(`<h1>Which reading?</h1>
<form method="post" action="/api/lti/pick">
<input type="hidden" name="ticket" value="${ticket}">
${buttons.join('\n')}
</form>`, 200, headers);
});
