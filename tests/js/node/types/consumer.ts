// Checked by tsc, never run: what must be accepted, and, under @ts-expect-error, what must not.
import {
  buildAssertion, decode, isTokenError, requestAccessToken, signAssertion, unwrap, wrap,
} from 'canvas-lms-tokens';
import type {
  AccessToken, AssertionClaims, AssertionOptions, Claims, DecodedToken, ErrorCode, Header, Id, JsonValue, Layer,
  NumericDate, RequestOptions, Secret, TokenError,
} from 'canvas-lms-tokens';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_Holds extends true>() => undefined;

const aud = 'https://canvas.test/api/lti/accounts/1/authorize';

// Ids, secrets
const ids: Id[] = ['123123-ad13-ac233', 10000000000003, 90000000000000001n];
const secrets: Secret[] = ['secret', new Uint8Array(1)];
// @ts-expect-error
const noId: Id = null;
// @ts-expect-error
const noSecret: Secret = [1, 2, 3];
// @ts-expect-error
const noBytes: Secret = new ArrayBuffer(1);

// Assertions
const claims: AssertionClaims = { sub: ids[0], aud };
const options: AssertionOptions = { lifetime: 60, now: 1486393800 };
const built = buildAssertion(claims, options);
is<Equal<typeof built, Required<AssertionClaims>>>();
const exp: NumericDate = built.exp;
const token: string = signAssertion({ sub: 90000000000000001n, aud, exp: 2, iat: 1, jti: 'j' }, secrets[0]);
// @ts-expect-error
buildAssertion({ aud });
// @ts-expect-error
buildAssertion({ sub: 'x' });
// @ts-expect-error
buildAssertion({ sub: 'x', aud: [aud] });
// @ts-expect-error
buildAssertion({ sub: 'x', aud, exp: new Date() });
// @ts-expect-error
buildAssertion({ sub: 'x', aud, Iat: 1 });
// @ts-expect-error
buildAssertion(claims, { lifeTime: 60 });
// @ts-expect-error
signAssertion(claims);
// @ts-expect-error
signAssertion(claims, 5);
// @ts-expect-error
const late: Promise<string> = signAssertion(claims, 'secret');

// Claims of one's own, which the one who reads them knows
interface Own { tenant: string; level?: number }
const own = decode<Own>(token).claims;
is<Equal<typeof own, Claims<Own> | null>>();
const tenant: string | undefined = own?.tenant;
const both: [string | undefined, number | undefined] = [own?.iss, own?.level];
// @ts-expect-error
const noTenant: number | undefined = own?.tenant;
// @ts-expect-error
const noSuch = own?.tenent;
// @ts-expect-error
decode<string>(token);
const anyClaim: JsonValue | undefined = decode(token).claims?.tenant;

// Exchange
async function exchange(signal: AbortSignal) {
  const request: RequestOptions = { fetch, signal, timeout: 1000, retries: 0, userAgent: 'tool/1.0' };
  const granted = await requestAccessToken({ url: aud, sub: 1n, secret: 'secret', code: 'reg', lifetime: 30, ...request });
  is<Equal<typeof granted, AccessToken>>();
  const seconds: number = granted.expiresIn;
  await requestAccessToken({ url: aud, assertion: token });
  // @ts-expect-error
  await requestAccessToken({ assertion: token });
  // @ts-expect-error
  await requestAccessToken({ url: aud });
  // @ts-expect-error
  await requestAccessToken({ url: aud, sub: 'x' });
  // @ts-expect-error
  await requestAccessToken({ url: aud, secret: 'secret' });
  // @ts-expect-error
  await requestAccessToken({ url: aud, assertion: token, timeout: '1000' });
  // @ts-expect-error
  const number: string = granted.expiresIn;
  // @ts-expect-error
  granted.claims.sub;
  return [seconds, granted.claims?.sub, number];
}

// Decoding
const decoded: DecodedToken = decode(token);
const header: Header = decoded.header;
const alg: string | undefined = header.alg;
const anything: JsonValue | undefined = header['x5t#S256'];
const read: Claims | null = decoded.claims;
function textsOf(layer: Layer): string[] {
  switch (layer.type) {
    case 'base64': return [];
    case 'jws': return [layer.protected, layer.payload, layer.signature];
    case 'jwe': return [layer.protected, layer.encrypted_key, layer.iv, layer.ciphertext, layer.tag];
  }
}
const text: string = wrap(unwrap(token));
// @ts-expect-error
decoded.claims.exp;
// @ts-expect-error
decoded.layers[0].payload;
// @ts-expect-error
decode(new Uint8Array(1));
// @ts-expect-error
const parsed: string = decode(token);

// Errors
function explain(error: unknown): string {
  // @ts-expect-error
  error.code;
  if (!isTokenError(error)) return 'not ours';
  const known: TokenError = error;
  const code: ErrorCode = known.code;
  const place: string | undefined = known.at;
  // @ts-expect-error
  if (code === 'ERR_NOTHING') return 'no such code';
  return `${code} ${place} ${known.status} ${known.oauthError} ${known.retryAfter} ${known.cause}`;
}

export const used = [
  noId, noSecret, noBytes, exp, late, exchange, alg, anything, read, textsOf, text, parsed, explain, signAssertion,
];
