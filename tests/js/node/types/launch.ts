// Checked by tsc, never run: LTI 1.3's logins, launches and notices.
import { beginLaunch, canvasPlatform, isTokenError, verifyLaunch, verifyNotice } from 'canvas-lms-tokens';
import type {
  Claims, FormLike, Launch, LaunchOptions, Login, LoginOptions, NonceClaim, Notice, NoticeOptions, Platform, PlatformKeys, Platforms,
} from 'canvas-lms-tokens';

export async function all(request: Request) {
  // Platforms
  const platform: Platform = canvasPlatform({ clientId: 90000000000000001n });
  canvasPlatform({ clientId: '1', environment: 'beta' });
  canvasPlatform({ clientId: 1, baseUrl: 'https://canvas.school.test', issuer: 'https://canvas.school.test' });
  // @ts-expect-error
  canvasPlatform({ clientId: 1, environment: 'prod' });
  // @ts-expect-error
  canvasPlatform({ baseUrl: 'https://canvas.school.test' });
  const known: Record<string, Platform> = {};
  const platforms: Platforms[] = [platform, [platform], (issuer) => known[issuer], async (issuer, clientId) => known[issuer + clientId] ?? null];
  // @ts-expect-error
  const number: Platform = { ...platform, clientId: 1 };

  // Forms
  const forms: FormLike[] = [new URLSearchParams(), await request.formData(), new URL(request.url).search, { a: 'b', c: ['d'], e: undefined, f: { g: ['h'] } }];
  // @ts-expect-error
  const noForm: FormLike = 1;

  // Login
  const loginOptions: LoginOptions = { platforms: platforms[0], redirectUri: 'https://tool.test/launch', secret: ['new', new Uint8Array(32)] };
  const login: Login = await beginLaunch(forms[0], { ...loginOptions, lifetime: 300, now: 1 });
  const page: { target: string; origin: string; key: string; value: string } | null = login.storage;
  new Headers({ location: login.url, 'set-cookie': login.cookie });
  // @ts-expect-error
  await beginLaunch(forms[0], { platforms: platform, secret: 'x' });

  // Launch
  const options: LaunchOptions = {
    platforms: platform, secret: 'x', cookie: request.headers.get('cookie'),
    stored: { value: new URLSearchParams(request.url).get('stored'), origin: request.headers.get('origin') },
    claimNonce: async (name, until) => name.length > until, timeout: 1000, fetch,
  };
  const launch: Launch = await verifyLaunch(forms[1], { ...options, keys: { keys: [] } });
  const keys: PlatformKeys[] = [{ keys: [] }, (found) => (found.issuer === '' ? undefined : { keys: [] }), async () => ({ keys: [] })];
  await verifyLaunch(forms[1], { ...options, keys: keys[0] });
  // @ts-expect-error
  await verifyLaunch(forms[1], { ...options, keys: () => 7 });
  const id: string | undefined = launch.user?.id;
  const title: string | undefined = launch.resourceLink?.title;
  const value: string | undefined = launch.custom.course;
  if (launch.messageType === 'LtiDeepLinkingRequest') launch.deepLinking?.acceptTypes.includes('link');
  // A tool's own token, which it reads when the choice is made.
  const ticket: Claims = { exp: 1, deepLinking: launch.deepLinking, context: launch.context, user: launch.user };
  if (launch.messageType === 'LtiOfTheFuture') launch.claims.x;
  // @ts-expect-error
  launch.user.id;
  // @ts-expect-error
  await verifyLaunch(forms[0], { ...options, claimNonce: () => 'yes' });
  const claims: NonceClaim[] = [{ add: () => true }, { add: async (name: string, value: string, ttl: number) => name !== value && ttl > 0 }];
  await verifyLaunch(forms[0], { ...options, claimNonce: claims[0] });
  // @ts-expect-error
  await verifyLaunch(forms[0], { ...options, claimNonce: new Map<string, string>() });

  // Notice
  const noticeOptions: NoticeOptions = { platforms: platforms[2] };
  const notice: Notice = await verifyNotice('eyJ', noticeOptions);
  if (notice.type === 'LtiHelloWorldNotice') notice.timestamp.slice();
  // @ts-expect-error
  await verifyNotice('eyJ', { ...noticeOptions, secret: 'x' });

  try {
    await verifyLaunch('', options);
  } catch (error) {
    if (isTokenError(error) && error.code === 'ERR_LTI_STATE_NOT_BOUND' && error.storage) error.storage.key.slice();
  }
  return { id, login, ticket, noForm, number, page, title, value };
}
