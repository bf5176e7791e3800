/**
 * For tests: what answers as Canvas does, without a network.
 *
 * @module canvas-lms-tokens/emulator
 */

/**
 * A Canvas to test against. It answers the token endpoints and the LTI 2 services as Canvas does: same order of checks,
 * statuses, bodies, headers, signing and encryption. It is a `fetch` that needs no network: use it in process
 * (`new Canvas({ fetch: emulator.fetch, … })`), or serve it as a WinterCG handler (`export default emulator`).
 *
 * It shares no code with the package's core. It is for tests: it holds what it knows in memory, logs what it is sent,
 * tokens included, and its default secrets are public.
 */
export function createEmulator(options?: EmulatorOptions): Emulator;

/** What an emulator knows by default, on any host. Frozen; an option of the same name replaces a list. */
export const defaultSeeds: Readonly<Required<Seeds>>;
/** Canvas's own symmetric secrets, by default. */
export const defaultSecrets: Readonly<Required<Secrets>>;

/** A Canvas id: local (1) or global (10000000000001). Give one beyond 2^53 as bigint or text. */
export type EmulatorId = number | bigint | string;

/** What {@link createEmulator} makes: a Canvas in this process. */
export interface Emulator {
  /** Takes what the platform's `fetch` takes. Rejects when aborted, and for a fault that drops the connection. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
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
}

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
  /** The host that files are on. Default: the host asked. */
  filesHost?: string;
  region?: string;
  environment?: string;
  /** Feature flags that are on: `api_auth_error_updates` (the default one), `new_quizzes_allow_service_jwt_refresh`,
   *  `enforce_service_token_tenant_matching`. */
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
  faults?: Partial<Faults> & { /** Of the generator that probabilities draw from. Default 1. */ seed?: number };
  secrets?: Partial<Secrets>;
  /** Private RSA JWKs of your own, instead of new ones. */
  keys?: Partial<Keys>;
}

/** The numbers of Canvas's throttling. Each access token has a bucket of its own, as has each session. */
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
  services: { past: JsonWebKey; present: JsonWebKey; future: JsonWebKey };
  /** Signs InstAccess tokens, and encrypts them to the API gateway. */
  instAccess: { signature: JsonWebKey; encryption: JsonWebKey };
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
}

/** An account. */
export interface Account { id: EmulatorId; uuid: string; name: string; ltiGuid?: string; vanityHosts?: string[] }

/** A course. */
export interface Course {
  id: EmulatorId;
  uuid: string;
  name: string;
  ltiId?: string;
  /** Who may read it. */
  userIds?: EmulatorId[];
  usageRightsRequired?: boolean;
  canUploadFiles?: boolean;
  canCreatePages?: boolean;
}

/** A user of Canvas. */
export interface User {
  id: EmulatorId;
  uuid: string;
  name: string;
  /** The opaque id that LTI services give. */
  ltiId?: string;
  email?: string;
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
}

/** A browser's login: the cookies `canvas_session` (id) and `_csrf_token` (percent-encoded). */
export interface Session { id: string; userId: EmulatorId; csrfToken: string }

/** A developer key: of LTI 2 with `secret`, of LTI 1.3 with `publicJwk`. */
export interface DeveloperKey {
  id: EmulatorId;
  /** Its API key, with which an LTI 2 assertion is signed. */
  secret?: string;
  /** Default true. */
  active?: boolean;
  /** For the `audience` of /api/v1/jwts. */
  allowedAudiences?: string[];
  internalService?: boolean;
  /** What its Tool Consumer Profile offers beyond the default. */
  toolConsumerProfile?: { uuid: string; services?: string[]; capabilities?: string[] };
  /** For /login/oauth2/token: LTI 1.3. */
  publicJwk?: JsonWebKey;
  scopes?: string[];
  accountUuid?: string;
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
  /** Earlier attempts, oldest first. */
  history?: Attempt[];
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
export interface Group { id: EmulatorId; courseId: EmulatorId; userIds: EmulatorId[] }

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
  /** Originality reports. */
  reports: Map<string, Record<string, unknown>>;
  /** Webhook subscriptions, each with the guid of its tool proxy. */
  subscriptions: Map<string, { guid: string; subscription: Record<string, unknown> }>;
  /** jti already used, and until when. */
  nonces: Map<string, number>;
}
