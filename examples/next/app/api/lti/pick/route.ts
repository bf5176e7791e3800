// 3. The teacher has chosen: Canvas is told by a form that the browser posts.
import { deepLinkingResponse, verifyJwt, type Launch } from 'canvas-lms-tokens';
import { answered, page, settings } from '../../../../lib/lti';
import { readings } from '../../../../lib/readings';

export const POST = (request: Request) => answered(async () => {
  const { platform, key, secret, redirectUri } = settings();
  const fields = await request.formData();
  const [ticket, reading] = ['ticket', 'reading'].map((name) => String(fields.get(name) ?? ''));
  const { claims } = await verifyJwt(ticket, { secret }, { audience: 'pick', requiredClaims: ['exp'] });
  if (!Object.hasOwn(readings, reading)) return page('<p>There is no such reading.</p>', 404);
  const launch: Pick<Launch, 'deploymentId' | 'placement' | 'deepLinking'> = JSON.parse(claims.launch as string);
  const { form } = await deepLinkingResponse({ platform, ...launch }, {
    items: [{ type: 'ltiResourceLink', title: readings[reading].title, url: redirectUri, custom: { reading } }], key,
  });
  return new Response(form, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
});
