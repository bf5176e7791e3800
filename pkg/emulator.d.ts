/**
 * For tests: what answers as Canvas does, without a network.
 *
 * @module canvas-lms-tokens/emulator
 */

/**
 * A Canvas to test against. It answers the token endpoints, the LTI 2 services, and LTI 1.3 launches, as Canvas does: same order
 * of checks, statuses, bodies, headers, signing and encryption. It is a `fetch` that needs no network: use it in process
 * (`new Canvas({ fetch: emulator.fetch, … })`), or serve it as a WinterCG handler (`export default emulator`).
 *
 * It shares no code with the package's core. It is for tests: it holds what it knows in memory, logs what it is sent,
 * tokens included, and its default secrets are public.
 */
export function createEmulator(options?: EmulatorOptions): Emulator;

/**
 * Serves an emulator over HTTP, in Node alone (elsewhere hand requests to its `fetch`).
 *
 * @returns Where it is, and what ends it.
 */
export function serve(emulator: Pick<Emulator, 'fetch'>, options?: ServeOptions): Promise<Served>;

/** How an emulator is served. */
export interface ServeOptions {
  /** Where it is taken, a free one is used. Default 0: a free one. */
  port?: number;
  /** The address it listens on. Default 127.0.0.1: this machine alone. */
  host?: string;
  /** Pages of every origin may call it, which no real Canvas allows. Default false. */
  cors?: boolean;
  /** Serves over TLS, as PEM. Tools in frames need it: browsers take no third-party cookie without. */
  tls?: { key: string; cert: string };
  /** Answers `/__state` too, for tests in any language: GET gives records, requests, refusals, notices and faults as JSON; PATCH
   *  changes `records` (by table and id, null deletes) and `faults`; DELETE forgets requests, refusals and notices; POST
   *  `/__state/launch` takes what {@link Emulator.launch} takes, `/__state/notify` the `type` and `events` of
   *  {@link Emulator.notify}, `/__state/registration` what {@link Emulator.beginRegistration} takes, each `baseUrl` by default
   *  where it is served, and `/__state/consent` the `url` and options of {@link Emulator.consent}, for another `url`. Default
   *  false. */
  state?: boolean;
}

/** A server that was started. */
export interface Served {
  /** Without a slash at the end. */
  url: string;
  port: number;
  /** Ends it, open connections too. */
  close(): Promise<void>;
}

/** The platform's `fetch`, where its types are there (the library "dom", or those of Node, Deno, Bun or Workers). */
export type Fetch = typeof globalThis extends { fetch: infer Own } ? Own : (
  input: string | { readonly href: string }, init?: { method?: string; headers?: Record<string, string>; body?: string },
) => Promise<FetchResponse>;

/** An answer, where no types of a platform say what one is. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: {
    /** The value of a header; null where there is none. */
    get(name: string): string | null;
  };
  /** The whole body. */
  text(): Promise<string>;
  /** The body, read as JSON. */
  json(): Promise<unknown>;
}

/** A JSON Web Key (RFC 7517), as WebCrypto's JsonWebKey has it. */
export interface Jwk {
  kty?: string; kid?: string; alg?: string; use?: string; key_ops?: string[]; ext?: boolean;
  n?: string; e?: string; d?: string; p?: string; q?: string; dp?: string; dq?: string; qi?: string;
  crv?: string; x?: string; y?: string; k?: string;
  oth?: { d?: string; r?: string; t?: string }[];
}

/** What an emulator knows by default, on any host. Frozen; an option of the same name replaces a list. */
export const defaultSeeds: Readonly<Required<Seeds>>;
/** Canvas's own symmetric secrets, by default. */
export const defaultSecrets: Readonly<Required<Secrets>>;

/** A Canvas id: local (1) or global (10000000000001). Give one beyond 2^53 as bigint or text. */
export type EmulatorId = number | bigint | string;

/** What {@link createEmulator} makes: a Canvas in this process. */
export interface Emulator {
  /** Takes what the platform's `fetch` takes. Rejects when aborted, and for a fault that drops the connection. */
  fetch: Fetch;
  /** Every request, most recent last; the last 10,000. */
  requests: Log<LoggedRequest>;
  /** Every refusal with Canvas's own reason, which the answer does not tell. */
  refusals: Log<Refusal>;
  /** What goes wrong; may be changed at any time. */
  faults: Faults;
  /** What the emulator knows now, by id as text; may be read and changed at any time. */
  records: Records;
  secrets: Required<Secrets>;
  /** The RSA keys in use, private parts included; made on first use, once for all emulators of a program. */
  keys(): Promise<Keys>;
  /**
   * Rotates the keys of /api/lti/security/jwks: future becomes present and signs, present becomes past. Resolves to false, with
   * nothing changed, within an hour of the last rotation, as Canvas does.
   */
  rotate(): Promise<boolean>;
  /**
   * Begins an LTI 1.3 launch as Canvas's page does, and gives what it has the browser post to the tool's login URL. The id_token
   * is built now, but for its nonce; it waits five minutes, and can be fetched once. Rejects with a TypeError where the records
   * lack what the options name.
   *
   * ```js
   * const login = await emulator.launch({ developerKeyId: '10000000000042', assignmentId: 26, userId: 3 });
   * const { url, cookie } = await beginLaunch(login.form, { platforms, redirectUri, secret });
   * const { form } = await emulator.authorize(url);
   * const launch = await verifyLaunch(form, { platforms, secret, cookie: cookie.split(';')[0], fetch: emulator.fetch });
   * ```
   */
  launch(options: LaunchOptions): Promise<LoginRequest>;
  /**
   * What the browser gets when it follows the tool's answer to the authorization endpoint: the form that Canvas has it post to
   * the redirect URI, with `id_token` or `error`. Rejects where Canvas shows a page instead, with its `status` and `body`: for a
   * redirect URI that is not registered, and a hint that is none, or older than five minutes.
   */
  authorize(url: string, options?: {
    /** The browser's; default: that of the user whom the login_hint names, as in the browser where the launch began. */
    cookie?: string;
  }): Promise<FormPost>;
  /**
   * A whole launch, as a browser makes it that keeps cookies and runs no scripts: posts the login to the tool by the option `fetch`,
   * goes where the tool's answer leads (a redirect, or a link to Canvas in its page, as `createTool` answers), and posts what Canvas
   * sends back. Rejects where the tool's answer leads nowhere, with its `status` and `body`, and as {@link Emulator.authorize}.
   *
   * ```js
   * const emulator = createEmulator({ developerKeys, fetch: (url, init) => tool.fetch(new Request(url, init)) });
   * const { response, cookie } = await emulator.open({ developerKeyId: '10000000000042', assignmentId: 26, userId: 3 });
   * const next = await tool.fetch(new Request('https://tool.example/app', { headers: { cookie } }));
   * ```
   */
  open(options: LaunchOptions): Promise<OpenedTool>;
  /**
   * What a user does when a client asks for his token: follows the URL of `/login/oauth2/auth`, logs in, and agrees. Gives the
   * address to which Canvas sends the browser back, with `code` or `error`. Rejects where Canvas shows something else instead,
   * with its `status` and `body`: for an unknown client, and a redirect URI that is not registered.
   *
   * ```js
   * const { url, cookie } = await beginAuthorization({ client, redirectUri, secret });
   * const callback = await emulator.consent(url, { userId: 3 });
   * const token = await requestUserToken(callback, { client, redirectUri, secret, cookie: cookie.split(';')[0], fetch: emulator.fetch });
   * ```
   */
  consent(url: string, options?: ConsentOptions): Promise<string>;
  /** Every notice that was sent to a tool's handler, or kept where there is no `fetch`, most recent last; the last 10,000. */
  notices: Log<NoticeDelivery>;
  /**
   * Tells the tools that subscribed (PUT /api/lti/notice-handlers/…) of an event, or of several in batches, and waits for their
   * answers: with notices signed with the present key. Subscribing to `LtiHelloWorldNotice` alone sends one at once. A handler that
   * is down is not asked again, as with Canvas. Rejects with a TypeError where the records lack what an event names.
   */
  notify<Type extends keyof NoticeEvents>(type: Type, events?: NoticeEvents[Type] | NoticeEvents[Type][]): Promise<NoticeDelivery[]>;
  /**
   * Opens a tool's dynamic registration as Canvas's page does. The token lives for an hour. What the tool registers is a developer
   * key of `records`, installed in the account, and turned on: the emulator's administrator agrees to everything.
   */
  beginRegistration(options?: RegistrationOptions): Promise<RegistrationRequest>;
  /**
   * The script of a page that embeds tools, at the institution's origin: it answers `lti.put_data`, `lti.get_data`,
   * `lti.capabilities` and the like as Canvas's page does (a partition for each origin of a tool, 500 keys, 4,096 characters),
   * and adds the frame `post_message_forwarding`, through which tools reach it. The emulator's own pages have it:
   * `/courses/:id/external_tools/:tool` (with `placement`, `message_type`, `assignment_id` and `resource_link_id` in its query),
   * `/courses/:id/assignments/:id`; a browser logs in at `/login/canvas`.
   */
  platformStorageScript(where?: {
    /** Default: the emulator's `authUrl`. */
    authUrl?: string;
  }): string;
}

/** Who is asked for his token, and what he does. */
export interface ConsentOptions {
  /** Default: the first user. Null: nobody is logged in, and nobody logs in. */
  userId?: EmulatorId | null;
  /** Somebody who acts as that user. */
  realUserId?: EmulatorId;
  /** He does not agree. Default false. */
  deny?: boolean;
  /** For `/auth/userinfo` alone: he does not want to be asked again. Default false. */
  rememberAccess?: boolean;
}

/** A request with notices to a tool's handler. */
export interface NoticeDelivery {
  type: keyof NoticeEvents;
  toolId: EmulatorId;
  /** The handler's address. */
  url: string;
  notices: { jwt: string }[];
  /** What the tool answered; null where it did not, or where there is no `fetch`. */
  status: number | null;
  /** Why it could not be reached. */
  error: string | null;
}

/** What happened in Canvas, by type of notice. */
export interface NoticeEvents {
  /** To one tool, or to all. */
  LtiHelloWorldNotice: { toolId?: EmulatorId } & NoticeChanges;
  /** To the tools that the new course sees. */
  LtiContextCopyNotice: {
    /** The new course. */
    courseId: EmulatorId;
    /** The course that it was copied from. */
    originCourseId?: EmulatorId;
    /** ISO 8601; default: now. */
    copiedAt?: string;
  } & NoticeChanges;
  /** To each asset processor of the assignment, about the latest attempt. */
  LtiAssetProcessorSubmissionNotice: { submissionId: EmulatorId } & NoticeChanges;
  /** To each asset processor of the assignment, about an entry in its discussion. */
  LtiAssetProcessorContributionNotice: {
    assignmentId: EmulatorId;
    /** Who wrote it. */
    userId: EmulatorId;
    /** The entry; default: a new UUID. */
    id?: string;
    /** The entry that it answers. */
    parent?: string;
    /** ISO 8601; default: now. */
    created?: string;
    updated?: string;
    /** Default 'Submitted'. */
    status?: 'Draft' | 'Submitted' | 'Deleted' | 'Hidden';
    /** Its text, which has no filename, and its files. */
    assets?: { content: string; contentType?: string; filename?: string; title?: string }[];
  } & NoticeChanges;
}

/** What a test can change of a notice. */
export interface NoticeChanges {
  /** Merged into the notice's claims; null takes one away. */
  claims?: Record<string, unknown>;
  /** The institution's address, where the services are. Default: the emulator's `baseUrl`. */
  baseUrl?: string;
}

/** Who registers a tool, and where. */
export interface RegistrationOptions {
  /** The tool's registration address, which the administrator was given. */
  registrationUrl?: string;
  /** Default: the root account. */
  accountId?: EmulatorId;
  /** Default: the first administrator, else the first user. */
  userId?: EmulatorId;
  /** The institution's address. Default: the emulator's `baseUrl`. */
  baseUrl?: string;
}

/** What a tool's registration address is opened with. */
export interface RegistrationRequest {
  /** Where the platform's configuration is, with the token in its query. */
  openidConfiguration: string;
  registrationToken: string;
  /** The tool's address with both in its query; null where `registrationUrl` is absent. */
  url: string | null;
}

/** What a tool sent back from deep linking, and what Canvas made of it. */
export interface DeepLinkingResult {
  id: number;
  developerKeyId?: EmulatorId;
  toolId?: EmulatorId | null;
  context: { kind: 'courses' | 'groups' | 'accounts'; id: EmulatorId };
  placement: string | null;
  /** The items as they came, each with what Canvas made of it: `lookup_uuid` (a resource link), `assignment_id`, or `errors`. */
  contentItems: Record<string, unknown>[];
  msg: string | null;
  log: string | null;
  errormsg: string | null;
  errorlog: string | null;
  moduleId?: EmulatorId | null;
  /** What the tool would call a new module. */
  moduleName?: string | null;
  /** Whether the items replace what is in the editor: asked for, and allowed by the scope of the same name. */
  replaceEditorContents?: boolean;
  /** Of the tool's JWT. */
  claims?: Record<string, unknown>;
  /** The tool went back without an answer. */
  isCancelled?: true;
}

/** A form that a page posts by itself. */
export interface FormPost {
  /** Where it goes. */
  url: string;
  /** Its fields. */
  form: Record<string, string>;
}

/** What Canvas has the browser post to the tool's login URL (`oidcInitiationUrl`). */
export interface LoginRequest extends FormPost {
  /** The user's session with Canvas, as a Cookie header; empty for an anonymous visitor. */
  cookie: string;
}

/** What a browser has of a tool after a launch. */
export interface OpenedTool {
  /** The tool's answer to the launch; a redirect of it is not followed. */
  response: Awaited<ReturnType<Fetch>>;
  /** What the browser sends to the tool from now on, as a Cookie header; empty where the tool has set none. */
  cookie: string;
}

/** What an LTI 1.3 launch is about. What is absent, the emulator chooses: its first course, and the first enrolled there. */
export interface LaunchOptions {
  /** The client. Its nearest installation in the context, or above it, is the deployment. */
  developerKeyId: EmulatorId;
  /** Another installation than the nearest. */
  toolId?: EmulatorId;
  /** Null: an anonymous visitor, whom Canvas lets through in a course with `isPublic`. */
  userId?: EmulatorId | null;
  courseId?: EmulatorId;
  accountId?: EmulatorId;
  groupId?: EmulatorId;
  /** With its resource link and line item. */
  assignmentId?: EmulatorId;
  resourceLinkId?: string;
  /** Default: course_navigation or account_navigation; null for a resource link; link_selection for deep linking. */
  placement?: string | null;
  /** Default: that of the developer key's placement, else LtiResourceLinkRequest. */
  messageType?: LtiMessageType;
  /** Default: that of the resource link, of the developer key's placement, or of the developer key. */
  targetLinkUri?: string;
  /** Custom fields over those of developer key, placement and resource link. */
  custom?: Record<string, string>;
  /** False: as the mobile apps, without lti_storage_target. Default true. */
  storage?: boolean;
  /** Sends `deployment_id` instead of `lti_deployment_id`, as Canvas did until 2025. */
  oldDeploymentName?: boolean;
  /** Claims merged into the id_token, to make it one that Canvas would not; null takes one away. */
  claims?: Record<string, unknown>;
  /** Default 'en'. */
  locale?: string;
  /** The module that a deep linking request comes from. */
  moduleId?: EmulatorId;
  /** Of a student_context_card. */
  studentId?: string;
  /** For LtiAssetProcessorSettingsRequest: what was deep linked. Default: the tool's processor of the assignment. */
  processor?: { custom?: Record<string, string> };
  /** For LtiReportReviewRequest: the report under review. Its `custom` is by default that of the processor's reports. */
  report?: {
    submissionId: EmulatorId;
    type: string;
    assetId: string;
    processorId?: EmulatorId;
    custom?: Record<string, string>;
  };
  /** The attempt under review. Default: the submission's latest. */
  attempt?: number;
  /** The institution's address. Default: the emulator's `baseUrl`. */
  baseUrl?: string;
}

/** The message types of Canvas's launches. */
export type LtiMessageType =
  | 'LtiResourceLinkRequest'
  | 'LtiDeepLinkingRequest'
  | 'LtiEulaRequest'
  | 'LtiAssetProcessorSettingsRequest'
  | 'LtiReportReviewRequest';

/** An array that forgets its oldest entries. */
export interface Log<Entry> extends Array<Entry> {
  /** Appends an entry. */
  add(entry: Entry): void;
  /** Forgets all of them. */
  clear(): void;
}

/** A request as it came, and how it was answered. */
export interface LoggedRequest {
  method: string;
  url: string;
  /** Names in small letters. */
  headers: Record<string, string>;
  body: string;
  /** What was answered, also when the answer was dropped; null when it was not carried out, or not yet. */
  status: number | null;
  /** Canvas's own reason for a refusal, which the answer does not tell. */
  reason: string | null;
  fault: Fault | null;
}

/** Why a request was refused. */
export interface Refusal {
  /** Canvas's internal text, such as "the 'aud' is invalid", or ours where Canvas has none. */
  reason: string;
  request: LoggedRequest;
}

/** What an emulator knows, and how it differs from a Canvas of today. */
export interface EmulatorOptions extends Seeds {
  /** The clock, in seconds; fractions are allowed. Default: the platform's. */
  now?: () => number;
  /** Random bytes for ids, IVs and secrets. Default: `crypto.getRandomValues`. */
  random?: (length: number) => Uint8Array;
  /** 'old' is the server of 2017: assertions live a minute at most, no clock tolerance, one audience. Default 'new'. */
  era?: 'new' | 'old';
  /** The shard that local ids belong to. Default 1. */
  shardId?: number;
  /** The host that files are on; LTI 1.3 assets are redirected to it. Default: the host asked. */
  filesHost?: string;
  region?: string;
  environment?: string;
  /** LTI 1.3: the issuer. Default https://canvas.instructure.com, whatever the host, as with Canvas. */
  issuer?: string;
  /** LTI 1.3: the institution's address, where launches begin and services are. Default https://canvas.example. */
  baseUrl?: string;
  /** LTI 1.3: the address of the authorization endpoint, whose origin the platform storage has. Default: `baseUrl` where it is
   *  given, as self-hosted, else https://sso.canvaslms.com. The emulator answers on any host. */
  authUrl?: string;
  /** With what the emulator reaches tools: for keys that they publish at a URL (`publicJwkUrl`), notices, the files of scores,
   *  and {@link Emulator.open}. By default it calls nobody: such a key cannot be reached, and notices are kept in `notices` alone. */
  fetch?: Fetch extends (input: any, init?: infer Init) => infer Answer ? (url: string, init?: Init) => Answer : never;
  /** Feature flags that are on: `api_auth_error_updates`, `lti_asset_processor` and `no_redirect_on_oauth_token_method` (the
   *  default ones; without the last, the token endpoint sends its errors on to the redirect URI),
   *  `new_quizzes_allow_service_jwt_refresh`, `enforce_service_token_tenant_matching`, `lti_login_required_error_page` (the tool
   *  hears nothing of a missing session), `ags_improved_course_concluded_response_codes` (422 instead of 404),
   *  `interop_8200_session_token_redirect` (the authorization endpoint goes on by a page's script). */
  features?: string[];
  /** False: webhook subscriptions answer 500, not configured. */
  subscriptionService?: boolean;
  /** Canvas refuses requests without a User-Agent since June 2026 (403). Off by default, because a Request made in a
   *  page or in process carries none. */
  requireUserAgent?: boolean;
  /** The cookies a browser would attach, where a page uses the emulator in process. */
  cookies?: () => string;
  /** The leaky bucket, on by default with Canvas's numbers; false: no throttling. */
  throttle?: false | Throttle;
  /** Called for each request once its answer is known, a dropped one's too. */
  onAnswer?: (request: LoggedRequest) => void;
  faults?: Partial<Faults> & { /** Of the generator that probabilities draw from. Default 1. */ seed?: number };
  secrets?: Partial<Secrets>;
  /** Private RSA JWKs of your own, instead of new ones. */
  keys?: Partial<Keys>;
}

/** The numbers of Canvas's throttling. Each access token has a bucket of its own, as has each session; the service tokens of an
 *  LTI 1.3 tool share one. */
export interface Throttle {
  /** The most a bucket holds. Default 800. */
  maximum?: number;
  /** A bucket at this mark is full. Default 600. */
  highWaterMark?: number;
  /** What leaks out each second. Default 10. */
  outflow?: number;
  /** What each request holds while it is under way. Default 50. */
  upFront?: number;
  /** What each request costs; an InstAccess token costs 200 more. Default 0.05. */
  cost?: number;
  /** 403 with a text, or 429 as newer servers. Default 403. */
  status?: 403 | 429;
}

/** What goes wrong with one request. */
export type Fault =
  /** The connection is lost before the request is carried out. */
  | 'dropBefore'
  /** The request is carried out, and its answer is lost. */
  | 'dropAfter'
  /** A gateway's error, before the request is carried out. */
  | 'serverError'
  | 'throttle'
  /** Any answer instead of Canvas's. */
  | { answer: { status: number; headers?: Record<string, string>; text?: string } }
  /** Milliseconds for this request alone. */
  | { latency: number };

/** A lost connection is a TypeError with `dropConnection: true`, which a server in front turns into a closed socket. */
export interface Faults {
  /** Probabilities, from 0 to 1; together at most 1. One number is drawn for each request, in order of arrival. */
  dropBefore: number;
  dropAfter: number;
  serverError: number;
  throttle: number;
  /** Milliseconds before every request is carried out; Infinity waits for an abort. */
  latency: number;
  /** Default 503. */
  serverErrorStatus: 500 | 502 | 503 | 504;
  /** Default 403. */
  throttleStatus: 403 | 429;
  /** A Retry-After header for the faults above. */
  retryAfter?: number | string;
  /** Decides for one request: a fault, null for none, undefined to leave it to the probabilities. */
  decide?: (request: LoggedRequest) => Fault | null | undefined;
}

/** The symmetric secrets of Canvas itself. */
export interface Secrets {
  /** Signs LTI 2 access tokens. */
  encryptionKey: string;
  previousEncryptionKeys: string[];
  /** Signs symmetric /api/v1/jwts tokens. */
  servicesSigning: string;
  previousServicesSigning: string[];
  /** Encrypts them: 32 bytes. */
  servicesEncryption: string;
}

/** The RSA keys of Canvas itself, as private JWKs. */
export interface Keys {
  /** Of /internal/services/jwks; `present` signs. */
  services: { past: Jwk; present: Jwk; future: Jwk };
  /** Of /api/lti/security/jwks; `present` signs id_tokens. */
  lti: { past: Jwk; present: Jwk; future: Jwk };
  /** Signs InstAccess tokens, and encrypts them to the API gateway. */
  instAccess: { signature: Jwk; encryption: Jwk };
}

/** What Canvas knows at first, list by list. One that is absent is that of {@link defaultSeeds}. */
export interface Seeds {
  /** The first is the root account. */
  accounts?: Account[];
  courses?: Course[];
  users?: User[];
  accessTokens?: UserAccessToken[];
  sessions?: Session[];
  developerKeys?: DeveloperKey[];
  toolProxies?: ToolProxy[];
  registrations?: Registration[];
  assignments?: Assignment[];
  submissions?: Submission[];
  groups?: Group[];
  /** Installed LTI 1.3 tools. */
  tools?: Tool[];
  resourceLinks?: ResourceLink[];
  lineItems?: LineItem[];
  assetProcessors?: AssetProcessor[];
}

/** An account. */
export interface Account {
  id: EmulatorId;
  uuid: string;
  name: string;
  ltiGuid?: string;
  /** Its opaque id: 40 hexadecimal digits. */
  ltiId?: string;
  /** The account above. Default: the root account. */
  parentId?: EmulatorId;
  sisId?: string;
  vanityHosts?: string[];
}

/** An LTI 1.3 tool, installed in a course or an account: a deployment. */
export interface Tool {
  /** deployment_id is this (local) id, a colon, and the opaque id of the course or account. */
  id: EmulatorId;
  developerKeyId: EmulatorId;
  /** Default: the root account. */
  accountId?: EmulatorId;
  courseId?: EmulatorId;
  name: string;
  /** Default true. */
  active?: boolean;
  /** Whether its users have to accept a EULA, as it told Canvas. */
  eulaRequired?: boolean;
}

/** A link to a tool in a course or an account. */
export interface ResourceLink {
  /** A UUID. */
  id: string;
  courseId?: EmulatorId;
  accountId?: EmulatorId;
  /** The assignment that it opens. */
  assignmentId?: EmulatorId;
  toolId?: EmulatorId;
  /** Default: the assignment's name, else the context's. */
  title?: string | null;
  /** HTML. */
  description?: string | null;
  /** Its launch URL. */
  url?: string;
  custom?: Record<string, string>;
  /** Pixels, over those of the placement. */
  size?: { width?: number; height?: number };
}

/** A course. */
export interface Course {
  id: EmulatorId;
  uuid: string;
  name: string;
  ltiId?: string;
  /** Default: the root account. */
  accountId?: EmulatorId;
  courseCode?: string;
  sisId?: string;
  /** Who may read it. */
  userIds?: EmulatorId[];
  /** Who is what in it: LTI 1.3 roles. */
  enrollments?: Enrollment[];
  /** Anonymous visitors may come in. */
  isPublic?: boolean;
  /** Default 'available'. */
  workflowState?: string;
  /** ISO 8601. */
  startAt?: string;
  usageRightsRequired?: boolean;
  canUploadFiles?: boolean;
  canCreatePages?: boolean;
}

/** A user's part in a course. */
export interface Enrollment {
  userId: EmulatorId;
  type:
    | 'StudentEnrollment'
    | 'TeacherEnrollment'
    | 'TaEnrollment'
    | 'DesignerEnrollment'
    | 'ObserverEnrollment'
    | 'StudentViewEnrollment';
  /** Whom an observer watches. */
  observedUserId?: EmulatorId;
}

/** A user of Canvas. */
export interface User {
  id: EmulatorId;
  uuid: string;
  name: string;
  /** The opaque id that LTI services give. */
  ltiId?: string;
  /** The `sub` of LTI 1.3. Default: `uuid`. */
  ltiUuid?: string;
  email?: string;
  /** Default: the name's first words. */
  givenName?: string;
  /** Default: the name's last word. */
  familyName?: string;
  avatarUrl?: string;
  /** Default: the e-mail address. */
  loginId?: string;
  sisId?: string;
  /** Default 'America/Denver'. */
  timeZone?: string;
  /** Of Canvas itself, not of an institution. */
  siteAdmin?: boolean;
  sortableName?: string;
  shortName?: string;
  createdAt?: string;
  /** May read everything, and act as another user. */
  admin?: boolean;
  highContrast?: boolean;
}

/** An access token that a person made, or that OAuth gave. */
export interface UserAccessToken {
  token: string;
  userId: EmulatorId;
  developerKeyId?: EmulatorId;
  /** Seconds. */
  expiresAt?: number;
  /** Such as `url:POST|/api/v1/jwts`; absent: all. */
  scopes?: string[];
  /** With which its client asks for a new one. */
  refreshToken?: string;
  /** Until when, in seconds; absent: for ever. */
  refreshUntil?: number;
  /** Who asked for it, acting as the user. */
  realUserId?: EmulatorId;
  purpose?: string | null;
  /** Of an identity alone: its user is not asked again. */
  rememberAccess?: boolean;
}

/** An authorization that waits for a user to agree. */
export interface WaitingAuthorization {
  id: string;
  clientId: EmulatorId;
  redirectUri: string;
  scopes: string[];
  purpose: string | null;
  state: string | null;
  /** S256 (RFC 7636). */
  codeChallenge: string | null;
}

/** A code that was not exchanged yet. */
export interface AuthorizationCode {
  code: string;
  clientId: EmulatorId;
  userId: EmulatorId;
  realUserId: EmulatorId | null;
  scopes: string[];
  purpose: string | null;
  rememberAccess: boolean;
  /** Null also once a verifier was tried. */
  codeChallenge: string | null;
  /** Seconds. */
  expiresAt: number;
}

/** A browser's login: the cookies `canvas_session` (id) and `_csrf_token` (percent-encoded). */
export interface Session {
  id: string;
  userId: EmulatorId;
  csrfToken: string;
  /** Who acts as the user. */
  realUserId?: EmulatorId;
  /** Where the institution logs its user out, as DELETE /login/oauth2/token tells it. */
  logoutUrl?: string;
}

/** A developer key: of LTI 2 with `secret`, of LTI 1.3 with `publicJwk` or `publicJwkUrl`. */
export interface DeveloperKey {
  id: EmulatorId;
  /** Its API key, with which an LTI 2 assertion is signed. */
  secret?: string;
  /** Default true. */
  active?: boolean;
  /** LTI 1.3: whether the account has it on, as its administrator sees it. Default true. */
  enabled?: boolean;
  /** For the `audience` of /api/v1/jwts. */
  allowedAudiences?: string[];
  internalService?: boolean;
  /** Users' tokens: an address whose domain, and those below it, codes may go to, as of old; see `redirectUris`. */
  redirectUri?: string;
  /** Whether its users' tokens have scopes, of `scopes`. Default: where there is a `publicJwk`. */
  requireScopes?: boolean;
  /** Whether its users' tokens end after an hour. Default true. */
  autoExpireTokens?: boolean;
  /** Its users are not asked. */
  trusted?: boolean;
  /** It has no secret, and needs none (PKCE); its refresh tokens are good once, within two hours. */
  publicClient?: boolean;
  /** What its Tool Consumer Profile offers beyond the default. */
  toolConsumerProfile?: { uuid: string; services?: string[]; capabilities?: string[] };
  /** LTI 1.3: the tool's key. */
  publicJwk?: Jwk;
  /** Where the tool publishes its keys: fetched each time, by `fetch` of {@link EmulatorOptions}; it comes before `publicJwk`. */
  publicJwkUrl?: string;
  /** What its access tokens may do, and which services its launches name. */
  scopes?: string[];
  accountUuid?: string;
  name?: string;
  /** Where codes may go, each exactly, and id_tokens: each exactly, with any query where it has none. Default for the latter:
   *  `targetLinkUri`. */
  redirectUris?: string[];
  /** The tool's login URL. */
  oidcInitiationUrl?: string;
  /** Others by region, for an emulator with that `region`. */
  oidcInitiationUrls?: Record<string, string>;
  targetLinkUri?: string;
  /** The tool's host; its notice handlers are there, or where it is launched. */
  domain?: string;
  /** `$Canvas.user.id` and the like are expanded, as Canvas does it: to text, a boolean, or null where there is no value; what
   *  the launch has nothing of (`$Canvas.assignment.id` without an assignment) stays as it is. */
  customFields?: Record<string, string>;
  /** For LtiEulaRequest. */
  eulaCustomFields?: Record<string, string>;
  /** Which of the user's name, e-mail address and picture a launch's claims tell; custom fields are expanded whatever it is.
   *  Default 'public'. */
  privacyLevel?: 'public' | 'name_only' | 'email_only' | 'anonymous';
  /** Settings of placements; one that is not listed has the key's. */
  placements?: (string | Placement)[];
}

/** A place of Canvas where a tool stands. */
export interface Placement {
  /** Its name, such as 'course_navigation', 'editor_button' or 'ActivityAssetProcessor'. */
  placement: string;
  messageType?: LtiMessageType;
  targetLinkUri?: string;
  customFields?: Record<string, string>;
  /** Pixels. */
  width?: number;
  height?: number;
}

/** An installed LTI 2 tool. */
export interface ToolProxy {
  guid: string;
  /** The shared secret, with which an assertion is signed. */
  secret: string;
  /** Default true. */
  active?: boolean;
  /** Split secrets (`Security.splitSecret`) are needed for access tokens. */
  capabilities?: string[];
  /** Its security contract. */
  services?: { service: string; actions: string[] }[];
  developerKeyId?: EmulatorId;
  vendorCode?: string;
}

/** A registration request; it lives for an hour from `createdAt` (seconds; default: the emulator's first request). */
export interface Registration {
  regKey: string;
  password: string;
  accountId?: EmulatorId;
  courseId?: EmulatorId;
  createdAt?: number;
}

/** An assignment. */
export interface Assignment {
  id: EmulatorId;
  courseId: EmulatorId;
  /** The tool that may read its submissions and report on them. */
  toolProxyGuid?: string;
  submissionTypes?: string[];
  name?: string;
  /** HTML. */
  description?: string | null;
  /** The LTI 1.3 tool that it opens. */
  toolId?: EmulatorId;
  /** The `activity` of LTI 1.3: a UUID. */
  ltiContextId?: string;
  pointsPossible?: number;
  /** How often a student may submit; -1 or absent: as often as he wants. */
  allowedAttempts?: number;
  gradingType?: 'points' | 'pass_fail';
  /** The students that it is for. Default: all. */
  assignedUserIds?: EmulatorId[];
  /** Where its external tool is launched, as a line item said. */
  externalToolUrl?: string;
  /** Default 'published'. */
  workflowState?: string;
  /** ISO 8601. */
  unlockAt?: string;
  dueAt?: string;
  lockAt?: string;
}

/** One attempt of a submission. */
export interface Attempt {
  attempt?: number;
  submissionType?: string;
  submittedAt?: string;
  body?: string;
  url?: string;
  workflowState?: string;
  eulaAgreementTimestamp?: string;
  attachments?: Attachment[];
}

/** A submission: its latest attempt, and those before. */
export interface Submission extends Attempt {
  id: EmulatorId;
  assignmentId: EmulatorId;
  userId: EmulatorId;
  groupId?: EmulatorId;
  /** The `submission` of LTI 1.3 is this, a colon, and the attempt. */
  uuid?: string;
  /** Earlier attempts, oldest first. */
  history?: Attempt[];
  /** The grade, in the points of the assignment. */
  score?: number | null;
  /** Of an assignment that is passed or failed. */
  grade?: 'complete' | 'incomplete';
  /** Who gave the grade: a person, or where it is negative, a tool. */
  graderId?: number;
  /** What the student is told. */
  comments?: { comment: string }[];
}

/** LTI 1.3: a tool that processes what is handed in for an assignment; deep linking attaches one. */
export interface AssetProcessor {
  id: EmulatorId;
  toolId: EmulatorId;
  assignmentId: EmulatorId;
  title?: string;
  text?: string;
  url?: string;
  icon?: unknown;
  /** Default true. */
  active?: boolean;
  /** Merged over the key's in its notices. */
  custom?: Record<string, string>;
  /** `supportedTypes`: which types of reports it makes; absent: any. */
  report?: { supportedTypes?: string[] | null; url?: string; custom?: Record<string, string> };
}

/** LTI 1.3: a file or a text that processors can fetch; made by the notice that tells of it. */
export interface Asset {
  /** A UUID. */
  id: string;
  submissionId?: EmulatorId;
  /** A file of the submission; without it, the text of `attempt`. */
  attachmentId?: EmulatorId;
  attempt?: number;
  /** Of a contribution to a discussion. */
  assignmentId?: EmulatorId;
  content?: string;
  contentType?: string;
  filename?: string;
  title?: string;
}

/** LTI 1.3: the newest report of a type that a processor made of an asset; its members as they came. */
export interface AssetReport {
  processorId: EmulatorId;
  assetId: string;
  submissionId?: EmulatorId;
  type: string;
  /** Microseconds. */
  timestamp: number;
  /** What came under URLs. */
  extensions: Record<string, unknown>;
  [member: string]: unknown;
}

/** LTI 1.3: whether a user accepted a tool's EULA. */
export interface EulaAcceptance {
  toolId: EmulatorId;
  userId: EmulatorId;
  accepted: boolean;
  /** Microseconds. */
  timestamp: number;
}

/** LTI 1.3: where a tool hears of a type of notice. */
export interface NoticeHandler {
  toolId: EmulatorId;
  noticeType: keyof NoticeEvents;
  handler: string;
  maxBatchSize: number | null;
}

/** LTI 1.3: a dynamic registration. */
export interface LtiRegistration {
  id: EmulatorId;
  /** That of its token. */
  uuid: string;
  developerKeyId: EmulatorId;
  toolId: EmulatorId;
  registrationUrl: string;
  /** What came. */
  sent: Record<string, unknown>;
  /** The tool configuration as far as Canvas knows its members. */
  configuration: Record<string, unknown>;
}

/** LTI 1.3: a line item. The first of an assignment is its column of the gradebook. */
export interface LineItem {
  id: EmulatorId;
  assignmentId: EmulatorId;
  /** That of its link. */
  resourceLinkId?: string;
  /** Whose it is. Default: that of the link's tool. */
  developerKeyId?: EmulatorId;
  label: string;
  scoreMaximum: number;
  tag?: string | null;
  resourceId?: string | null;
  /** Made by Canvas with its assignment, so that a tool cannot delete it. Default true. */
  coupled?: boolean;
  /** Canvas's extensions, under their URLs. */
  extensions?: Record<string, unknown>;
}

/** LTI 1.3: what a tool last reported of a user's work. */
export interface Result {
  id: EmulatorId;
  lineItemId: EmulatorId;
  userId: EmulatorId;
  resultScore: number | null;
  resultMaximum: number | null;
  comment?: string;
  activityProgress: string;
  gradingProgress: string;
  extensions: Record<string, unknown>;
  submissionId?: EmulatorId;
  /** The first score's timestamp, in microseconds. */
  createdAt: number;
  /** The last one's. */
  updatedAt: number;
}

/** LTI 1.3: how far Canvas is with a file of a score. */
export interface Progress {
  id: EmulatorId;
  assignmentId?: EmulatorId;
  userId: EmulatorId;
  tag: string;
  /** Percent. */
  completion: number;
  workflowState: 'queued' | 'running' | 'completed' | 'failed';
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
  message?: string | null;
  results?: unknown;
}

/** A file of an attempt. */
export interface Attachment {
  id: EmulatorId;
  filename: string;
  displayName?: string;
  contentType?: string;
  content?: string;
  size?: number;
  createdAt?: string;
  updatedAt?: string;
}

/** A group of users in a course. */
export interface Group {
  id: EmulatorId;
  courseId: EmulatorId;
  userIds: EmulatorId[];
  name?: string;
  /** Its opaque id: 40 hexadecimal digits. */
  ltiId?: string;
  leaderId?: EmulatorId;
}

/** What the emulator knows: each list by the `id` of its entries, as text, unless a line says otherwise. */
export interface Records {
  accounts: Map<string, Account>;
  courses: Map<string, Course>;
  users: Map<string, User>;
  /** By token. */
  accessTokens: Map<string, UserAccessToken>;
  sessions: Map<string, Session>;
  developerKeys: Map<string, DeveloperKey>;
  /** By guid. */
  toolProxies: Map<string, ToolProxy>;
  /** By reg_key. */
  registrations: Map<string, Registration>;
  assignments: Map<string, Assignment>;
  submissions: Map<string, Submission>;
  groups: Map<string, Group>;
  tools: Map<string, Tool>;
  resourceLinks: Map<string, ResourceLink>;
  lineItems: Map<string, LineItem>;
  results: Map<string, Result>;
  progresses: Map<string, Progress>;
  assetProcessors: Map<string, AssetProcessor>;
  /** By UUID. */
  assets: Map<string, Asset>;
  /** By local id of the processor, UUID of the asset and type, with spaces between. */
  assetReports: Map<string, AssetReport>;
  /** By local id of the tool and global id of the user, with a space between. */
  eulaAcceptances: Map<string, EulaAcceptance>;
  /** By local id of the tool and type, with a space between. */
  noticeHandlers: Map<string, NoticeHandler>;
  ltiRegistrations: Map<string, LtiRegistration>;
  /** Authorizations that wait for a user to agree. */
  authorizations: Map<string, WaitingAuthorization>;
  /** By code. */
  authorizationCodes: Map<string, AuthorizationCode>;
  /** LTI 1.3 launches that wait for the tool, by verifier. */
  launches: Map<string, WaitingLaunch>;
  /** What tools sent back from deep linking, most recent last. */
  deepLinkingResponses: Map<string, DeepLinkingResult>;
  /** Originality reports. */
  reports: Map<string, Record<string, unknown>>;
  /** Webhook subscriptions, each with the guid of its tool proxy. */
  subscriptions: Map<string, { guid: string; subscription: Record<string, unknown> }>;
  /** jti already used, and until when. */
  nonces: Map<string, number>;
}

/** A launch between its login request and its id_token. */
export interface WaitingLaunch {
  contextType: 'Course' | 'Group' | 'Account';
  /** Global. */
  contextId: string;
  userId: EmulatorId | null;
  /** The id_token's claims. */
  body: Record<string, unknown>;
  /** Seconds. */
  expiresAt: number;
  /** Whether the launch's own nonce stays, since its `claims` set one. */
  keepsNonce: boolean;
}
