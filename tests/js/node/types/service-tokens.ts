// Keys at a URL, service tokens and stores as a consumer writes them.
import {
  type AccessToken, cachedToken, Canvas, canvasPlatform, encryptedStore, type Key, type Platform, publicJwks, remoteJwks,
  requestAccessToken, requestServiceToken, type ServiceToken, signClientAssertion, type Store, verifyJwt, verifyJwtSync,
} from 'canvas-lms-tokens';

const platform: Platform = canvasPlatform({ clientId: 10000000000042n });
const jwk: JsonWebKey & { kid: string } = { kty: 'RSA', kid: 'a' };

// A map has what a store needs, and so has what promises it.
const kept = new Map<string, string>();
const plain: Store = { get: (name) => kept.get(name), set: (name, value) => kept.set(name, value), delete: (name) => kept.delete(name) };
const store: Store = { ...plain, get: async (name) => kept.get(name) ?? null, add: async () => true };

export async function use(token: string): Promise<void> {
  const keys = remoteJwks(platform.jwksUri, { store: encryptedStore(store, ['a', new Uint8Array(32)]), timeout: 1000 });
  const key: Key = keys;
  await verifyJwt(token, key);
  const assertion: string = await signClientAssertion(platform, { pem: 'x', kid: 'a' }, { lifetime: 60 });
  const service: ServiceToken = await requestServiceToken({ platform, key: jwk, scopes: ['a'], signal: new AbortController().signal });
  const granted: AccessToken = service;
  const scopes: string[] = service.scopes;
  const set: { keys: { kid: string }[] } = publicJwks([jwk]);
  const accessToken = cachedToken(() => requestServiceToken({ platform, key: jwk, scopes }), { store: plain, name: 'a', early: 5 });
  new Canvas({ baseUrl: 'https://canvas.test', accessToken });
  cachedToken(() => requestAccessToken({ url: 'x', assertion }));
  const text: string = await accessToken();
  await accessToken.forget();
  // @ts-expect-error
  requestServiceToken({ platform, key: jwk });
  // @ts-expect-error
  requestServiceToken({ platform, key: jwk, scopes: 'a' });
  // @ts-expect-error
  cachedToken(async () => 'token');
  // @ts-expect-error
  encryptedStore({ get: async () => null }, 'a');
  // @ts-expect-error
  signClientAssertion({ clientId: 'a' }, jwk);
  // @ts-expect-error
  const now: string = accessToken();
  void [granted, set, text, now, verifyJwtSync];
}
