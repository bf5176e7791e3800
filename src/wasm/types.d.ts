/**
 * Canvas LMS tokens: sign LTI assertions, exchange them for access tokens, take tokens apart.
 *
 * Importing is enough, in every runtime: there is nothing to initialise and nothing to free. Times are seconds since
 * 1970 (RFC 7519 NumericDate) unless a name says otherwise. Everything thrown is a {@link TokenError}.
 *
 * @packageDocumentation
 */

// ── Values ────────────────────────────────────────────────────────────────────────────────────────

/** Seconds since 1970-01-01T00:00:00Z (RFC 7519 §2, NumericDate). */
export type NumericDate = number;

/** A Canvas id. Global ids (shard × 10^13 + local id) can exceed 2^53: a bigint is accepted wherever an id is, and is
 *  returned wherever a number would lose digits. */
export type Id = string | number | bigint;

/** A shared secret: raw bytes, or text that stands for its UTF-8 bytes. The text of a PEM or JWK is refused. */
export type Secret = string | Uint8Array;

/** JSON as read from a token. Integers outside ±(2^53−1) arrive as bigint, exact; all other numbers as number. */
export type JsonValue = string | number | bigint | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** A JOSE header as sent, in the order sent, unknown members included (RFC 7515 §4, RFC 7516 §4). */
export interface Header {
  alg?: string; enc?: string; kid?: string; typ?: string; cty?: string;
  [name: string]: JsonValue | undefined;
}

/** A JWT claims set as sent, in the order sent (RFC 7519 §4). */
export interface Claims {
  iss?: string; sub?: Id; aud?: string | string[];
  exp?: NumericDate; nbf?: NumericDate; iat?: NumericDate; jti?: string;
  [name: string]: JsonValue | undefined;
}

// ── Reading without trust ────────────────────────────────────────────────────────────────────────

/** One layer of a token; binary parts as bytes. */
export type Layer =
  /** Canvas's wrapping of `/api/v1/jwts` tokens: standard, padded base64. */
  | { type: 'base64' }
  /** RFC 7515. */
  | { type: 'jws'; header: Header; payload: Uint8Array; signature: Uint8Array }
  /** RFC 7516; nothing inside it was read. */
  | { type: 'jwe'; header: Header; encryptedKey: Uint8Array; iv: Uint8Array; ciphertext: Uint8Array; tag: Uint8Array };

/** A token taken apart. Nothing in it was verified. */
export interface DecodedToken {
  /** Outermost first; stops at the first encrypted layer. */
  layers: Layer[];
  /** Of the innermost layer that can be read. */
  header: Header;
  /** Null when encrypted, or when the payload is not a JSON object. */
  claims: Claims | null;
}

/**
 * Splits and parses a token, trusting nothing: no signature, time or audience is checked. Surrounding white space and a
 * leading `Bearer ` are removed. Reads at most 1 MiB, JSON nested at most 64 levels.
 *
 * @throws ERR_TOKEN_INVALID, with `at`, for what is no token and for duplicate JSON names; ERR_ARGUMENT for no string.
 */
export function decode(token: string): DecodedToken;

/** Removes Canvas's base64 wrapping (standard alphabet, padded). Text without it is returned as it is. */
export function unwrap(token: string): string;

/** Adds Canvas's base64 wrapping (standard alphabet, padded). */
export function wrap(compact: string): string;

// ── LTI 2: JWT access tokens ─────────────────────────────────────────────────────────────────────

/** The template of Canvas's documentation of JWT access tokens. What is absent is filled in; what is given is kept to
 *  the byte. */
export interface AssertionClaims {
  /** Developer key global id, tool proxy guid, or registration key. A number or bigint becomes a JSON number, with all
   *  its digits; text stays text. */
  sub: Id;
  /** The `oauth2_access_token_url` of the registration message. Canvas compares it with its own URL byte by byte. */
  aud: string;
  /** Default `iat` + `lifetime`. */
  exp?: NumericDate;
  /** Default now. */
  iat?: NumericDate;
  /** Default a random UUID (version 4). Canvas refuses one that it has seen. */
  jti?: string;
}

export interface AssertionOptions {
  /** Seconds, default 60: older Canvas refuses more. */
  lifetime?: number;
  /** Default the clock. */
  now?: NumericDate;
}

/** Fills in an assertion's claims. Members in the order sub, aud, exp, iat, jti.
 *
 *  @throws ERR_ARGUMENT, with `at`, e.g. for an `aud` that is no absolute http(s) URL or an `exp` not after `iat`. */
export function buildAssertion(claims: AssertionClaims, options?: AssertionOptions): Required<AssertionClaims>;

/** Builds and signs an assertion with HS256 under the header `{"alg":"HS256","typ":"JWT"}`. Synchronous, and works in
 *  insecure contexts too.
 *
 *  @throws ERR_ARGUMENT, with `at`; ERR_WEBCRYPTO where the platform has no random bytes for the jti. */
export function signAssertion(claims: AssertionClaims, secret: Secret, options?: AssertionOptions): string;

/** A granted access token. */
export interface AccessToken {
  accessToken: string;
  /** As the server wrote it; Canvas writes `bearer`. */
  tokenType: string;
  /** Seconds. Canvas sends the text "3600" here and a number elsewhere. */
  expiresIn: number;
  /** By this machine's clock. */
  expiresAt: NumericDate;
  /** Unverified: only Canvas holds the key. */
  claims: Claims | null;
}

/** How a request is sent. */
export interface RequestOptions {
  /** Default the runtime's. */
  fetch?: typeof fetch;
  signal?: AbortSignal;
  /** Milliseconds for one try, default 10 000. */
  timeout?: number;
  /** Default 2. Only after throttling (429, or 403 with Canvas's throttle text), 502/503/504, or a failure before
   *  anything was sent; a request that may have been carried out is sent again only where that does no harm. Obeys
   *  Retry-After up to 60 s; beyond that the error is thrown. */
  retries?: number;
  /** Default `canvas-lms-tokens/VERSION`: Canvas requires one. Not sent in a page, where the browser owns it. */
  userAgent?: string;
}

/**
 * Exchanges an assertion for an access token at `url`, which is the assertion's audience too. With `code` (the
 * registration key) the grant is `authorization_code`, else `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523).
 *
 * Given `sub` and `secret` it signs, and signs anew (new jti) when it has to try again; given `assertion` it never
 * resends one that may have been consumed. Redirects are not followed.
 *
 * @throws ERR_OAUTH for Canvas's bare `invalid_grant`, with `oauthError` and `status`; ERR_ARGUMENT, ERR_FETCH,
 * ERR_TIMEOUT, ERR_ABORTED, ERR_HTTP_STATUS, ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_THROTTLED, ERR_RESPONSE_INVALID.
 */
export function requestAccessToken(
  request: ({ assertion: string } | ({ secret: Secret } & Omit<AssertionClaims, 'aud'> & AssertionOptions))
    & { url: string; code?: string } & RequestOptions,
): Promise<AccessToken>;

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────

/** Everything the package throws is an Error with name 'TokenError' and a code; tell them apart by code. */
export interface TokenError extends Error {
  name: 'TokenError';
  code: ErrorCode;
  /** Where in the input: 'header.alg', 'claims.aud', 'options.key'. */
  at?: string;
  /** The name of the claim that was refused. */
  claim?: string;
  /** The rule's source, such as 'RFC 7519 §4.1.4'. */
  spec?: string;
  /** The platform's own exception. */
  cause?: unknown;
  /** HTTP. */
  status?: number;
  /** E.g. 'invalid_grant'. */
  oauthError?: string;
  /** Seconds. */
  retryAfter?: number;
  /** The server's answer, tokens in it blanked. */
  body?: JsonValue;
}

/** Whether a caught value was thrown by this package; also across realms and several copies of it. */
export function isTokenError(error: unknown): error is TokenError;

export type ErrorCode =
  | 'ERR_ARGUMENT'
  | 'ERR_TOKEN_INVALID' | 'ERR_JWS_INVALID' | 'ERR_JWE_INVALID' | 'ERR_JWT_INVALID' | 'ERR_JWK_INVALID'
  | 'ERR_JOSE_ALG_NOT_ALLOWED' | 'ERR_JOSE_NOT_SUPPORTED' | 'ERR_KEY_NEEDS_ASYNC' | 'ERR_JWKS_NO_MATCHING_KEY'
  | 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' | 'ERR_JWE_DECRYPTION_FAILED'
  | 'ERR_JWT_EXPIRED' | 'ERR_JWT_NOT_YET_VALID' | 'ERR_JWT_CLAIM_VALIDATION_FAILED'
  | 'ERR_WEBCRYPTO'
  | 'ERR_OAUTH'
  | 'ERR_HTTP_STATUS'
  | 'ERR_UNAUTHENTICATED' | 'ERR_FORBIDDEN' | 'ERR_THROTTLED'
  | 'ERR_RESPONSE_INVALID'
  | 'ERR_FETCH' | 'ERR_TIMEOUT' | 'ERR_ABORTED';
