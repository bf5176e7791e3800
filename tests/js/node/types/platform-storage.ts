// Checked by tsc, never run: the platform's storage, of both entries.
import * as tokens from 'canvas-lms-tokens';
import type { Login, PlatformStorage } from 'canvas-lms-tokens';
import { platformStorage, type PlatformStorage as Same } from 'canvas-lms-tokens/platform-storage';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_Holds extends true>() => undefined;

is<Equal<PlatformStorage, Same>>();
is<Equal<typeof tokens.platformStorage, typeof platformStorage>>();

export async function page({ storage: where }: Login) {
  if (!where) return null;
  const storage: PlatformStorage = platformStorage(where, { timeout: 1000 });
  is<Equal<Awaited<ReturnType<typeof storage.put>>, void>>();
  await storage.put(where.key, where.value);
  await storage.put(where.key, null);
  const value: string | null = await storage.get(where.key);
  // @ts-expect-error
  await storage.put(where.key);
  // @ts-expect-error
  const text: string = await storage.get(where.key);
  return value ?? text;
}

// @ts-expect-error
platformStorage({ target: '_parent' });
// @ts-expect-error
platformStorage({ target: '_parent', origin: new URL('https://sso.canvaslms.com') });
// @ts-expect-error
platformStorage({ target: '_parent', origin: 'https://sso.canvaslms.com' }, { timeOut: 1 });
