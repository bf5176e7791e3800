// 1. Canvas sends the browser here, which goes on to Canvas with a state that is bound to it.
import { beginLaunch, type FormLike } from 'canvas-lms-tokens';
import { answered, settings } from '../../../../lib/lti';

const begin = (form: FormLike) => answered(async () => {
  const { platform, redirectUri, secret } = settings();
  const { url, cookie } = await beginLaunch(form, { platforms: platform, redirectUri, secret });
  return new Response(null, { status: 302, headers: { Location: url, 'Set-Cookie': cookie } });
});

export const POST = async (request: Request) => begin(await request.formData());
export const GET = async (request: Request) => begin(new URL(request.url).searchParams);
