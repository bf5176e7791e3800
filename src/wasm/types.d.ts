/// <reference lib="esnext.disposable" />
/**
 * Canvas LMS tokens: sign LTI assertions, exchange them for access tokens, take tokens apart.
 *
 * Importing is enough, in every runtime: there is nothing to initialise, and nothing that has to be freed. Times are
 * seconds since 1970 (RFC 7519 NumericDate) unless a name says otherwise. Everything thrown is a {@link TokenError}.
 * `canvas-lms-tokens/slim` exports the same.
 *
 * Options and parameters have the members that their types list: any other is ERR_ARGUMENT, with the name that was probably
 * meant, as a misspelt option would be as one that was not given. What is sent in a specification's words, and has other members
 * by it, keeps them, and they are sent: claims, headers, content items, line items, scores, reports, a tool's registration, a tool
 * proxy, a subscription. There a name that is a known one but for a letter or two, where that one is absent, is ERR_ARGUMENT too,
 * but in claims and headers. Of a JWK, a JWK Set (RFC 7517 §4, §5), a store, a launch, an asset of a notice, and what a function of
 * the options gives, such as a row of a database for a platform, other members are left alone.
 *
 * @module canvas-lms-tokens
 */

// ── What the platform has ────────────────────────────────────────────────────────────────────────

/** A type of the platform's own, by the name of its class, where its types are there (the library "dom", or those of Node, Deno,
 *  Bun or Workers); else the second type. No types of a platform are needed. */
export type OfPlatform<Name extends string, Otherwise> =
  typeof globalThis extends { [name in Name]: { prototype: infer Type } } ? Type : Otherwise;

/** The platform's `fetch`, or a function like it. */
export type Fetch = typeof globalThis extends {
  /** The platform's. */
  fetch: (input: any, init?: infer Init) => infer Answer;
} ? (url: string, init?: Init) => Answer : (
  url: string, init: { method: string; headers: Record<string, string>; body?: string; redirect: 'manual'; signal: unknown },
) => Promise<FetchResponse>;

/** What is read of an answer, where no types of a platform say what one is. */
export interface FetchResponse {
  status: number;
  headers: {
    /** The value of a header; null where there is none. */
    get(name: string): string | null;
  };
  /** The whole body. */
  text(): Promise<string>;
}

/** The platform's AbortSignal. */
export type Signal = OfPlatform<'AbortSignal', { readonly aborted: boolean }>;

/** Bytes that were made here: a `Uint8Array` over an `ArrayBuffer`, whichever version of TypeScript says so. */
export type Bytes = ReturnType<Uint8Array['slice']>;

/** A JSON Web Key (RFC 7517), as WebCrypto's JsonWebKey has it, with what else RFC 7517 §4 names. Others are left alone. */
export interface Jwk {
  kty?: string; kid?: string; alg?: string; use?: string; key_ops?: string[]; ext?: boolean;
  crv?: string; x?: string; y?: string; k?: string;
  n?: string; e?: string; d?: string; p?: string; q?: string; dp?: string; dq?: string; qi?: string;
  oth?: { d?: string; r?: string; t?: string }[];
  x5c?: string[]; x5t?: string; 'x5t#S256'?: string; x5u?: string;
}

/** A key of the platform's WebCrypto, as far as it is looked at. */
export interface CryptoKeyLike {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

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

/** The registered claims (RFC 7519 §4.1). */
export interface RegisteredClaims {
  iss?: string; sub?: Id; aud?: string | string[];
  exp?: NumericDate; nbf?: NumericDate; iat?: NumericDate; jti?: string;
}

/** Claims of any name. */
export interface AnyClaims { [name: string]: JsonValue | undefined }

/** A JWT claims set as sent, in the order sent (RFC 7519 §4). Which claims of one's own it has, `Claims<{ tenant: string }>` says
 *  for the one who reads it; nothing checks that they are there. */
export type Claims<Own extends object = AnyClaims> = RegisteredClaims & Own;

/**
 * Reads JSON as tokens are read: integers outside ±(2^53−1) are bigint, exact, where `JSON.parse` rounds them.
 *
 * @throws ERR_ARGUMENT for what is no JSON, for a name that stands twice in an object, and for nesting over 64 levels.
 */
export function parse(text: string): JsonValue;

/**
 * Writes JSON, bigints with all their digits, where `JSON.stringify` throws. Members that are undefined are left out.
 *
 * @param space By how many spaces a level is indented, 0 to 10; absent: no white space at all.
 * @throws ERR_ARGUMENT, with `at`, for what JSON lacks: dates, maps, class instances, functions, cycles, NaN.
 */
export function stringify(value: unknown, space?: number): string;

// ── Reading without trust ────────────────────────────────────────────────────────────────────────

/** One layer of a token, its parts as the base64url text that stands in the token, under the names of RFC 7515 §7.2.2 and
 *  RFC 7516 §7.2.2. */
export type Layer =
  /** Canvas's wrapping of `/api/v1/jwts` tokens: standard, padded base64. */
  | { type: 'base64' }
  /** RFC 7515. */
  | { type: 'jws'; header: Header; protected: string; payload: string; signature: string }
  /** RFC 7516; nothing inside it was read. */
  | { type: 'jwe'; header: Header; protected: string; encrypted_key: string; iv: string; ciphertext: string; tag: string };

/** A token taken apart. Nothing in it was verified. */
export interface DecodedToken<Own extends object = AnyClaims> {
  /** Outermost first; stops at the first encrypted layer. */
  layers: Layer[];
  /** Of the innermost layer that can be read. */
  header: Header;
  /** Null when encrypted, or when the payload is not a JSON object. */
  claims: Claims<Own> | null;
}

/**
 * Splits and parses a token, trusting nothing: no signature, time or audience is checked. Surrounding white space and a
 * leading `Bearer ` are removed. Reads at most 1 MiB, JSON nested at most 64 levels.
 *
 * @throws ERR_TOKEN_INVALID, with `at`, for what is no token and for duplicate JSON names; ERR_ARGUMENT for no string.
 */
export function decode<Own extends object = AnyClaims>(token: string): DecodedToken<Own>;

/** Removes Canvas's base64 wrapping (standard alphabet, padded). Text without it is returned as it is. */
export function unwrap(token: string): string;

/** Adds Canvas's base64 wrapping (standard alphabet, padded). */
export function wrap(compact: string): string;

// ── Inspecting: what is it, is it good, and if not, why ─────────────────────────────────────────

/** What kind of token it is. */
export type TokenKind =
  /** What a tool signs and sends to `/api/lti/{accounts|courses}/:id/authorize`. */
  | 'lti2-assertion'
  /** What that endpoint returns. */
  | 'lti2-access-token'
  /** `POST /api/v1/jwts`: wrapped, usually encrypted. */
  | 'canvas-jwt'
  /** `POST /api/v1/inst_access_tokens`: encrypted, or decrypted by the gateway. */
  | 'inst-access-token'
  /** What Canvas posts to a tool's redirect URI: a launch, of any message type. */
  | 'lti13-id-token'
  /** What a tool signs and sends to `/login/oauth2/token`. */
  | 'lti13-client-assertion'
  /** What a tool signs and the browser posts to `deep_link_return_url`. */
  | 'lti13-deep-linking-response'
  /** What the token endpoint returns, for the services of LTI 1.3. */
  | 'lti13-access-token'
  /** What Canvas posts to a notice handler. */
  | 'lti13-notice'
  /** What Canvas gives a tool that is to register itself: signed for Canvas alone, so it can be read, not verified. */
  | 'lti13-registration-token'
  /** The `lti_message_hint` of a login: signed for Canvas alone, so it can be read, not verified. */
  | 'lti13-message-hint'
  /** The `state` that this package signs at a login. */
  | 'lti13-login-state'
  /** The `state` that this package signs at an authorization. */
  | 'oauth-state'
  /** None of the above. */
  | 'jwt' | 'jws' | 'jwe';

/** One check of a report. */
export interface Check {
  /** Stable id, e.g. 'exp', 'aud', 'iat-age', 'alg', 'signature', 'claim-spelling'. */
  id: string;
  outcome: 'pass' | 'fail' | 'warn' | 'skip';
  /** A sentence for people, without its full stop: what was found, and who expects what. Never contains a secret or the whole
   *  token, nor a name of this package's own. */
  message: string;
  /** A sentence too: what to change. */
  fix?: string;
  /** What a program can change before it signs again, so that the fault is gone: to be made together. Absent where it takes a
   *  person's knowledge. */
  repairs?: Repair[];
  /** The error code that verifying would throw, when it failed. */
  code?: ErrorCode;
  /** The rule's source: 'RFC 7519 §4.1.4', 'Canvas: LTI 2 authorize'. */
  spec?: string;
  /** Where in the token: 'header.alg', 'claims.Iat'. */
  at?: string;
  /** Where that stands in the text given to {@link inspect}, with `spans`; absent where it stands nowhere in it. */
  span?: Span;
}

/** A change that mends what a {@link Check} found: to the claims or the header of a token that is then signed again, or to the
 *  secret that it is signed with. */
export type Repair =
  /** Times are in seconds since 1970. */
  | { change: 'set-claim'; claim: string; value: string | number }
  | { change: 'rename-claim'; claim: string; to: string }
  | { change: 'remove-claim'; claim: string }
  /** White space, controls and characters without width, in the text of the claim or in the texts of its array. */
  | { change: 'remove-white-space'; claim: string }
  | { change: 'set-header'; parameter: string; value: string }
  | { change: 'remove-header'; parameter: string }
  /** The signature is right with the secret that was given, changed so: without the white space around it, without the first
   *  and last character of what remains, or decoded. */
  | { change: 'change-secret'; how: 'trim' | 'remove-quotes' | 'decode-base64' | 'decode-hexadecimal' };

/** The form of a pasted text in which {@link inspect} found a token: the query or fragment of a URL, a body of
 *  application/x-www-form-urlencoded, a curl command, fields of HTTP headers, JSON, an HTTP archive (HAR 1.2) or an entry of
 *  one, or any other text. */
export type PasteForm = 'url' | 'form' | 'curl' | 'header' | 'json' | 'har' | 'text';

/** A token that stands in a longer text. */
export interface FoundToken {
  /** Its text, with what encoded it there undone: what {@link decode} and the verifying functions take. */
  token: string;
  kind: TokenKind;
  form: PasteForm;
  /** The parameter, header or member that holds it: 'id_token', 'Authorization', 'data.access_token'. */
  name?: string;
  /** Where it stands in the text given to {@link inspect}. */
  span?: Span;
}

/** Where something stands in the text given to {@link inspect}: from the character at `start` to the one before `end`, in
 *  UTF-16 code units, as `String.prototype.slice` counts. */
export interface Span { start: number; end: number; }

/** A part of a token that was inspected with `spans`. */
export interface Part {
  /** The place of its token among the layers, outermost 0; absent where that token could not be decoded whole. */
  layer?: number;
  /** As RFC 7515 §7.2.2 and RFC 7516 §7.2.2 call it. */
  name: 'protected' | 'payload' | 'signature' | 'encrypted_key' | 'iv' | 'ciphertext' | 'tag';
  /** Absent inside an encrypted layer. */
  span?: Span;
  /** Its JSON text, where it is JSON. */
  json?: string;
  /** The header parameters or claims in it. As three bytes of JSON are four characters, the first and last character of a
   *  span may hold bits of the member's neighbours too. */
  members: { name: string; span?: Span }[];
}

/** What a token is, whether it is good, and if not, why. */
export interface Report extends DecodedToken {
  kind: TokenKind;
  /** 'valid': every check passed and the signature was verified; 'unverified': nothing failed but no key was given; else
   *  'invalid'. */
  outcome: 'valid' | 'unverified' | 'invalid';
  /** In a stable order: fails first, the cause before what follows from it. */
  checks: Check[];
  /** One sentence for a person: what this token is, who will refuse it, and the worst thing about it. */
  summary: string;
  /** The token that the report is about, where the text given is not the token itself. */
  found?: FoundToken;
  /** The other tokens in that text, those that tell most first; with `found`. */
  others?: FoundToken[];
  /** Of every token that was read, outermost first; with `spans`. */
  parts?: Part[];
}

/** What {@link inspect} may use, and what it compares the token with. */
export interface InspectOptions extends WaitOptions {
  /** Verifies the signature. */
  key?: Key;
  /** Opens an encrypted layer. */
  decryptionKey?: Key;
  /** The only key management algorithms that it may open it with. RSA1_5 must be named here, as in {@link decryptJwe}. */
  decryptionAlgorithms?: string[];
  /** What it is meant to be; detected when absent. */
  as?: TokenKind;
  /** The URL it is sent to, compared with `aud` as Canvas compares it: byte by byte. */
  endpoint?: string;
  /** In LTI 1.3, the platform that it is from or for: compared with `iss`, `aud`, `azp`, `sub` and the deployment; its token
   *  endpoint takes the place of `endpoint` for a client assertion. */
  platform?: Platform;
  /** In LTI 1.3, the nonce of the login that an id token answers. */
  nonce?: string;
  /** Default the clock. */
  now?: NumericDate;
  /** Seconds, default 0. */
  clockTolerance?: number;
  /** Reports where parts, members and checks stand in the text: what a page or an editor marks. Default false. */
  spans?: boolean;
}

/**
 * Says what a token is, whether it is good, and if not, why and what to change. Opens base64, JWS and, with
 * `decryptionKey`, JWE layers in any order. The rules are those that verifying applies, and what Canvas asks besides.
 *
 * The text may be what a token was copied with: a URL, a form, a curl command, headers, JSON, an HTTP archive, or any other
 * text, of at most 16 MiB; that takes memory of some thirty times its length, so that a server should cut what strangers send. Of
 * several tokens it takes the one that tells most (a message before an access token before a
 * state) and lists the others. The fault `no-token` says that there is none.
 *
 * Never rejects for a bad token, however broken: text that is no token gives kind 'jws', 'jwe' or 'jwt' by its shape,
 * the layers read so far, and a failed check.
 *
 * @throws ERR_ARGUMENT for wrong options, ERR_JWK_INVALID and the like for a key that cannot be used.
 */
export function inspect(token: string, options?: InspectOptions): Promise<Report>;

// ── LTI 2: JWT access tokens ─────────────────────────────────────────────────────────────────────

/** The template of Canvas's documentation of JWT access tokens. What is absent is filled in; what is given is kept to
 *  the byte. Canvas looks at no other claim: a token with others is {@link signJwt}'s. */
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

/** How the times of an assertion are filled in. */
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
 *  @param secret The shared secret, or what {@link prepareSecret} made of it.
 *  @throws ERR_ARGUMENT, with `at`; ERR_WEBCRYPTO where the platform has no random bytes for the jti; ERR_KEY_NEEDS_ASYNC for an
 *  {@link ExternalKey}, which `signJwt(buildAssertion(claims, options), key)` takes. */
export function signAssertion(claims: AssertionClaims, secret: Secret | PreparedKey, options?: AssertionOptions): string;

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

/** How long a call waits for a function of yours, such as those of an {@link ExternalKey}. */
export interface WaitOptions {
  /** Ends the call, which rejects with ERR_ABORTED. */
  signal?: Signal | undefined;
  /** Milliseconds for each call of such a function, default 10 000; then ERR_TIMEOUT. */
  timeout?: number | undefined;
}

/** How a request is sent. */
export interface RequestOptions {
  /** Default the runtime's. One function, made once: what is kept between calls (a platform's keys, service tokens) is kept for
   *  it. */
  fetch?: Fetch | undefined;
  signal?: Signal | undefined;
  /** Milliseconds for one try, default 10 000: for all of it, an {@link ExternalKey} that signs for it included. */
  timeout?: number | undefined;
  /** Default 2. Only after throttling (429, or 403 with Canvas's throttle text), 502/503/504, or a failure before
   *  anything was sent; a request that may have been carried out is sent again only where that does no harm. Obeys
   *  Retry-After up to 60 s; beyond that the error is thrown. */
  retries?: number | undefined;
  /** Default `canvas-lms-tokens/VERSION`: Canvas requires one. Not sent in a page, where the browser owns it. */
  userAgent?: string | undefined;
}

/**
 * Exchanges an assertion for an access token at `url`, which is the assertion's audience too. With `code` (the
 * registration key) the grant is `authorization_code`, else `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523).
 *
 * Given `sub` and `secret` it signs, and signs anew (new jti) when it has to try again; given `assertion` it never
 * resends one that may have been consumed. Redirects are not followed. In place of `secret`, an {@link ExternalKey} for HS256
 * signs.
 *
 * @throws ERR_OAUTH for Canvas's bare `invalid_grant`, with `oauthError`, `status`, and a `report` that says what is wrong
 * with the assertion (the clock's offset from Canvas's included), whose first fault is in `message`; ERR_ARGUMENT, ERR_FETCH,
 * ERR_TIMEOUT, ERR_ABORTED, ERR_HTTP_STATUS, ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_THROTTLED, ERR_RESPONSE_INVALID.
 */
export function requestAccessToken(
  request: ({ assertion: string } | ({ secret: Secret | PreparedKey | ExternalKey } & Omit<AssertionClaims, 'aud'> & AssertionOptions))
    & { url: string; code?: string } & RequestOptions,
): Promise<AccessToken>;

// ── Canvas over fetch ────────────────────────────────────────────────────────────────────────────

/** What a {@link Canvas} is, and how it is asked. Each call takes the {@link RequestOptions} too, which go before these. */
export interface CanvasOptions extends RequestOptions {
  /** Such as `https://school.instructure.com`, with or without path or slash; no credentials, query or fragment. */
  baseUrl: string;
  /** A bearer token, or a function that gives one, such as {@link cachedToken} makes: it is called before each request, each further try and page included,
   *  within the `timeout` of the try; a TokenError of it is thrown as it is. Absent: in a page of this very origin its Canvas session, with the CSRF token of
   *  the `_csrf_token` cookie; anywhere else the request goes without authorization. */
  accessToken?: string | (() => string | Promise<string>);
}

/** What a JWT is to be made for. Canvas looks at the context only where a workflow needs one, such as `rich_content`. */
export interface JwtParams {
  /** Sent as `workflows[]`. */
  workflows?: string[];
  /** Case-insensitive, as in Canvas. */
  contextType?: 'Course' | 'User' | 'Account';
  /** With `contextUuid`: ERR_ARGUMENT, and nothing is sent. */
  contextId?: Id;
  contextUuid?: string;
  /** Default true: encrypted, for Instructure's own services. False: signed alone, verified with the keys at
   *  `/internal/services/jwks`; Canvas does not refresh such a token. */
  canvasAudience?: boolean;
}

/** A token of the JWTs API. */
export interface CanvasJwt {
  /** As Canvas sent it: in base64. What `refreshJwt` takes. */
  token: string;
  /** Without the base64 wrapping. */
  compact: string;
  encrypted: boolean;
  /** Unverified; null when encrypted. */
  claims: Claims | null;
  /** From `exp`, or an hour from now when it cannot be read. */
  expiresAt: NumericDate;
}

/** A token for Instructure's API gateway, in compact serialization: only the gateway can open it. */
export interface InstAccessToken {
  /** As Canvas sent it. */
  token: string;
  encrypted: boolean;
  /** Unverified; null when encrypted, as it always is but in development. */
  claims: Claims | null;
  /** From `exp`, or an hour from now when it cannot be read. */
  expiresAt: NumericDate;
}

/** Where an LTI 2 tool is, or is to be, installed. */
export type LtiContext = { accountId: Id } | { courseId: Id };

/** An originality report, by its id or by the file it is about. */
export type ReportPath = { assignmentId: Id; submissionId: Id; reportId: Id } | { assignmentId: Id; fileId: Id };

/** An originality report's fields; what is absent is not sent. */
export interface OriginalityReportParams {
  /** The file it is about; absent for a submission that is text. */
  fileId?: Id;
  /** From 0 to 100. */
  originalityScore?: number;
  originalityReportUrl?: string;
  /** The file that is the report. */
  originalityReportFileId?: Id;
  /** Canvas works it out from score and error message, unless it is `error`. */
  workflowState?: 'pending' | 'error' | 'scored';
  /** An update without it clears it. */
  errorMessage?: string;
  /** Which attempt a text submission's report is about, from 1. */
  attempt?: number;
  /** A link of the report that is launched as an LTI message. */
  toolSetting?: { resourceTypeCode?: string; resourceUrl?: string };
}

/** A webhook subscription, in the words of Canvas's live-events service. */
export interface SubscriptionParams {
  /** The UUID of a root account, or the id of an assignment. */
  ContextId: string;
  /** Canvas's code takes `root_account` and `assignment`, whatever its documentation lists. */
  ContextType: string;
  /** At least one. */
  EventTypes: string[];
  Format: 'live-event' | 'caliper';
  TransportMetadata: { Url: string };
  TransportType: 'sqs' | 'https';
}

/** A Canvas answer as sent, its large integers exact. */
export type CanvasObject = { [name: string]: JsonValue };

/** An id as Canvas sends it; a bigint beyond 2^53. */
export type CanvasId = number | bigint;

/** An originality report as Canvas sends it. Other members are kept. */
export interface OriginalityReport {
  id: CanvasId;
  /** The file it is about; null for a submission that is text. */
  file_id: CanvasId | null;
  /** From 0 to 100. */
  originality_score: number | null;
  /** The file that is the report. */
  originality_report_file_id: CanvasId | null;
  originality_report_url: string | null;
  submission_id: CanvasId;
  /** ISO 8601: which attempt it is about. */
  submission_time: string | null;
  workflow_state: 'pending' | 'error' | 'scored';
  error_message: string | null;
  /** A link of the report that is launched as an LTI message. */
  tool_setting?: { resource_type_code?: string | null; resource_url?: string | null } | null;
  root_account_id?: CanvasId;
  /** ISO 8601. */
  created_at: string;
  /** ISO 8601. */
  updated_at: string;
  [name: string]: JsonValue | OriginalityReport['tool_setting'] | undefined;
}

/** A webhook subscription as the live-events service sends it. Other members are kept. */
export interface Subscription {
  Id: string;
  ContextId: string;
  ContextType: string;
  EventTypes: string[];
  Format: 'live-event' | 'caliper' | (string & {});
  TransportMetadata: { Url: string };
  TransportType: 'sqs' | 'https' | (string & {});
  [name: string]: JsonValue | undefined;
}

/** A file of a submission. */
export interface SubmissionAttachment {
  id: CanvasId;
  display_name: string;
  filename: string;
  'content-type': string | null;
  /** Bytes. */
  size: number;
  /** ISO 8601. */
  created_at: string;
  /** ISO 8601. */
  updated_at: string;
  /** Where it is, for an LTI 2 access token. */
  url: string;
  [name: string]: JsonValue | undefined;
}

/** An attempt of a submission as an LTI 2 tool sees it. Other members are kept. */
export interface Submission {
  id: CanvasId;
  /** The text that was submitted, as HTML. */
  body: string | null;
  url: string | null;
  /** ISO 8601; null where nothing was submitted. */
  submitted_at: string | null;
  assignment_id: CanvasId;
  /** The user's LTI id. */
  user_id: string | null;
  submission_type: string | null;
  workflow_state: string;
  /** From 1. */
  attempt: number | null;
  attachments: SubmissionAttachment[];
  /** ISO 8601: when the user accepted the tool's EULA. */
  eula_agreement_timestamp?: string | null;
  course_id?: CanvasId;
  /** The course's LTI id. */
  lti_course_id?: string;
  [name: string]: JsonValue | SubmissionAttachment[] | undefined;
}

/** A user as an LTI 2 tool sees one. Other members are kept. */
export interface CanvasUser {
  id: CanvasId;
  name: string;
  sortable_name: string;
  short_name: string;
  /** ISO 8601. */
  created_at: string;
  email?: string | null;
  /** The LTI id. */
  lti_id?: string;
  [name: string]: JsonValue | undefined;
}

/** A text of a Tool Consumer Profile, with the key by which it is translated. */
export type ProfileText = { default_value: string; key: string };

/** A service of a Tool Consumer Profile. */
export type OfferedService = {
  '@type': string;
  /** The profile's URL, `#`, and the service's id, such as `vnd.Canvas.authorization`. */
  '@id': string;
  /** Its URL, parameters in braces. */
  endpoint: string;
  /** Media types. */
  format: string[];
  /** Methods of HTTP. */
  action: string[];
};

/** A Tool Consumer Profile (LTI 2.0 §5). Other members are kept. */
export interface ToolConsumerProfile {
  '@context': JsonValue;
  '@type': string;
  /** Its URL. */
  '@id': string;
  lti_version: string;
  guid: string;
  product_instance: {
    guid: string;
    product_info: {
      product_name: ProfileText;
      product_version: string;
      product_family: { code: string; vendor: { code: string; vendor_name: ProfileText; timestamp: string } };
    };
    service_owner: { service_owner_name: ProfileText; description: ProfileText };
  };
  capability_offered: string[];
  service_offered: OfferedService[];
  security_profile: { security_profile_name: string; digest_algorithm?: string[] }[];
  [name: string]: JsonValue | ToolConsumerProfile['security_profile'] | undefined;
}

/** What registering a tool proxy gives. Other members are kept. */
export interface RegisteredToolProxy {
  /** The `sub` of its assertions. */
  tool_proxy_guid: string;
  /** Canvas's half of the shared secret, where the proxy has the capability `Security.splitSecret`. */
  tc_half_shared_secret?: string;
  [name: string]: JsonValue | undefined;
}

/**
 * A Canvas and its endpoints. It holds its options and nothing else; there is nothing to close.
 *
 * Parameters are checked before anything is sent: what Canvas would refuse in any case is ERR_ARGUMENT, with `at`. Every
 * call may reject with ERR_UNAUTHENTICATED (the token is missing, wrong or expired), ERR_FORBIDDEN (it is known, and may
 * not), ERR_THROTTLED (with `retryAfter` where Canvas says it), ERR_HTTP_STATUS (any other status), ERR_RESPONSE_INVALID
 * (a success that is not what the endpoint answers), ERR_FETCH (no answer), ERR_TIMEOUT and ERR_ABORTED. Those with an
 * answer carry `status`, Canvas's own words in `message`, and the answer in `body`, tokens blanked.
 *
 * Redirects are not followed. A request that may have been carried out is sent again only where twice does no harm:
 * reading, and making a token.
 */
export class Canvas {
  /** @throws ERR_ARGUMENT for an option that is missing or wrong. */
  constructor(options: CanvasOptions);

  /** `POST /api/v1/jwts`, with the access token of a user: a new JWT, which lives an hour. A JWT as access token is
   *  ERR_FORBIDDEN. */
  createJwt(params?: JwtParams, options?: RequestOptions): Promise<CanvasJwt>;
  /** `POST /api/v1/jwts/refresh`, with an access token of the same user: a new JWT for one that expired less than six
   *  hours ago. Takes it wrapped, as Canvas sent it, or compact. Anything wrong with it is ERR_HTTP_STATUS, 400. */
  refreshJwt(jwt: string, options?: RequestOptions): Promise<CanvasJwt>;
  /** `POST /api/v1/inst_access_tokens`, with the access token of a user: a token for Instructure's API gateway, which
   *  lives an hour. Costly: the fourth in a row is ERR_THROTTLED. */
  createInstAccessToken(options?: RequestOptions): Promise<InstAccessToken>;

  /** `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profileId)`: the profile for all without a token, that
   *  of the developer key with its LTI 2 access token. */
  toolConsumerProfile(context: LtiContext, profileId?: Id, options?: RequestOptions): Promise<ToolConsumerProfile>;
  /** `POST /api/lti/{accounts|courses}/:id/tool_proxy`, with an LTI 2 access token whose `code` was the registration key.
   *  The answer's `tc_half_shared_secret`, followed by the tool's half, is the secret of later assertions. An invalid
   *  proxy is ERR_HTTP_STATUS, 400, its faults in `body`. */
  registerToolProxy(context: LtiContext, toolProxy: CanvasObject, options?: RequestOptions): Promise<RegisteredToolProxy>;

  /** `POST /api/lti/assignments/:id/submissions/:id/originality_report`, with a tool's LTI 2 access token. One that exists
   *  for the file or attempt is updated. */
  createOriginalityReport(
    path: { assignmentId: Id; submissionId: Id }, report: OriginalityReportParams, options?: RequestOptions,
  ): Promise<OriginalityReport>;
  /** `PUT …/submissions/:id/originality_report/:id` or `PUT …/files/:id/originality_report`, with a tool's LTI 2 access
   *  token. */
  updateOriginalityReport(path: ReportPath, report: OriginalityReportParams, options?: RequestOptions): Promise<OriginalityReport>;
  /** `GET …/submissions/:id/originality_report/:id` or `GET …/files/:id/originality_report`, with a tool's LTI 2 access
   *  token. */
  originalityReport(path: ReportPath, options?: RequestOptions): Promise<OriginalityReport>;

  /** `POST /api/lti/subscriptions`, with a tool's LTI 2 access token: the subscription with its `Id`. Without the
   *  capability it is ERR_FORBIDDEN, for another context ERR_HTTP_STATUS, 400. */
  createSubscription(subscription: SubscriptionParams, options?: RequestOptions): Promise<Subscription>;
  /** `PUT /api/lti/subscriptions/:id`, with a tool's LTI 2 access token. */
  updateSubscription(id: Id, subscription: SubscriptionParams, options?: RequestOptions): Promise<Subscription>;
  /** `GET /api/lti/subscriptions/:id`, with a tool's LTI 2 access token. */
  subscription(id: Id, options?: RequestOptions): Promise<Subscription>;
  /** `GET /api/lti/subscriptions`, with a tool's LTI 2 access token: one page. `endKey` is the `startKey` of the next one,
   *  null at the end. */
  subscriptions(
    page?: { startKey?: string }, options?: RequestOptions,
  ): Promise<{ subscriptions: Subscription[]; endKey: string | null }>;
  /** `DELETE /api/lti/subscriptions/:id`, with a tool's LTI 2 access token. */
  deleteSubscription(id: Id, options?: RequestOptions): Promise<void>;

  /** `GET /api/lti/assignments/:id/submissions/:id`, with a tool's LTI 2 access token. */
  submission(path: { assignmentId: Id; submissionId: Id }, options?: RequestOptions): Promise<Submission>;
  /** `GET /api/lti/assignments/:id/submissions/:id/history`, with a tool's LTI 2 access token: every attempt, oldest
   *  first. */
  submissionHistory(path: { assignmentId: Id; submissionId: Id }, options?: RequestOptions): Promise<Submission[]>;
  /** `GET /api/lti/users/:id`, by Canvas id or LTI id, with a tool's LTI 2 access token. */
  user(id: Id, options?: RequestOptions): Promise<CanvasUser>;
  /** `GET /api/lti/groups/:id/users`, with a tool's LTI 2 access token: the users of every page. A next page on another
   *  origin, and more than 1000 pages, are ERR_RESPONSE_INVALID. */
  groupUsers(groupId: Id, options?: RequestOptions): Promise<CanvasUser[]>;
}

// ── Canvas's OAuth2: access tokens of users ──────────────────────────────────────────────────────

/** A developer key (an API key) at a Canvas, and what proves its owner: one of `clientSecret`, `key` and `public`. */
export interface CanvasClient {
  /** The Canvas whose users are asked, such as `https://school.instructure.com`; `https`, but on this machine. */
  baseUrl: string;
  /** The id of the developer key. */
  clientId: Id;
  /** Its secret, sent in the form (RFC 6749 §2.3.1). */
  clientSecret?: string | undefined;
  /** A private RSA key, whose public half the developer key has: each request carries an assertion signed with it (RS256, RFC
   *  7523 §2.2), its audience `baseUrl` + `/login/oauth2/token`. Canvases before 2026 do not take it. */
  key?: Key | undefined;
  /** The developer key is one of a public client, which has no secret: PKCE alone protects it. Its refresh tokens are good once, for
   *  two hours. */
  public?: boolean | undefined;
}

/** One client, several, or a function that looks one up: by base URL, without a slash at its end, and client id. What the function
 *  gives may have other members. */
export type CanvasClients =
  | CanvasClient | CanvasClient[]
  | ((baseUrl: string, clientId: string) => CanvasClient | null | undefined | Promise<CanvasClient | null | undefined>);

/** How an authorization is begun. Options of {@link UserTokenOptions} are no mistake here, nor those here there: one object may hold
 *  both. */
export interface AuthorizationOptions {
  /** Who asks, and which Canvas's user. What proves the client may be absent here. */
  client: CanvasClient;
  /** Where Canvas sends the browser with the code, one of the developer key's; `urn:ietf:wg:oauth:2.0:oob` for a program without
   *  an address. Where the Canvases are of different owners, one for each, so that none can pass its answers off as another's (RFC
   *  9700 §4.4). */
  redirectUri: string;
  /** At least 32 random bytes, the same on every machine. The first of several signs, all verify; a key for each purpose is
   *  derived (RFC 5869), the code verifier is, too. */
  secret: Secret | Secret[];
  /** What the token may do, such as `url:POST|/api/v1/jwts`. Absent: all that the user may, but where the developer key enforces
   *  scopes. `/auth/userinfo` alone: who the user is, and no token. */
  scopes?: string[];
  /** What the user sees of it in the list of his tokens. */
  purpose?: string;
  /** The user has to log in, although he is. Default false. */
  forceLogin?: boolean;
  /** What stands in the login form as his name. */
  uniqueId?: string;
  /** No page is shown, and what would need one is an error: `login_required`, `interaction_required`. */
  prompt?: 'none';
  /** Logs in to Canvas itself, not by way of the institution. Default false. */
  canvasLogin?: boolean;
  /** By which of the institution's ways the user logs in, as Canvas names them (`authentication_provider`). */
  authenticationProvider?: string;
  /** Where the user goes afterwards: a path of your own, such as `/courses/1`, at most 1024 bytes, which the state keeps, signed and
   *  readable. Another origin is ERR_ARGUMENT. */
  returnTo?: string;
  /** Seconds until the answer must have come, default 600, at most a day. */
  lifetime?: number;
  /** Default the clock. */
  now?: NumericDate;
}

/** An authorization that was begun. The state is signed and bound to the browser, so that no machine has to remember it. */
export interface Authorization {
  /** Where the browser goes now: `/login/oauth2/auth` of the Canvas. */
  url: string;
  /** What Canvas sends back with the code. */
  state: string;
  /** A Set-Cookie header, `__Host-oauth-…`: a name for each authorization. */
  cookie: string;
  /** The same for who keeps it elsewhere, in a session of his own or a program's memory: a text for this browser alone. */
  binding: string;
}

/**
 * Begins an authorization (RFC 6749 §4.1.1), with a code challenge (PKCE, S256, RFC 7636), whose verifier is made anew of secret and
 * state when it is needed. A client that Canvas does not know, and a redirect URI that is not the developer key's, it shows to the
 * user as JSON (`invalid_client`, "redirect_uri does not match client settings"), and nobody else hears of it.
 *
 * @throws ERR_ARGUMENT, with `at`; ERR_WEBCRYPTO where the platform has no random bytes.
 */
export function beginAuthorization(options: AuthorizationOptions): Promise<Authorization>;

/** A user as the token endpoint names him. */
export interface TokenUser {
  /** At this Canvas; a bigint where a number would lose digits. */
  id: number | bigint | string;
  name: string | null;
  /** Everywhere in Instructure's cloud: shard × 10^13 + the id there. */
  globalId: string | null;
  /** Such as `en`. */
  effectiveLocale: string | null;
}

/** An access token of a user. */
export interface UserToken {
  /** Empty for `/auth/userinfo` alone, for which Canvas grants none. */
  accessToken: string;
  /** As Canvas wrote it: `Bearer`. */
  tokenType: string;
  /** Seconds; null where the developer key's tokens do not end. */
  expiresIn: number | null;
  /** By this machine's clock; null as `expiresIn`. */
  expiresAt: NumericDate | null;
  /** What a new token is asked for with; after a refresh the one of before, but where Canvas gave a new one. Null where there is none. */
  refreshToken: string | null;
  /** Whose token it is; null where Canvas does not say. */
  user: TokenUser | null;
  /** Who acts as that user (masquerading), else null. */
  realUser: TokenUser | null;
  /** Where Canvas runs; null where it does not say. */
  canvasRegion: string | null;
  /** The Canvas that gave it. */
  baseUrl: string;
  clientId: string;
}

/** How the answer to an authorization is taken. */
export interface UserTokenOptions extends RequestOptions {
  /** Those that may have begun; the one that the state names is taken. A function is waited for as long as `timeout` says. */
  client: CanvasClients;
  /** Where the answer came to: that of {@link beginAuthorization}. */
  redirectUri: string;
  /** Those of {@link beginAuthorization}. */
  secret: Secret | Secret[];
  /** The request's Cookie header. Default: that of a `Request`. */
  cookie?: string | null | undefined;
  /** The {@link Authorization.binding} that was kept for this browser, where it is not in its cookie. */
  binding?: string | null | undefined;
  /** Who remembers the states whose answers were taken, asked last. Canvas takes a code once by itself. */
  claimNonce?: NonceClaim;
  /** Ends the user's other tokens of this developer key. Default false. */
  replaceTokens?: boolean;
  /** Default the clock. */
  now?: NumericDate;
}

/**
 * Takes what Canvas sends the browser back with, in this order: the state's MAC; an `error`; the state's expiry, its binding to this
 * browser by cookie or binding, its redirect URI, and the server's name (`iss`, RFC 9207), where it has one; the client, which is the
 * state's; the state is claimed; the code is exchanged, with the code verifier (RFC 6749 §4.1.3, RFC 7636 §4.5). A code is never sent
 * twice. Redirects are not followed.
 *
 * @param request A `Request`, `URL` or text of the URL, or its query in any form that {@link FormLike} has.
 * @returns `returnTo`: that of {@link beginAuthorization}, or null. `clearCookie`: a Set-Cookie header that forgets the authorization.
 * @throws ERR_OAUTH for an `error` that the browser brings (`access_denied`, `unauthorized_client`, `unsupported_response_type`,
 * `invalid_scope`, `login_required`, `interaction_required`, `unsupported_prompt_type`), and for one of the token endpoint
 * (`invalid_client`, `invalid_grant`, `invalid_request`, `invalid_scope`, `unsupported_grant_type`, `invalid_target`), with
 * `oauthError` and `body`: its message says what probably caused it, and what to change; for an assertion it has a `report`.
 * ERR_OAUTH_STATE_INVALID, also for a parameter that stands twice or is too long, for another redirect URI or server than the
 * authorization's, and for a client that is not among those given; ERR_OAUTH_STATE_NOT_BOUND; ERR_OAUTH_STATE_USED; ERR_STORE, with
 * `cause`, where a function of the options fails; ERR_RESPONSE_INVALID, also for an answer without a code; ERR_ARGUMENT, and the errors
 * of HTTP.
 */
export function requestUserToken(
  request: OfPlatform<'Request', never> | OfPlatform<'URL', never> | FormLike, options: UserTokenOptions,
): Promise<UserToken & { returnTo: string | null; clearCookie: string }>;

/**
 * Asks for a new access token with a refresh token (RFC 6749 §6). The access token of before ends at once, in every process that has
 * it, so that machines share one: by {@link cachedToken} with a store. A public client's refresh token is replaced each time:
 * keep the new one.
 *
 * @throws ERR_OAUTH, as {@link requestUserToken}: "refresh_token not found" (`invalid_request`) where the user has to agree again;
 * ERR_ARGUMENT, ERR_RESPONSE_INVALID, and the errors of HTTP.
 */
export function refreshUserToken(request: { client: CanvasClient; refreshToken: string } & RequestOptions): Promise<UserToken>;

/**
 * Ends an access token and its refresh token (`DELETE /login/oauth2/token`). With a function of {@link cachedToken} what it keeps is
 * forgotten, too.
 *
 * @param options `expireSessions`: ends the user's sessions in browsers, too; default false.
 * @returns `forwardUrl`: where the institution logs its user out, for a browser that you have in hand to go to; else null.
 * @throws ERR_UNAUTHENTICATED for a token that has ended already; ERR_HTTP_STATUS, 400, for one that is none of OAuth's;
 * ERR_ARGUMENT, ERR_RESPONSE_INVALID, and the errors of HTTP.
 */
export function revokeUserToken(
  options: { baseUrl: string; accessToken: string | (() => string | Promise<string>); expireSessions?: boolean } & RequestOptions,
): Promise<{ forwardUrl: string | null }>;

// ── LTI 1.3 ──────────────────────────────────────────────────────────────────────────────────────

/** A tool's registration on a platform. Issuer and client id together tell it from others: Canvas's issuer is the same for
 *  every institution of an environment, and for self-hosted sites that never changed it. */
export interface Platform {
  /** The `iss` of its messages; not the host of its endpoints. */
  issuer: string;
  /** Text: Canvas's exceed 2^53. */
  clientId: string;
  /** Where a login is answered to. This and the other two URLs must be `https`, but on this machine (`localhost`, `127.0.0.1`,
   *  `[::1]`). */
  authorizationEndpoint: string;
  /** Where service tokens are asked for. */
  tokenEndpoint: string;
  /** Where its public keys are. */
  jwksUri: string;
  /** Which deployments may launch; default 'any', since Canvas makes new ones with every course copy and sub-account. */
  deployments?: 'any' | string[];
}

/**
 * Canvas's platforms: of Instructure's cloud by environment (default production), or self-hosted by base URL, whose issuer
 * is what its operator configured, `https://canvas.instructure.com` where that was never changed.
 *
 * @throws ERR_ARGUMENT, with `at`.
 */
export function canvasPlatform(
  options: { clientId: Id; environment?: 'production' | 'beta' | 'test' } | { clientId: Id; baseUrl: string; issuer?: string },
): Platform;

/** One platform, several, or a function that looks one up; `clientId` is undefined where the login request lacks it. What the
 *  function gives may have other members. */
export type Platforms =
  | Platform | Platform[]
  | ((issuer: string, clientId?: string) => Platform | null | undefined | Promise<Platform | null | undefined>);

/** What a form or query holds, in any of the forms that a runtime gives it; text with or without a question mark in front. A
 *  parameter that stands twice, in an object as an array, is refused where it is read. What is no text is left out: a file, or
 *  what a parser of queries makes of `name[member]=value`. */
export type FormLike =
  | OfPlatform<'URLSearchParams', never> | OfPlatform<'FormData', never> | string | { [name: string]: unknown };

/** What answers a login request. The state is signed and bound to the browser, so that no machine has to remember it. */
export interface Login {
  /** The platform that asks. */
  platform: Platform;
  /** Where the browser goes now, by itself: the platform looks for its session. */
  url: string;
  /** What the platform sends back with the launch. */
  state: string;
  /** What the id token must carry; it stands in the state. */
  nonce: string;
  /** A Set-Cookie header, `__Host-lti-…`: a name for each login, as a page may embed several tools. */
  cookie: string;
  /** Where the platform offers its storage to tools whose cookies are blocked: what the page puts there, before it goes to
   *  `url`. */
  storage: {
    /** The name of the frame beside the tool's, or `_parent`. */
    target: string;
    /** Of which origin that frame must be. */
    origin: string;
    /** The entry's name. */
    key: string;
    /** 43 characters: Canvas keeps 4096 for the whole tool. */
    value: string;
  } | null;
}

/** How a login is begun. Options of {@link LaunchOptions} are no mistake here, nor those here there: one object may hold both. */
export interface LoginOptions extends Pick<RequestOptions, 'signal' | 'timeout'> {
  /** Where the tool is registered. A function is waited for as long as `timeout` says. */
  platforms: Platforms;
  /** Where the platform posts the launch to; registered there. Its origin is the only one that a stored value is taken
   *  from. */
  redirectUri: string;
  /** At least 32 random bytes, the same on every machine. The first of several signs, all verify; a key for each purpose is
   *  derived (RFC 5869). */
  secret: Secret | Secret[];
  /** Seconds until the launch must have come, default 600, at most a day. */
  lifetime?: number;
  /** Default the clock. */
  now?: NumericDate;
}

/**
 * Answers a login request (1EdTech Security Framework 1.0 §5.1.1.1 and §5.1.1.2), which platforms send by POST or GET. Takes
 * the deployment as `deployment_id` and as `lti_deployment_id`, and needs neither; the launch says it again, signed.
 *
 * @throws ERR_LTI_LOGIN_INVALID, with `at` the parameter, also for one that stands twice or has more than 65 536 bytes;
 * ERR_LTI_PLATFORM_UNKNOWN; ERR_STORE, with `cause`, where the function that looks platforms up fails; ERR_TIMEOUT, ERR_ABORTED;
 * ERR_ARGUMENT; ERR_WEBCRYPTO where the platform has no random bytes.
 */
export function beginLaunch(request: FormLike, options: LoginOptions): Promise<Login>;

/** A verified launch. Every claim is in `claims`; the rest are the ones that tools use, under short names. */
export interface Launch {
  /** What is launched; each type has claims of its own. */
  messageType:
    | 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest' | 'LtiEulaRequest' | 'LtiAssetProcessorSettingsRequest'
    | 'LtiReportReviewRequest' | (string & {});
  /** The platform that it comes from. */
  platform: Platform;
  /** Which installation of the tool it is. */
  deploymentId: string;
  /** Null for an anonymous visitor of a public course. Names, address and picture by the tool's privacy level. */
  user: {
    id: string; name?: string; givenName?: string; familyName?: string; email?: string; picture?: string; locale?: string;
  } | null;
  /** URNs of LIS, in the course or account and beyond it. */
  roles: string[];
  /** Whether the user teaches in this context; teaching assistants do. */
  isInstructor: boolean;
  /** Whether the user learns in this context. */
  isLearner: boolean;
  /** Whether the user administers this context, the institution or the platform. */
  isAdministrator: boolean;
  /** Where the user wants to go. */
  targetLinkUri?: string;
  /** The link that was opened; Canvas gives a launch that is tied to none the id of its context. The description is HTML. */
  resourceLink?: { id: string; title?: string; description?: string };
  /** The course, group or account. */
  context?: { id: string; label?: string; title?: string; type?: string[] };
  /** As text. Variables that Canvas did not expand (`$Canvas.user.id`) are left out here, and kept in `claims`. */
  custom: Record<string, string>;
  /** Canvas's: where in Canvas it was opened; null where Canvas does not say. */
  placement: string | null;
  /** What a deep linking response answers to. */
  deepLinking?: DeepLinking;
  /** The line items service: of the context (Canvas always names it, other platforms not to a tool that may use one line item
   *  alone), and the one of the link that was opened. */
  lineItems?: { url?: string; lineItem?: string; scopes: string[] };
  /** The names and roles service. */
  memberships?: { url: string };
  /** The notification service, and the types of notices that it can send. */
  notices?: { url: string; types: string[]; scopes: string[] };
  /** A Set-Cookie header that forgets the login. */
  clearCookie: string;
  /** The id token's header. */
  header: Header;
  /** Every claim, as sent. */
  claims: Claims;
}

/** What a platform signs with, where it is not to be fetched from its `jwksUri`: for one platform a key or a set, else a function
 *  that gives those of the platform that was found (or undefined: those at its `jwksUri`). The same keys for several platforms, or
 *  for what a function looks up, are ERR_ARGUMENT: each of them could sign for the others. */
export type PlatformKeys =
  | Key | RemoteJwks
  | ((platform: Platform) => Key | RemoteJwks | undefined | Promise<Key | RemoteJwks | undefined>);

/**
 * Who remembers the nonces of tokens that were taken: a {@link Store} that has `add`, or a function that is true for the first
 * caller with this name alone. The name holds issuer, client id and nonce, and is remembered until this time:
 *
 * ```ts
 * claimNonce: async (name, until) => (await redis.set(name, '1', { NX: true, EXAT: until })) === 'OK'
 * ```
 */
export type NonceClaim =
  | ((name: string, until: NumericDate) => boolean | Promise<boolean>)
  | Required<Pick<Store, 'add'>>;

/** How a launch is verified. */
export interface LaunchOptions extends RequestOptions {
  /** Where the tool is registered. */
  platforms: Platforms;
  /** Those of {@link beginLaunch}. */
  secret: Secret | Secret[];
  /** Default those at the platform's `jwksUri`, by {@link remoteJwks}: kept for all launches with this `fetch`. */
  keys?: PlatformKeys;
  /** The request's Cookie header. */
  cookie?: string | null | undefined;
  /** What the page got from the platform's storage, null in what the platform itself posts, and the Origin header of the request
   *  that brought it. It is refused unless
   *  that is the redirect URI's own: an attacker who posts his own launch from a page of his own knows its stored value too. */
  stored?: { value: string | null | undefined; origin: string | null | undefined } | null | undefined;
  /** Who remembers nonces, asked last. Without it, a launch can be replayed in the browser that began it, until the state expires.
   *  It is waited for as long as `timeout` says. */
  claimNonce?: NonceClaim;
  /** Seconds by which clocks may differ, default 60. */
  clockTolerance?: number;
  /** Default the clock. */
  now?: NumericDate;
}

/**
 * Verifies what the platform posts to the redirect URI, or sends there as a query, in this order: the state's MAC, its
 * expiry, its binding to this browser by cookie or stored value; the platform, which is the state's; only then are keys asked for;
 * the signature, with RS256 alone; `iss`, `aud`, `iat` (at most 300 s old: Canvas makes the token when the login begins), `exp`,
 * `azp`, that `aud` names nobody else, and `nonce` (1EdTech Security Framework 1.0 §5.1.3); what its message type needs; the
 * deployment; the nonce is claimed last.
 *
 * An `error` that the platform sends instead is ERR_LTI_LAUNCH_REFUSED, with its probable cause, its code in `oauthError` and its
 * words in `body`: after the state's MAC, where it has a state, but before expiry and binding, as nobody is logged in by it.
 *
 * @throws ERR_LTI_STATE_INVALID, also for a parameter that stands twice or is too long. ERR_LTI_STATE_NOT_BOUND, which says what was tried;
 * where the platform offers its storage, its `storage` says what a page asks it for, to send `id_token`, `state` and the
 * stored value again. ERR_LTI_LAUNCH_REFUSED, ERR_LTI_PLATFORM_UNKNOWN, ERR_LTI_MESSAGE_INVALID, ERR_LTI_DEPLOYMENT_UNKNOWN,
 * ERR_LTI_NONCE_USED. ERR_STORE, with `cause`, where a function of the options fails. What {@link verifyJwt} and
 * {@link remoteJwks} throw. Where the token is at fault, its `report` says all that is.
 */
export function verifyLaunch(response: FormLike, options: LaunchOptions): Promise<Launch>;

/** A verified notice of the Platform Notification Service. What it is about stands in `claims`. */
export interface Notice {
  /** What has happened. */
  type:
    | 'LtiHelloWorldNotice' | 'LtiContextCopyNotice' | 'LtiAssetProcessorSubmissionNotice'
    | 'LtiAssetProcessorContributionNotice' | (string & {});
  /** The notice's own id. */
  id: string;
  /** When it happened (ISO 8601). */
  timestamp: string;
  /** The platform that it comes from. */
  platform: Platform;
  /** Which installation of the tool it is for. */
  deploymentId: string;
  /** The course, group or account. */
  context?: { id: string; label?: string; title?: string; type?: string[] };
  /** Every claim, as sent. */
  claims: Claims<NoticeClaims>;
}

/** What a notice says of what has happened, as far as it does (Platform Notification Service 1.0, Asset Processor 1.0). */
export interface NoticeClaims extends AnyClaims {
  /** What was handed in, for `LtiServices.asset`. */
  'https://purl.imsglobal.org/spec/lti/claim/assetservice'?: { scope: string[]; assets: NoticeAsset[] };
  /** Where reports go, for `LtiServices.postAssetReport`. */
  'https://purl.imsglobal.org/spec/lti/claim/assetreport'?: { scope: string[]; report_url: string };
  /** The assignment. */
  'https://purl.imsglobal.org/spec/lti/claim/activity'?: { id: string; title?: string };
  /** The attempt that was handed in. */
  'https://purl.imsglobal.org/spec/lti/claim/submission'?: { id: string };
  /** Who handed it in. */
  'https://purl.imsglobal.org/spec/lti/claim/for_user'?: { user_id: string };
  /** The courses that a course was copied from. */
  'https://purl.imsglobal.org/spec/lti/claim/origin_contexts'?: string[];
}

/** An asset that a notice tells of. */
export type NoticeAsset = {
  /** The `assetId` of a report on it. */
  asset_id: string;
  url: string;
  /** Base64. */
  sha256_checksum?: string;
  /** When it was handed in (ISO 8601). */
  timestamp?: string;
  /** In bytes. */
  size?: number;
  content_type?: string;
  title?: string;
  filename?: string;
};

/** How a notice is verified. */
export interface NoticeOptions extends RequestOptions {
  /** Where the tool is registered. */
  platforms: Platforms;
  /** Default those at the platform's `jwksUri`, as for {@link verifyLaunch}. */
  keys?: PlatformKeys;
  /** As for {@link verifyLaunch}; the nonce is the platform's own. Without it a notice can be sent again for an hour. */
  claimNonce?: NonceClaim;
  /** Seconds by which clocks may differ, default 60. */
  clockTolerance?: number;
  /** Default the clock. */
  now?: NumericDate;
}

/**
 * Verifies a notice: one `jwt` of the `notices` that a platform posts to the handler that the tool has set. It has no user and
 * no message type, and answers no login. The platform is that of `iss` and `azp`, or else the only `aud`; then as for
 * {@link verifyLaunch}, but that `iat` may be an hour old.
 *
 * @throws As {@link verifyLaunch}, but for states and logins.
 */
export function verifyNotice(jwt: string, options: NoticeOptions): Promise<Notice>;

/** What a platform keeps for the pages of a tool; see {@link platformStorage}. */
export interface PlatformStorage {
  /** Puts a value, or with null deletes what is there (`lti.put_data`). Canvas keeps at most 500 keys, and 4,096 characters
   *  of keys and values, for all pages of a tool's origin. */
  put(key: string, value: string | null): Promise<void>;
  /** Gets a value, null where there is none (`lti.get_data`). */
  get(key: string): Promise<string | null>;
}

/**
 * In a page of a tool that a platform shows: what the platform stores for it, whatever becomes of the tool's cookies (LTI
 * Platform Storage 1.0). Messages go to this frame beside the page's own, or beside that of the window that opened it
 * (`_parent`: to that window itself), if it is of this origin; answers are taken from nobody else. A message is posted again
 * every 250 ms until its answer comes, as a frame that is still loading hears nothing.
 *
 * `canvas-lms-tokens/platform-storage` exports this function alone: a kilobyte, without WebAssembly.
 *
 * @param where The `storage` of a login, or of an ERR_LTI_STATE_NOT_BOUND.
 * @param options `timeout`: milliseconds for an answer, default 2 000.
 * @throws ERR_LTI_STORAGE where there is no such frame, and for an error of the platform (its `code` and `message` are the
 * `body`); ERR_TIMEOUT, ERR_ARGUMENT.
 */
export function platformStorage(
  where: { target: string; origin: string; key?: string; value?: string }, options?: { timeout?: number },
): PlatformStorage;

/** What a deep linking launch takes, and where it takes it. A claim can hold it. */
export type DeepLinking = {
  /** Where the browser posts the response to. */
  returnUrl: string;
  /** Sent back as it is, where the platform gives it. */
  data?: string;
  /** The types of items that are taken. */
  acceptTypes: string[];
  /** Whether more than one item is taken. */
  acceptMultiple?: boolean;
  /** Whether Canvas makes the items without asking the user. */
  autoCreate?: boolean;
};

/** A picture of a content item. */
export interface ContentItemImage { url: string; /** Pixels. */ width?: number; /** Pixels. */ height?: number }

/** What every content item may have (LTI Deep Linking 2.0 §3.2). Other members, such as extensions, are sent as they are. */
export interface ContentItemBase {
  /** Plain text, the name of the item. */
  title?: string;
  /** Plain text, what it is about. */
  text?: string;
  icon?: ContentItemImage;
  thumbnail?: ContentItemImage;
  /** Other members. */
  [name: string]: JsonValue | ContentItemImage | LinkIframe | LinkWindow | LinkPeriod | LinkLineItem | ProcessorReport | undefined;
}

/** A frame that shows the item, in pixels. */
export interface LinkIframe { width?: number; height?: number; src?: string }
/** A window that shows the item, in pixels. */
export interface LinkWindow { targetName?: string; width?: number; height?: number; windowFeatures?: string }
/** From when to when, as ISO 8601 with an offset, such as `2026-03-01T09:30:00Z`. */
export interface LinkPeriod { startDateTime?: string; endDateTime?: string }
/** The gradebook column that Canvas makes with the link. */
export interface LinkLineItem {
  label?: string;
  /** Points, more than 0. */
  scoreMaximum: number;
  /** The tool's own id of what is graded. */
  resourceId?: string;
  /** The tool's own mark. */
  tag?: string;
}
/** The reports of an asset processor. */
export interface ProcessorReport { url?: string; custom?: Record<string, string>; supportedTypes?: string[]; [name: string]: JsonValue | undefined }

/** A link that launches the tool. */
export interface LtiResourceLinkItem extends ContentItemBase {
  type: 'ltiResourceLink';
  /** Default the tool's own target link URI. */
  url?: string;
  iframe?: LinkIframe;
  window?: LinkWindow;
  /** Custom parameters of its launches: text alone. */
  custom?: Record<string, string>;
  /** In the placements assignment_selection, course_assignments_menu, link_selection, module_index_menu_modal and
   *  module_menu_modal alone. */
  lineItem?: LinkLineItem;
  available?: LinkPeriod;
  submission?: LinkPeriod;
}
/** A link to any page. */
export interface LinkItem extends ContentItemBase { type: 'link'; url: string; iframe?: LinkIframe; window?: LinkWindow }
/** A piece of HTML. */
export interface HtmlItem extends ContentItemBase { type: 'html'; html: string }
/** An image at a URL, which Canvas links to. */
export interface ImageItem extends ContentItemBase { type: 'image'; url: string; /** Pixels. */ width?: number; /** Pixels. */ height?: number }
/** A file that Canvas fetches. */
export interface FileItem extends ContentItemBase {
  type: 'file';
  url: string;
  mediaType?: string;
  /** Until when it can be fetched, as ISO 8601 with an offset. */
  expiresAt?: string;
}
/** A document processor that is added to an assignment or discussion. */
export interface LtiAssetProcessorItem extends ContentItemBase {
  type: 'ltiAssetProcessor';
  url?: string;
  /** Custom parameters of its launches: text alone. */
  custom?: Record<string, string>;
  report?: ProcessorReport;
  iframe?: LinkIframe;
  window?: LinkWindow;
}
/** What a deep linking response brings to the platform, in the words of LTI Deep Linking 2.0. */
export type ContentItem = LtiResourceLinkItem | LinkItem | HtmlItem | ImageItem | FileItem | LtiAssetProcessorItem;

/**
 * Signs the response to a deep linking launch with RS256. Its items are checked by Canvas's rules first, as Canvas tells the
 * user alone what is wrong with one, or drops it: types that the launch takes, one item where it takes one, a line item with
 * `scoreMaximum` and in the placements that make one (where the launch has its `placement`), custom values that are text.
 *
 * @param options `items`: none ends the choice without one. `key`: the tool's private RSA key; its `kid`, default its
 * thumbprint, is that of {@link publicJwks}. `message`, `errorMessage`: shown to the user. `log`, `errorLog`: logged by the
 * platform. Canvas's own: `moduleName`, of the module that it makes for the items of a launch in the list of modules;
 * `replaceEditorContents`, which needs the scope `https://canvas.instructure.com/lti/replace_editor_contents`. `lifetime`:
 * seconds, default 300; Canvas takes none that is older. `scriptNonce`: of the page's Content Security Policy.
 * @returns `form`: a page that posts `jwt` to the platform, at once by script, or by its button. Only the browser can, as it
 * has the user's session.
 * @throws ERR_ARGUMENT, with `at`, such as 'items[0].lineItem.scoreMaximum'; what {@link signJwt} throws for a key.
 */
export function deepLinkingResponse(
  launch: { platform: Platform; deploymentId: string; deepLinking?: DeepLinking; placement?: string | null },
  options: {
    items: ContentItem[]; key: Key; message?: string; log?: string; errorMessage?: string; errorLog?: string;
    moduleName?: string; replaceEditorContents?: boolean; lifetime?: number; now?: NumericDate; scriptNonce?: string;
  } & WaitOptions,
): Promise<{ jwt: string; form: string }>;
/** The keys at a URL, of {@link remoteJwks}: a {@link Key} for {@link verifyJwt}, {@link verifyJws} and {@link inspect}. What
 *  was fetched is kept as long as this object: make one for each URL, where the program starts. */
export interface RemoteJwks {
  /** Forgets the keys; once, as a second call is an Error of the platform. A freed one is ERR_ARGUMENT. */
  free(): void;
  /** Does the same, at the end of a block with `using`. */
  [Symbol.dispose](): void;
}

/**
 * The keys that a platform publishes at a URL, for every function that verifies. Nothing is fetched until a token needs it:
 *
 * - A set is kept for the `max-age` of its `Cache-Control`, less its `Age`, but at least a minute and at most ten days (which
 *   is what Canvas says); ten minutes where it says nothing, `no-store` or `no-cache`.
 * - For a `kid` that the set lacks it is fetched again, at most once a minute. A new set replaces the old one whole: a key that
 *   was withdrawn is gone, and another key under the same `kid` is the one that counts.
 * - After a fetch that failed there is none for ten seconds. Keys whose time has passed serve for one day more while there is
 *   no other answer.
 * - One fetch serves all calls that wait for it; on workerd, where a promise cannot be shared between requests, each call
 *   fetches for itself, and what it got serves all.
 * - At most 256 KiB and 100 keys. Redirects are not followed.
 *
 * A key of the set that cannot be used, as it is of another type or too short, matters only when a token names it. Secrets and
 * private keys are none, since everybody can read them there. Canvas's public example key of 512 bits, which self-hosted sites
 * have that never made keys of their own, is ERR_JWK_INVALID by name: anyone can forge their launches.
 *
 * A `store` shares the set between machines, under the name `lti-jwks/` with the encoded URL. Whoever can write to it can forge
 * launches: give it through {@link encryptedStore}. One that fails, or has something else, is as one that has nothing, so that
 * no login waits for its repair.
 *
 * The functions that take it also reject with what the fetch ends with: ERR_FETCH, ERR_TIMEOUT, ERR_ABORTED, ERR_HTTP_STATUS,
 * ERR_RESPONSE_INVALID and the like. {@link inspect} then reports that the signature was not verified.
 *
 * @param url The `jwks_uri`: absolute, http(s), without credentials and fragment.
 * @throws ERR_ARGUMENT for a URL or option that is wrong.
 */
export function remoteJwks(url: string, options?: RequestOptions & { store?: Store }): RemoteJwks;

/**
 * The public halves of a tool's keys as a JWK Set to publish at its `jwks_uri`: `kty`, `alg`, `use` and `kid` of each, and what
 * its type needs. A key without `kid` gets its thumbprint (RFC 7638), as it does where it signs.
 *
 * While a key is replaced, publish both: Canvas reads the set when it needs it, and chooses by `kid`.
 *
 * @param keys Private or public: JWKs, `{ pem }` of RSA keys, an {@link ExternalSigner} with `publicKey`, or what {@link prepareKey}
 * made of those.
 * @throws ERR_ARGUMENT, with `at` such as 'keys[1]', for a shared secret, for a key that only the platform knows, and for a
 * `kid` that stands twice; ERR_JWK_INVALID, ERR_JOSE_NOT_SUPPORTED.
 */
export function publicJwks(keys: Key[]): { keys: (Jwk & { kid: string })[] };

// ── LTI 1.3: access tokens ───────────────────────────────────────────────────────────────────────

/** How a client assertion is filled in. */
export interface ClientAssertionOptions extends WaitOptions {
  /** Seconds, default 300: Canvas takes none that is older. */
  lifetime?: number;
  /** Default the clock. */
  now?: NumericDate;
  /** Default a random UUID (version 4). */
  jti?: string;
}

/**
 * Signs the client assertion of the client credentials grant (RFC 7523 §2.2; 1EdTech Security Framework 1.0 §4.1.1): RS256, which
 * alone Canvas takes, `iss` and `sub` the client id, `aud` the token endpoint. The header has the key's `kid`, or, for a key
 * without one, its thumbprint, as {@link publicJwks} publishes it; a CryptoKey, and an {@link ExternalKey} without `kid` and `publicKey`, has none, which Canvas takes where the developer
 * key has the JWK itself, not a URL.
 *
 * @param key Private, RSA: a JWK, `{ pem }`, a CryptoKey, an {@link ExternalKey}, or what {@link prepareKey} made of one.
 * @throws ERR_ARGUMENT, with `at`; ERR_JOSE_ALG_NOT_ALLOWED for a key that is not for RS256; what every function with a key
 * throws; ERR_WEBCRYPTO.
 */
export function signClientAssertion(platform: Platform, key: Key, options?: ClientAssertionOptions): Promise<string>;

/** What a service token is asked for with. */
export interface ServiceTokenRequest extends RequestOptions {
  platform: Platform;
  /** As for {@link signClientAssertion}. */
  key: Key;
  /** One that the developer key lacks fails the whole grant: ask for what the service claims of a launch list. */
  scopes: string[];
}

/** A granted service token. */
export interface ServiceToken extends AccessToken {
  /** What it may do, as the server said. */
  scopes: string[];
}

/**
 * Asks for a token of the LTI Advantage services: the client credentials grant (1EdTech Security Framework 1.0 §4.1), with a new
 * assertion for each try. A grant is for the client, not for a course or deployment; Canvas counts each request 200 units of the
 * rate limit, so keep the token: {@link cachedToken}. Redirects are not followed.
 *
 * @throws ERR_OAUTH with `oauthError`, `status`, a `report` of the assertion, and in `message` what Canvas's words mean: the scope
 * that the key lacks, the causes of "JWS signature invalid." with the most likely first, the audience that was sent; ERR_ARGUMENT,
 * ERR_FETCH, ERR_TIMEOUT, ERR_ABORTED, ERR_HTTP_STATUS, ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_THROTTLED, ERR_RESPONSE_INVALID,
 * and what {@link signClientAssertion} throws.
 */
export function requestServiceToken(request: ServiceTokenRequest): Promise<ServiceToken>;

/** A function that gives an access token, of {@link cachedToken}. */
export interface CachedToken {
  (): Promise<string>;
  /** Forgets the token, as for an answer that says it is not good: the next call requests another. {@link Canvas} does this by
   *  itself. */
  forget(): Promise<void>;
}

/** How a token is kept. */
export interface CachedTokenOptions {
  /** Where machines share the token: whoever reads it can use the token, so give it through {@link encryptedStore}. */
  store?: Store;
  /** What the store calls this token; each token has a name of its own. */
  name?: string;
  /** How many seconds before its end a token is requested anew, default 60. */
  early?: number;
}

/**
 * Makes a function, for every option that takes an access token, of one that requests it: the token is kept until shortly before
 * its end, and requested once by however many callers (on workerd, where a promise cannot be shared between requests, by each
 * that finds none), and by one machine at a time where the store has `add`, as the next refresh of a user's token ends the one of
 * before. For LTI 2 and LTI 1.3 alike. {@link Canvas} forgets it when Canvas answers ERR_UNAUTHENTICATED, and asks once
 * more with a new one.
 *
 * The function rejects with what `request` rejects with, which is not remembered; with ERR_STORE, and the `cause`, where the store
 * fails, as else every call of every machine would request a token (where only putting it there failed, the next call of this
 * machine gives it); with ERR_STORE for a value under this name that is no token; with ERR_ARGUMENT where `request` gives none;
 * with ERR_TIMEOUT where it has not ended after three minutes.
 *
 * @param request Such as `() => requestAccessToken({ … })` or `() => refreshUserToken({ … })`. A token whose `expiresAt` is null is kept
 * for an hour.
 * @throws ERR_ARGUMENT for what is no function, a store that lacks a method, and a store without `name`.
 */
export function cachedToken(
  request: () => Promise<{ accessToken: string; expiresAt: NumericDate | null }>, options?: CachedTokenOptions,
): CachedToken;

/** What machines share: a database, a cache, a key-value store. Methods may be synchronous. What one throws or rejects with
 *  becomes the `cause` of an ERR_STORE, as does one that takes longer than ten seconds. */
export interface Store {
  /** What stands under this name; null or undefined where there is nothing. */
  get(name: string): Promise<string | null | undefined> | string | null | undefined;
  /** Puts a value there, for `ttl` seconds. */
  set(name: string, value: string, ttl: number): Promise<unknown> | unknown;
  /** Puts a value there if there is none, at once for all machines: true for the one caller that did it. A store that cannot do
   *  that has no such method. */
  add?(name: string, value: string, ttl: number): Promise<boolean> | boolean;
  /** Takes away what stands there. */
  delete(name: string): Promise<unknown> | unknown;
}

/** A store of {@link encryptedStore}. */
export interface EncryptedStore extends Store {
  get(name: string): Promise<string | null>;
  set(name: string, value: string, ttl: number): Promise<void>;
  add?(name: string, value: string, ttl: number): Promise<boolean>;
  delete(name: string): Promise<void>;
}

/**
 * Encrypts and authenticates what a store holds: a JWE (`dir`, A256GCM) whose header carries the name of the entry, under a key
 * that is derived from the secret (HKDF-SHA256). Names are not encrypted. It has `add` where the store has.
 *
 * A value that does not open is as if it were not there: one that was changed, put under another name, written without
 * encryption, or with a secret that is no longer given. It is never used, and whoever keeps something there puts it anew. An
 * older value of the same name can be put back by whoever writes to the store; what this package keeps there has its own end.
 *
 * @param secret At least 32 bytes, random. Of several the first encrypts, and all decrypt.
 * @throws ERR_ARGUMENT. Its methods reject with ERR_STORE, with the `cause`, where the store's own fail.
 */
export function encryptedStore(store: Store, secret: Secret | Secret[]): EncryptedStore;

// ── LTI 1.3: services ────────────────────────────────────────────────────────────────────────────

/** What a {@link LtiServices} is, and how it asks. Each call takes the {@link RequestOptions} too, which go before these. */
export interface LtiServicesOptions extends RequestOptions {
  platform: Platform;
  /** The tool's private RSA key; its `kid`, default its thumbprint, is that of {@link publicJwks}. */
  key: Key;
  /** Where tokens may go: the origins of the services that a verified launch or notice named. One with `http` is taken as its
   *  `https`, but for this machine (`localhost`, `127.0.0.1`, `[::1]`), where they may be if the platform's `tokenEndpoint` is. */
  origins: string[];
  /** The scopes that the tool's key has, as a launch lists them: no other is asked for, as one that the key lacks fails the
   *  whole grant. Absent: each call asks for the one that it needs, reading line items for `lineitem`. */
  scopes?: string[];
  /** Where machines share tokens, by token endpoint, client id and scopes: give it through {@link encryptedStore}. Within a
   *  process they are kept for this key (a JWK or PEM by what it says, another by the object that it is) and `fetch` function. */
  store?: Store;
}

/** A column of a gradebook (Assignment and Grade Services 2.0 §3.2). */
export interface LineItem {
  /** Its URL, which the other calls take. */
  id: string;
  label: string;
  /** Points. */
  scoreMaximum: number;
  /** The tool's own id of what is graded. */
  resourceId?: string;
  /** The tool's own mark. */
  tag?: string;
  /** The link that it belongs to. */
  resourceLinkId?: string;
  /** From when on work is taken, as ISO 8601. */
  startDateTime?: string;
  /** Until when work is taken, as ISO 8601. */
  endDateTime?: string;
  /** Canvas's: how the assignment is submitted. */
  'https://canvas.instructure.com/lti/submission_type'?: LineItemSubmissionType;
  /** Canvas's: what is launched. */
  'https://canvas.instructure.com/lti/launch_url'?: string;
  /** Other members, as sent. */
  [name: string]: JsonValue | LineItemSubmissionType | undefined;
}

/** How the assignment of a line item is submitted: nowhere, or by a launch of this URL, which must be the tool's. */
export interface LineItemSubmissionType { type: 'none' | 'external_tool'; external_tool_url?: string }

/** What a line item is made with. Other members are sent as they are. */
export interface LineItemParams {
  label: string;
  /** Points, more than 0. */
  scoreMaximum: number;
  /** The tool's own id of what is graded. */
  resourceId?: string;
  /** The tool's own mark. */
  tag?: string;
  /** A link of the tool: the line item is one more of its assignment, without a column of its own. */
  resourceLinkId?: string;
  /** ISO 8601 with an offset. */
  startDateTime?: string;
  /** ISO 8601 with an offset. */
  endDateTime?: string;
  /** Canvas's: how the assignment is submitted. */
  'https://canvas.instructure.com/lti/submission_type'?: LineItemSubmissionType;
  /** Other members. */
  [name: string]: JsonValue | LineItemSubmissionType | undefined;
}

/** What a tool says of a user's work (Assignment and Grade Services 2.0 §3.4). Other members are sent as they are. */
export interface Score {
  /** The user's LTI id (`sub`) or Canvas id. Canvas takes students alone, not the test student. */
  userId: Id;
  /** Points, 0 or more. Without them a grade is cleared. */
  scoreGiven?: number;
  /** What `scoreGiven` is out of. */
  scoreMaximum?: number;
  /** How far the user is. */
  activityProgress: 'Initialized' | 'Started' | 'InProgress' | 'Submitted' | 'Completed';
  /** How far grading is. With any other than FullyGraded a grade may be cleared. */
  gradingProgress: 'FullyGraded' | 'Pending' | 'PendingManual' | 'Failed' | 'NotReady';
  /** ISO 8601 with an offset, at best with milliseconds; default the clock, and later than the one before. Canvas refuses one that
   *  is earlier than the last. */
  timestamp?: string;
  /** Shown to the user. */
  comment?: string;
  /** Whose grading it is. */
  scoringUserId?: string;
  /** When work was begun and submitted, as ISO 8601. Canvas takes no `submittedAt` more than a minute ahead. */
  submission?: { startedAt?: string; submittedAt?: string };
  /** Canvas's: makes a submission with the score, or keeps the grade. */
  'https://canvas.instructure.com/lti/submission'?: ScoreSubmission;
  /** Other members. */
  [name: string]: JsonValue | bigint | ScoreSubmission | { startedAt?: string; submittedAt?: string } | undefined;
}

/** Canvas's extension of a score. */
export interface ScoreSubmission {
  /** Whether it is one more attempt; default true. */
  new_submission?: boolean;
  /** Whether the grade stays as it is. */
  preserve_score?: boolean;
  /** Whether a grade that a person gave stays. */
  prioritize_non_tool_grade?: boolean;
  /** Default external_tool; with files it is online_upload. */
  submission_type?: 'none' | 'basic_lti_launch' | 'online_text_entry' | 'online_url' | 'external_tool' | 'online_upload';
  /** The URL or text that was submitted. */
  submission_data?: string;
  /** ISO 8601 with an offset, at most a minute ahead. */
  submitted_at?: string;
  /** Files that Canvas fetches. */
  content_items?: { type: 'file'; url: string; title?: string; media_type?: string }[];
}

/** What a posted score became. */
export interface PostedScore {
  /** The URL of the result. */
  resultUrl: string;
  /** Canvas's: the files, each with the URL of its progress. */
  'https://canvas.instructure.com/lti/submission'?: { content_items?: { type: string; url: string; title?: string; progress: string }[] };
}

/** What a line item has of a user (Assignment and Grade Services 2.0 §3.3). */
export interface Result {
  /** Its URL. */
  id: string;
  /** The line item's URL. */
  scoreOf: string;
  /** The user's LTI id. */
  userId: string;
  /** Points; absent where there is no grade. */
  resultScore?: number | null;
  /** What `resultScore` is out of. */
  resultMaximum?: number | null;
  comment?: string | null;
  scoringUserId?: string;
  /** Other members, as sent. */
  [name: string]: JsonValue | undefined;
}

/** A member of a course or group (Names and Role Provisioning Services 2.0 §2.2), as the tool's privacy level shows one. */
export interface Member {
  /** Canvas lists those alone who are active. */
  status?: 'Active' | 'Inactive' | (string & {});
  /** The LTI id, `sub` of the user's launches. */
  user_id: string;
  /** URNs of LIS. */
  roles: string[];
  name?: string;
  picture?: string;
  given_name?: string;
  family_name?: string;
  email?: string;
  lis_person_sourcedid?: string;
  /** The id of LTI 1.1. */
  lti11_legacy_user_id?: string;
  /** With `resourceLinkId`: what a launch of the link would tell of the member. */
  message?: { [name: string]: JsonValue }[];
  /** Other members, as sent. */
  [name: string]: JsonValue | undefined;
}

/** Where notices of a type go; `handler` is empty where none is set. */
export interface NoticeHandler { notice_type: string; handler: string; max_batch_size?: number; [name: string]: JsonValue | undefined }

/** Which notices a deployment sends, and where (Platform Notification Service 1.0). */
export interface NoticeHandlers {
  /** The client id as Canvas sends it, a number; a bigint beyond 2^53. */
  client_id: Id;
  deployment_id: string;
  /** One for each type. */
  notice_handlers: NoticeHandler[];
  /** Other members, as sent. */
  [name: string]: JsonValue | NoticeHandler[] | undefined;
}

/** A report on an asset (Asset Processor 1.0). Other members are sent as they are. */
export interface AssetReport {
  /** The `asset_id` of the notice. */
  assetId: string;
  /** Which of the processor's reports it is: one of its `supportedTypes`, where it has some. */
  type: string;
  /** ISO 8601 with an offset; default the clock, and later than the one before. It supersedes those that are not newer; Canvas
   *  answers 409 where one is. */
  timestamp?: string;
  title?: string;
  processingProgress: 'Processed' | 'Processing' | 'PendingManual' | 'Failed' | 'NotProcessed' | 'NotReady';
  /** From 0, nothing notable, to 5, urgent. */
  priority: number;
  /** A few words, such as `75/100`; Canvas shows 16 characters. */
  result?: string;
  /** Points, 0 or more. */
  scoreGiven?: number;
  /** What `scoreGiven` is out of. */
  scoreMaximum?: number;
  /** `#RRGGBB`. */
  indicationColor?: string;
  /** What the color means, for those who do not see it. */
  indicationAlt?: string;
  /** Where it failed: UNSUPPORTED_ASSET_TYPE, ASSET_TOO_LARGE, ASSET_TOO_SMALL, EULA_NOT_ACCEPTED, DOWNLOAD_FAILED, or the
   *  tool's own. */
  errorCode?: string;
  comment?: string;
  /** Whether the student sees it. */
  visibleToOwner?: boolean;
  /** Other members. */
  [name: string]: JsonValue | undefined;
}

/**
 * The services of LTI Advantage: line items, scores and results, members, notice handlers, assets and reports, by their media
 * types and with Canvas's extensions. It holds its options and nothing else; there is nothing to close.
 *
 * Tokens are asked for when they are needed, one for all grade services that the launch lists and one for each other
 * service, and kept until a minute before they expire. They go to the `origins` alone, by `https`; a URL of another origin is
 * ERR_ARGUMENT before anything is asked, and so is a parameter that Canvas would refuse. A token that a service takes for
 * dead is forgotten, and the request sent once more with a new one.
 *
 * Every call may reject as those of {@link Canvas} do: ERR_UNAUTHENTICATED where the new token is dead too, ERR_FORBIDDEN where the
 * tool may not do it; and as {@link requestAccessToken} where no token is granted. Where the launch lists no scope that opens a
 * service, the call is ERR_FORBIDDEN with `at` 'options.scopes', and nothing is asked.
 *
 * Lists are read page by page, while they are iterated. A next page on another origin, and more than 1000 pages, are
 * ERR_RESPONSE_INVALID. Redirects are not followed, but for an asset. A request that may have been carried out is sent again only
 * where it reads.
 */
export class LtiServices {
  /** @throws ERR_ARGUMENT for an option that is missing or wrong. */
  constructor(options: LtiServicesOptions);
  /** The services that a verified launch or notice names: of its platform, with the origins and scopes of its claims. Assets and
   *  reports are named by notices.
   *
   *  @throws ERR_ARGUMENT for a launch that names none. */
  static for(
    launch: { platform: Platform; claims: Claims },
    options: Omit<LtiServicesOptions, 'platform' | 'origins' | 'scopes'>,
  ): LtiServices;

  /** `GET` of a launch's `lineItems.url`: every line item of the context that fits. `limit`: how many come at once. */
  lineItems(
    url: string, filter?: { tag?: string; resourceId?: string; resourceLinkId?: string; limit?: number }, options?: RequestOptions,
  ): AsyncGenerator<LineItem, void, undefined>;
  /** `GET` of a line item's URL. */
  lineItem(url: string, options?: RequestOptions): Promise<LineItem>;
  /** `POST` to a launch's `lineItems.url`. */
  createLineItem(url: string, item: LineItemParams, options?: RequestOptions): Promise<LineItem>;
  /** `PUT` of a line item; Canvas leaves what is absent as it is. */
  updateLineItem(url: string, item: Partial<LineItemParams>, options?: RequestOptions): Promise<LineItem>;
  /** `DELETE` of a line item. ERR_FORBIDDEN for one that belongs to an assignment. */
  deleteLineItem(url: string, options?: RequestOptions): Promise<void>;
  /** `POST` to a line item's scores. One that would clear the grade (without `scoreGiven`, or with grading that is not
   *  FullyGraded, and without `preserve_score`) is ERR_ARGUMENT unless `clears` is true. */
  postScore(lineItemUrl: string, score: Score, options?: RequestOptions & { clears?: boolean }): Promise<PostedScore>;
  /** `GET` of a line item's results. */
  results(lineItemUrl: string, filter?: { userId?: Id; limit?: number }, options?: RequestOptions): AsyncGenerator<Result, void, undefined>;
  /** `GET` of a launch's `memberships.url`: every member. `role`: a URN, or the name of a role in the context, such as `Learner`.
   *  `resourceLinkId`: those who may open the link. */
  members(
    url: string, filter?: { role?: string; resourceLinkId?: string; limit?: number }, options?: RequestOptions,
  ): AsyncGenerator<Member, void, undefined>;
  /** `GET` of a launch's `notices.url`. */
  noticeHandlers(url: string, options?: RequestOptions): Promise<NoticeHandlers>;
  /** `PUT` of a launch's `notices.url`: where notices of a type go, null where they are not wanted. Canvas takes a handler of the
   *  tool's own domain, and greets who subscribes to LtiHelloWorldNotice. */
  setNoticeHandler(
    url: string, handler: { type: string; handler: string | null; maxBatchSize?: number }, options?: RequestOptions,
  ): Promise<void>;
  /** `GET` of an asset of a notice, at most 256 MiB: its bytes, compared with the SHA-256 in base64 where one is given
   *  (`sha256_checksum`, as notices have it, or `sha256Checksum`); others are ERR_RESPONSE_INVALID. A redirect is followed once,
   *  to another origin without the token. The `timeout` is for all of it. */
  asset(
    asset: { url: string; sha256_checksum?: string; sha256Checksum?: string }, options?: RequestOptions,
  ): Promise<{ bytes: Bytes; contentType: string | null }>;
  /** `POST` to a notice's `report_url`. */
  postAssetReport(url: string, report: AssetReport, options?: RequestOptions): Promise<void>;
}

// ── LTI 1.3: dynamic registration ────────────────────────────────────────────────────────────────

/** A message that a tool takes, and where in Canvas it is offered. */
export interface ToolMessage {
  type: 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest' | 'LtiEulaRequest';
  /** Default that of the tool. */
  target_link_uri?: string;
  label?: string;
  icon_uri?: string;
  /** Text alone. */
  custom_parameters?: Record<string, string>;
  /** Canvas's placements, with or without `https://canvas.instructure.com/lti/` in front; default link_selection. One that is
   *  misspelt is ERR_ARGUMENT; any other is sent, as it may be newer than this package, or another platform's. */
  placements?: string[];
  roles?: string[];
  supported_types?: string[];
  supported_media_types?: string[];
  /** Whether the link stands in a course's navigation from the start. */
  'https://canvas.instructure.com/lti/course_navigation/default_enabled'?: boolean;
  /** Who sees the placement. */
  'https://canvas.instructure.com/lti/visibility'?: 'admins' | 'members' | 'public';
  'https://canvas.instructure.com/lti/display_type'?:
    | 'default' | 'full_width' | 'full_width_in_context' | 'full_width_with_nav' | 'in_nav_context' | 'borderless' | 'new_window';
  /** Pixels. */
  'https://canvas.instructure.com/lti/launch_width'?: number | string;
  /** Pixels. */
  'https://canvas.instructure.com/lti/launch_height'?: number | string;
  /** In another language, such as `label#de`. */
  [name: `${string}#${string}`]: string;
}

/** What a tool registers with, in the words of LTI Dynamic Registration 1.0 and OpenID Connect. */
export interface ToolConfiguration {
  /** Default 'web', and nothing else. */
  application_type?: 'web';
  /** Default both that Canvas needs: implicit and client_credentials. */
  grant_types?: string[];
  /** Default the one that Canvas needs: id_token. */
  response_types?: string[];
  /** Default 'private_key_jwt', and nothing else. */
  token_endpoint_auth_method?: 'private_key_jwt';
  /** The tool's name. */
  client_name: string;
  /** Where logins begin. */
  initiate_login_uri: string;
  /** Where launches are posted to, one or more; without a query Canvas lets any be appended. */
  redirect_uris: string[];
  /** Where the tool's public keys are. */
  jwks_uri: string;
  /** What the tool asks for, between spaces; none is the default. */
  scope?: string;
  /** E-mail addresses. */
  contacts?: string[];
  client_uri?: string;
  logo_uri?: string;
  tos_uri?: string;
  policy_uri?: string;
  'https://purl.imsglobal.org/spec/lti-tool-configuration': {
    /** The tool's host, with its port if it has one, without scheme. */
    domain: string;
    /** Other hosts of the tool. */
    secondary_domains?: string[];
    /** What is launched by default. */
    target_link_uri?: string;
    /** Text alone, sent with every launch. */
    custom_parameters?: Record<string, string>;
    description?: string;
    deployment_id?: string;
    messages: ToolMessage[];
    /** The claims that the tool wants; without `privacy_level` Canvas takes the level from them. */
    claims: string[];
    /** How much of its users the tool sees. */
    'https://canvas.instructure.com/lti/privacy_level'?: 'public' | 'name_only' | 'email_only' | 'anonymous';
    'https://canvas.instructure.com/lti/tool_id'?: string;
    'https://canvas.instructure.com/lti/vendor'?: string;
    'https://canvas.instructure.com/lti/disable_reinstall'?: boolean;
    'https://canvas.instructure.com/lti/content_migration'?: CanvasObject;
    /** In another language, such as `description#de`. */
    [name: `${string}#${string}`]: string;
  };
  /** Other members, and those in another language, such as `client_name#de`, are sent as they are. */
  [name: string]: unknown;
}

/**
 * Registers a tool with the platform that opened its registration page (LTI Dynamic Registration 1.0): reads the platform's
 * configuration, sends the tool's, and gives the platform as logins and launches need it. The tool's is checked by Canvas's
 * schema before anything is asked; names of the LTI configuration, its messages and extensions that Canvas does not know, and
 * would drop silently, are ERR_ARGUMENT with the nearest that it does. An administrator still confirms the tool, and may take
 * scopes or placements away: what it may do is in its launches.
 *
 * Anybody can open a registration page, and say there what `openidConfiguration` is. So issuer, authorization, token and key URLs
 * are taken if they are those of Instructure's cloud, or all of them of the origin of `openidConfiguration`: no configuration
 * names another's endpoints. All URLs must be `https`, none of this machine. A page that is open to the public should check the
 * host of `openidConfiguration` first, and then wait for somebody's consent. **What is kept for an issuer and client id must never
 * be replaced by what this gives:** add what is new, refuse what is there.
 *
 * @param request `openidConfiguration` and `registrationToken` as the page was given them; the token goes in the query as given,
 * and as bearer token. `local`: takes a configuration on this machine (`localhost`, `127.0.0.1`, `[::1]`) too, by `http` as well,
 * and what it names there; default false.
 * @returns `registration`: what the platform says that it registered.
 * @throws ERR_ARGUMENT, with `at`, such as 'tool.redirect_uris'; ERR_HTTP_STATUS, 422, whose message lists every fault that Canvas
 * names; ERR_RESPONSE_INVALID for a configuration that lacks a URL, or has one that is not to be trusted, and for an answer of more
 * than 256 KiB; the errors of HTTP.
 */
export function register(
  request: { openidConfiguration: string; registrationToken?: string; tool: ToolConfiguration; local?: boolean } & RequestOptions,
): Promise<{ platform: Platform; registration: CanvasObject }>;

// ── JOSE ─────────────────────────────────────────────────────────────────────────────────────────

/**
 * A key, or a set of keys to choose from. The key decides which algorithms are possible; a token's header never does
 * (RFC 8725 §3.1). Every function that takes one throws ERR_ARGUMENT for what is none of these, ERR_JWK_INVALID for a
 * key that is malformed or unsafe (RSA under 2048 bits, an EC point off its curve, parts that are not of one key),
 * ERR_JOSE_NOT_SUPPORTED for other types and curves, and ERR_JOSE_ALG_NOT_ALLOWED where the key may not do what it is
 * asked to.
 */
export type Key =
  /** RFC 7517. Its `alg`, `use` and `key_ops` are obeyed; its `kid` goes into the headers made with it. A symmetric one
   *  is at least as long as its algorithm's hash (RFC 7518 §3.2). */
  | Jwk
  /** A JWK Set (RFC 7517 §5), for verifying and decrypting: the key is the one with the token's `kid`, or, for a token
   *  without `kid`, the only one that fits; else ERR_JWKS_NO_MATCHING_KEY. One that holds symmetric and asymmetric keys
   *  together is ERR_JWK_INVALID: a public key of it may be taken for a shared secret. */
  | { keys: Jwk[] }
  /** Of the platform's WebCrypto, which need not be extractable, except for AES. Its algorithm and usages are obeyed. */
  | CryptoKeyLike
  /** For HMAC, `dir` and AES key wrap, of any length from one byte on; `alg` limits it to one algorithm. */
  | { secret: Secret; alg?: string }
  /** One PEM block (RFC 7468): SPKI, PKCS #8, PKCS #1, or an X.509 certificate, of which only the key is read. `alg`
   *  limits it to one algorithm; `kid` goes into the headers made with it. */
  | { pem: string; alg?: string; kid?: string }
  /** Of {@link prepareKey} or {@link prepareSecret}. */
  | PreparedKey
  /** One that lives elsewhere. Not in the functions named `Sync`: there it is ERR_KEY_NEEDS_ASYNC. */
  | ExternalKey
  /** For verifying alone, and not in the functions named `Sync`: there it is ERR_KEY_NEEDS_ASYNC. */
  | RemoteJwks;

/**
 * A key that lives elsewhere, in a KMS, an HSM or behind a gateway: its functions do what needs the key, and all else is done
 * here. A header is never theirs: `alg` and `kid` go into it as with any key, and `alg` is the only algorithm that the key does.
 *
 * The functions are called on the object, and may answer at once or with a promise. The `signal` that they get is aborted when
 * nobody waits any more: pass it to `fetch`. They are waited for as long as {@link WaitOptions} or {@link RequestOptions} say.
 * Members that a plain object has besides, such as a misspelt one, are ERR_ARGUMENT; an instance of a class may have its own.
 *
 * What one of them throws or rejects with becomes the `cause` of ERR_KEY_OPERATION; so does, without cause, an answer that it
 * must not give. For `unwrapKey` both are ERR_JWE_DECRYPTION_FAILED; only that it took too long or was ended is told apart
 * (ERR_TIMEOUT, ERR_ABORTED): answer your own client alike for each of them.
 */
export type ExternalKey = ExternalSigner | ExternalVerifier | (ExternalSigner & ExternalVerifier) | ExternalDecrypter;

/** An {@link ExternalKey} that signs. */
export interface ExternalSigner {
  /** Of {@link signJwt}: RS256, which alone Canvas takes in LTI 1.3, or another. */
  alg: string;
  /** Goes into the headers made with it. Canvas finds the key of a tool by it: give the one under which you publish the public half. */
  kid?: string;
  /** The public half as a JWK, which {@link publicJwks} then publishes, and `createTool` with it; without any `kid`, its thumbprint
   *  (RFC 7638) is one. */
  publicKey?: Jwk;
  /** Signs exactly these bytes, the JWS Signing Input (RFC 7515 §5.1). A service that takes a digest gets theirs: of RS256, PS256
   *  and ES256 that of SHA-256.
   *
   *  @returns The signature: raw bytes, not base64. For ECDSA R and S (RFC 7518 §3.4) or, as services and OpenSSL give it, their
   *  DER, which is told from those by its length and converted. A signature of another length is ERR_KEY_OPERATION. */
  sign(bytes: Bytes, options: { signal: Signal }): Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;
}

/** An {@link ExternalKey} that verifies. Public keys need not be asked elsewhere; this is for shared secrets, as in HS256. */
export interface ExternalVerifier {
  alg: string;
  kid?: string;
  /** Says whether this is the signature of these bytes: true or false and nothing else, so that what a service throws for a wrong
   *  signature must become false. For ECDSA it is R and S, as it stands in the token. It is not asked about a signature of a length
   *  that `alg` never gives. */
  verify(bytes: Bytes, signature: Bytes, options: { signal: Signal }): boolean | Promise<boolean>;
}

/**
 * An {@link ExternalKey} that decrypts, for {@link decryptJwe} and {@link inspect}.
 *
 * It alone decrypts RSA1_5 (RFC 7518 §4.2), and only where `algorithms` says so. Use one that does so in constant time, and tell
 * nobody whether it failed (RFC 3218, RFC 7516 §11.5).
 */
export interface ExternalDecrypter {
  /** A key management algorithm of {@link encryptJwe} but dir, or RSA1_5. */
  alg: string;
  kid?: string;
  /** Unwraps the content encryption key: with the encrypted key of the token, empty for ECDH-ES, and its header, which has `epk`
   *  and the like.
   *
   *  If it throws, or gives something else or a key of another length, a key that was drawn at random takes its place, so that the
   *  token fails as one that was altered does: ERR_JWE_DECRYPTION_FAILED, without a `cause`. Log what went wrong inside of it. */
  unwrapKey(
    encryptedKey: Bytes, header: Header, options: { signal: Signal },
  ): Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;
}

/**
 * A key that was read, checked and imported once, to be given in place of the key: it pays where one key serves many
 * calls. It holds the key until it is zeroized: by `free()`, at the end of a block with `using`, or when this object is
 * collected, where the platform has FinalizationRegistry. A freed one is ERR_ARGUMENT.
 */
export interface PreparedKey {
  /** Zeroizes the key; once, as a second call is an Error of the platform. Wait for the calls that use it first: a key
   *  that is freed before a promise has read it is ERR_ARGUMENT. */
  free(): void;
  /** Does the same, at the end of a block with `using`. */
  /** Zeroizes the key at the end of a `using` block. */
  [Symbol.dispose](): void;
}

/**
 * Reads, checks and imports a key once. The platform imports it now for the algorithm that it signs or verifies with by
 * default, and for another one when that is first used. A JWK Set is read and checked once; its keys, and keys that encrypt
 * or decrypt, are imported in each call. A shared secret is hashed once, as for {@link prepareSecret}.
 *
 * @throws As every function with this key.
 */
export function prepareKey(key: Key): Promise<PreparedKey>;

/** Does the same for a shared secret, at once and without the platform: what HMAC makes of the secret is made once, for
 *  each of its hashes. For {@link signAssertion}, and wherever a key is taken.
 *
 *  @throws ERR_ARGUMENT for an empty secret and for the text of a PEM or JWK. */
export function prepareSecret(secret: Secret): PreparedKey;

/** What a token is compared with. What is absent is not compared; `exp` and `nbf` always are, where the token has them. */
export interface VerifyOptions extends WaitOptions {
  /** The only algorithms to accept, of those that the key allows; another is ERR_JOSE_ALG_NOT_ALLOWED (RFC 8725 §3.1). */
  algorithms?: string[];
  /** `iss` must be it, or one of them (RFC 7519 §4.1.1). */
  issuer?: string | string[];
  /** `aud` must be it, or one of them, or contain one of them (RFC 7519 §4.1.3). */
  audience?: string | string[];
  /** `sub` must be it; a number in the token is compared by its digits (RFC 7519 §4.1.2). */
  subject?: string;
  /** The header's `typ` must be it; case and a leading `application/` do not matter (RFC 7515 §4.1.9). */
  typ?: string;
  /** Claims that must be there, whatever their value. */
  requiredClaims?: string[];
  /** Seconds since `iat`, which must then be there: older is ERR_JWT_EXPIRED (RFC 7519 §4.1.6). */
  maxTokenAge?: number;
  /** Default the clock. */
  now?: NumericDate;
  /** Seconds by which clocks may differ, default 0. */
  clockTolerance?: number;
}

/**
 * Signs a claims set (RFC 7519 §7.1). Algorithms: HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256,
 * ES384, ES512, and EdDSA with Ed25519 (RFC 7518 §3.1, RFC 8037 §3.1). `none` does not exist.
 *
 * The algorithm is the header's `alg`, else the key's, else the first of these that fits the key; `alg` and the key's
 * `kid` are put into a header that lacks them. The claims are kept as given, in their order, bigints to the last digit;
 * members that are undefined are left out.
 *
 * @param header Default `{"alg":…,"typ":"JWT"}`, and the key's `kid`. Any member but those that would be meant for elsewhere, such as
 * `expiresIn` for the claim `exp`, `algorithm` for `alg`, and `timeout` for the options.
 * @throws ERR_ARGUMENT, with `at`, for what JSON lacks (dates, maps, class instances, cycles, NaN), such a member of the header, a JWK
 * Set, a public key; ERR_JOSE_ALG_NOT_ALLOWED, ERR_JOSE_NOT_SUPPORTED, ERR_JWK_INVALID; ERR_WEBCRYPTO where the platform lacks it;
 * ERR_KEY_OPERATION, ERR_TIMEOUT, ERR_ABORTED of an {@link ExternalKey}.
 */
export function signJwt(claims: Claims, key: Key, header?: Header, options?: WaitOptions): Promise<string>;

/** {@link signJwt} for HS256, HS384 and HS512, without the platform: the key is `{ secret }` or a symmetric JWK.
 *
 *  @throws ERR_KEY_NEEDS_ASYNC for any other key; else as {@link signJwt}. */
export function signJwtSync(claims: Claims, key: Key, header?: Header): string;

/**
 * Verifies a JWT: first the signature, then the claims (RFC 7519 §7.2). The algorithm is one that the key allows, and
 * keys inside the header (`jwk`, `jku`, `x5c`, `x5u`) are never used.
 *
 * @throws ERR_JWS_INVALID for what is no JWS in compact serialization; ERR_JWS_SIGNATURE_VERIFICATION_FAILED;
 * ERR_JWT_INVALID where the payload is no claims set; ERR_JWT_EXPIRED, ERR_JWT_NOT_YET_VALID and
 * ERR_JWT_CLAIM_VALIDATION_FAILED, with `claim` and `spec`; ERR_JOSE_ALG_NOT_ALLOWED, ERR_JOSE_NOT_SUPPORTED,
 * ERR_JWKS_NO_MATCHING_KEY, ERR_JWK_INVALID, ERR_ARGUMENT, ERR_WEBCRYPTO; ERR_KEY_OPERATION, ERR_TIMEOUT, ERR_ABORTED of an
 * {@link ExternalKey}.
 */
export function verifyJwt<Own extends object = AnyClaims>(
  token: string, key: Key, options?: VerifyOptions,
): Promise<{ header: Header; claims: Claims<Own> }>;

/** {@link verifyJwt} for HS256, HS384 and HS512, without the platform.
 *
 *  @throws ERR_KEY_NEEDS_ASYNC where the key that the token chooses is not `{ secret }` or a symmetric JWK; else as
 *  {@link verifyJwt}. */
export function verifyJwtSync<Own extends object = AnyClaims>(
  token: string, key: Key, options?: Omit<VerifyOptions, keyof WaitOptions>,
): { header: Header; claims: Claims<Own> };

/** Signs bytes, or text as UTF-8, into a JWS in compact serialization (RFC 7515 §5.1); key and algorithm as in
 *  {@link signJwt}, but that no `typ` is added, and that a header may have a member of any claim's name.
 *
 *  @throws As {@link signJwt}. */
export function signJws(payload: Uint8Array | string, key: Key, header?: Header, options?: WaitOptions): Promise<string>;

/** Verifies a JWS in compact serialization (RFC 7515 §5.2); the payload may be anything.
 *
 *  @throws As {@link verifyJwt}, without what concerns claims. */
export function verifyJws(
  token: string, key: Key, options?: Pick<VerifyOptions, 'algorithms' | keyof WaitOptions>,
): Promise<{ header: Header; payload: Bytes }>;

/**
 * Encrypts bytes, or text as UTF-8, into a JWE in compact serialization (RFC 7516 §5.1).
 *
 * Key management (`alg`): dir, A128KW, A192KW, A256KW, A128GCMKW, A192GCMKW, A256GCMKW, RSA-OAEP, RSA-OAEP-256, and
 * ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW on P-256, P-384, P-521 and X25519 (RFC 7518 §4.1, RFC 8037
 * §3.2). Content encryption (`enc`): A128GCM, A192GCM, A256GCM, A128CBC-HS256, A192CBC-HS384, A256CBC-HS512 (RFC 7518
 * §5.1). RSA1_5, PBES2 and compression (`zip`) are refused by name. An {@link ExternalKey} encrypts nothing: give the public
 * key.
 *
 * @param header With `enc`, and `alg` unless the key has one; `apu` and `apv` of ECDH-ES as base64url. `epk`, `iv` and
 * `tag` are filled in, as is the key's `kid`. `algorithm` and `keyid`, as others call
 * `alg` and `kid`, are ERR_ARGUMENT.
 * @throws ERR_ARGUMENT, with `at`; ERR_JOSE_ALG_NOT_ALLOWED, also for a secret of another length than the algorithm
 * takes; ERR_JOSE_NOT_SUPPORTED, ERR_JWK_INVALID, ERR_WEBCRYPTO.
 */
export function encryptJwe(plaintext: Uint8Array | string, key: Key, header: Header): Promise<string>;

/**
 * Decrypts a JWE in compact serialization (RFC 7516 §5.2). Whatever fails with the key or the ciphertext, the error is
 * one and the same (§11.5).
 *
 * @param options The only key management (`algorithms`) and content encryption algorithms to accept. RSA1_5 is accepted only
 * where `algorithms` has it and the key is an {@link ExternalDecrypter} for it: no key in memory decrypts it.
 * @throws ERR_JWE_INVALID for what is no JWE; ERR_JWE_DECRYPTION_FAILED; ERR_JOSE_ALG_NOT_ALLOWED,
 * ERR_JOSE_NOT_SUPPORTED, ERR_JWKS_NO_MATCHING_KEY, ERR_JWK_INVALID, ERR_ARGUMENT, ERR_WEBCRYPTO; ERR_TIMEOUT, ERR_ABORTED of an
 * {@link ExternalKey}.
 */
export function decryptJwe(
  token: string, key: Key, options?: { algorithms?: string[]; contentEncryption?: string[] } & WaitOptions,
): Promise<{ header: Header; plaintext: Bytes }>;

/**
 * Makes a key for any `alg` above but dir (for that, name the content encryption): RSA of 2048 bits, ECDH-ES on P-256,
 * secrets of the algorithm's length. Both JWKs carry `kid`, `alg` and `use`; of a secret both are the same, and neither
 * is to be published.
 *
 * @param options `kid`: default the key's thumbprint.
 * @throws ERR_ARGUMENT, ERR_JOSE_NOT_SUPPORTED, with `at` 'alg'; ERR_WEBCRYPTO.
 */
export function generateKey(
  alg: string, options?: { kid?: string },
): Promise<{ privateKey: Jwk & { kid: string }; publicKey: Jwk & { kid: string } }>;

/** The SHA-256 thumbprint of a JWK in base64url (RFC 7638); of a private key it is that of its public half.
 *
 *  @throws ERR_ARGUMENT, ERR_JWK_INVALID, ERR_JOSE_NOT_SUPPORTED. */
export function thumbprint(jwk: Jwk): string;

// ── Errors ───────────────────────────────────────────────────────────────────────────────────────

/** Everything the package throws is an Error with name 'TokenError' and a code; tell them apart by code. Its stack is that of whoever
 *  called, in engines that tell of one across `await`: V8 and JavaScriptCore; not so in the functions that {@link cachedToken} and
 *  {@link encryptedStore} give. */
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
  /** What a page asks the platform's storage for, where a launch came without its cookie. */
  storage?: { target: string; origin: string; key: string };
  /** Why Canvas probably refused an assertion, or what is wrong with a launch or notice, whose claims about persons are left
   *  out; its layers without the text of their parts, as errors are logged. */
  report?: Omit<Report, 'layers'> & { layers: { type: 'base64' | 'jws' | 'jwe'; header?: Header }[] };
}

/** Whether a caught value was thrown by this package; also across realms and several copies of it. */
export function isTokenError(error: unknown): error is TokenError;

/** What a {@link TokenError} is told apart by. What each code means is in the README's table of errors. */
export type ErrorCode =
  | 'ERR_ARGUMENT'
  | 'ERR_TOKEN_INVALID' | 'ERR_JWS_INVALID' | 'ERR_JWE_INVALID' | 'ERR_JWT_INVALID' | 'ERR_JWK_INVALID'
  | 'ERR_JOSE_ALG_NOT_ALLOWED' | 'ERR_JOSE_NOT_SUPPORTED' | 'ERR_KEY_NEEDS_ASYNC' | 'ERR_KEY_OPERATION'
  | 'ERR_JWKS_NO_MATCHING_KEY'
  | 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' | 'ERR_JWE_DECRYPTION_FAILED'
  | 'ERR_JWT_EXPIRED' | 'ERR_JWT_NOT_YET_VALID' | 'ERR_JWT_CLAIM_VALIDATION_FAILED'
  | 'ERR_WEBCRYPTO'
  | 'ERR_OAUTH'
  | 'ERR_HTTP_STATUS'
  | 'ERR_UNAUTHENTICATED' | 'ERR_FORBIDDEN' | 'ERR_THROTTLED'
  | 'ERR_RESPONSE_INVALID'
  | 'ERR_FETCH' | 'ERR_TIMEOUT' | 'ERR_ABORTED'
  | 'ERR_LTI_LOGIN_INVALID' | 'ERR_LTI_PLATFORM_UNKNOWN'
  | 'ERR_LTI_STATE_INVALID' | 'ERR_LTI_STATE_NOT_BOUND' | 'ERR_LTI_LAUNCH_REFUSED'
  | 'ERR_LTI_NONCE_USED' | 'ERR_LTI_DEPLOYMENT_UNKNOWN' | 'ERR_LTI_MESSAGE_INVALID'
  | 'ERR_OAUTH_STATE_INVALID' | 'ERR_OAUTH_STATE_NOT_BOUND' | 'ERR_OAUTH_STATE_USED'
  | 'ERR_STORE' | 'ERR_LTI_STORAGE';
