// Users' tokens as a consumer writes them.
import {
  type Authorization, beginAuthorization, cachedToken, Canvas, type CanvasClient, encryptedStore, isTokenError, refreshUserToken,
  requestUserToken, revokeUserToken, type UserToken,
} from 'canvas-lms-tokens';
import { createEmulator } from 'canvas-lms-tokens/emulator';

const client: CanvasClient = { baseUrl: 'https://school.test', clientId: 10000000000042n, clientSecret: 'x' };
const both = { client, redirectUri: 'https://tool.test/callback', secret: ['a', new Uint8Array(32)] };

export async function answer(request: Request): Promise<string> {
  const begun: Authorization = await beginAuthorization({ ...both, scopes: ['url:POST|/api/v1/jwts'], prompt: 'none', returnTo: '/a' });
  const url: string = await createEmulator().consent(begun.url, { userId: 3, deny: false });
  const token = await requestUserToken(request, { ...both, claimNonce: async () => true });
  await requestUserToken(new URL(url), { ...both, client: [client], binding: begun.binding });
  await requestUserToken(url, { ...both, client: async (baseUrl: string, clientId: string) => ({ baseUrl, clientId, public: true }), cookie: null });
  await requestUserToken({ code: 'a', state: 'b' }, { ...both, replaceTokens: true, timeout: 1000 });
  const next: string | null = token.returnTo;
  const id: number | bigint | string | undefined = token.user?.id;
  const plain: UserToken = await refreshUserToken({ client: { ...client, clientSecret: undefined, key: { kty: 'RSA' } }, refreshToken: 'r' });
  const end: number | null = plain.expiresAt;
  const store = encryptedStore(new Map<string, string>(), 'a'.repeat(32));
  const accessToken = cachedToken(() => refreshUserToken({ client, refreshToken: 'r' }), { store, name: `${id}` });
  new Canvas({ baseUrl: token.baseUrl, accessToken });
  const { forwardUrl }: { forwardUrl: string | null } = await revokeUserToken({ baseUrl: token.baseUrl, accessToken, expireSessions: true });
  try {
    await requestUserToken('', both);
  } catch (error) {
    if (isTokenError(error) && error.code === 'ERR_OAUTH_STATE_NOT_BOUND') return begun.cookie;
  }
  // @ts-expect-error
  beginAuthorization({ ...both, prompt: 'login' });
  // @ts-expect-error
  beginAuthorization({ ...both, forceLogin: '1' });
  // @ts-expect-error
  beginAuthorization({ client, redirectUri: 'x' });
  // @ts-expect-error
  refreshUserToken({ client: [client], refreshToken: 'r' });
  // @ts-expect-error
  revokeUserToken({ accessToken: 't' });
  // @ts-expect-error
  const text: string = token.refreshToken;
  return `${next}${end}${forwardUrl}${text}`;
}
