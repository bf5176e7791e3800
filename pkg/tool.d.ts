/**
 * An LTI 1.3 tool as one handler of web standards.
 *
 * @module canvas-lms-tokens/tool
 */
import type {
  Claims, ContentItem, Key, Launch, LtiServices, Notice, NumericDate, Platform, Platforms, Secret, Store, TokenError, ToolConfiguration,
} from './wasm/types.js';

/**
 * Makes an LTI 1.3 tool of one handler of requests, for Workers, Deno, Bun, Node, and what takes a fetch handler (Hono, Next.js,
 * Express through an adapter): logins, launches, public keys, sessions, and, where it is told how, notices and dynamic
 * registration. What it decides is what `beginLaunch`, `verifyLaunch`, `verifyNotice` and `register` decide. Machines share
 * nothing but `secret` and `store`.
 *
 * A login is answered by a page that keeps what binds it to the browser in a cookie and in the platform's storage, and offers a
 * new window where the browser blocks both. Bodies have at most 256 KiB (notices 1 MiB, and 100 in one) and ten seconds to come.
 *
 * @throws ERR_ARGUMENT, with `at`, for an option that is missing or wrong; one that is misspelt names the nearest. ERR_JWK_INVALID
 * and what else `publicJwks` throws for `keys`.
 */
export function createTool(options: ToolOptions): Tool;

/** How a tool is made. */
export interface ToolOptions {
  /** Where the tool is registered. */
  platforms: Platforms;
  /** The tool's private RSA keys: the first signs, the public halves of all are published, so that keys can be replaced. One that lives
   *  elsewhere has its `publicKey` beside it. */
  keys: Key[];
  /** At least 32 random bytes, the same on every machine: it signs states and sessions, and encrypts what the store holds, by a key
   *  for each purpose. The first of several signs, all verify. */
  secret: Secret | Secret[];
  /** What machines share: nonces that were used, sessions, tokens, the platforms' keys. The values are encrypted, the names of
   *  the entries (ids of sessions, issuers, client ids) are not. {@link memoryStore} says that there is one machine. */
  store: Store;
  /** The tool's own origin, such as `https://tool.example`; default that of each request, which behind a proxy is another. */
  origin?: string;
  /** Default `/lti/login`, `/lti/launch`, `/lti/jwks`, `/lti/register`, `/lti/notices`. */
  paths?: Partial<Record<'login' | 'launch' | 'jwks' | 'register' | 'notices', string>>;
  /** Answers a verified launch, of every type but deep linking. A `TokenError` that it throws is answered as one of a launch;
   *  what else it throws is thrown by the handler. */
  onLaunch(launch: Launch, context: ToolContext): Response | Promise<Response>;
  /** Answers a verified deep linking request, for instance by `context.deepLink`. Without it such a request is
   *  ERR_LTI_MESSAGE_INVALID. */
  onDeepLinking?(launch: Launch, context: ToolContext): Response | Promise<Response>;
  /** Takes a verified notice. Each is given once: one whose handler has thrown is not given again, and those after it are. A
   *  `TokenError` that it throws goes to `onError`; the platform sees its code alone. What else it throws is thrown by the handler
   *  when all were given. */
  onNotice?(notice: Notice, context: Pick<ToolContext, 'request' | 'services'>): void | Promise<void>;
  /** Who may register the tool, and with what. */
  registration?: RegistrationOptions;
  /** Hears of every failed request and notice, and may answer a request. Default a page that says what happened and what to do. */
  onError?(error: TokenError, request: Request): Response | undefined | void | Promise<Response | undefined | void>;
  /** The words of the tool's pages, in another language: those that are given, in place of the English ones. A function is asked
   *  before each login, launch and registration, as by the `Accept-Language` of its request. It must not be async. What it throws
   *  or gives wrong is ERR_ARGUMENT, of which `onError` hears; that page is in English. */
  texts?: ToolTexts | ((request: Request) => ToolTexts | undefined);
  /** Who remembers the nonces of launches and notices, as for `verifyLaunch`; default the store's `add`. False where nothing can: a
   *  launch can then be sent again from the browser that began it, and there are no one-time codes. */
  claimNonce?: ((name: string, until: NumericDate) => boolean | Promise<boolean>) | false;
  /** Default the runtime's. */
  fetch?: typeof fetch;
  /** Milliseconds for one try of a request to the platform, and for an answer of the store; default 10 000, at most 2 147 483 647. */
  timeout?: number;
}

/** The words of the tool's pages. */
export interface ToolTexts {
  /** The language, such as `fr`. */
  language?: string;
  /** While the tool is opened: the heading, and the line below it. */
  moment?: string; opening?: string;
  /** Without JavaScript: the link that goes on, and what to do where there can be none. */
  goOn?: string; noScript?: string;
  /** Over what failed, over what `failures` says, and what its code and message are under. */
  failed?: string; notRegistered?: string; details?: string;
  /** Where cookies are blocked: the heading, why a window is needed, and the button that opens it. */
  blocked?: string; blockedWhy?: string; newWindow?: string;
  /** What stays where the button was. */
  opened?: string; openedWhy?: string;
  /** After a registration: the heading, and what comes next. */
  registered?: string; registeredNext?: string;
  /** By the code of an error: what happened, and what to do. */
  failures?: { [Code in ToolFailure]?: [what: string, todo: string] };
}

/** The errors that a tool's page has words of its own for; `other` stands for all others. */
export type ToolFailure =
  | 'ERR_LTI_LOGIN_INVALID' | 'ERR_LTI_PLATFORM_UNKNOWN' | 'ERR_LTI_STATE_INVALID' | 'ERR_LTI_STATE_NOT_BOUND'
  | 'ERR_LTI_LAUNCH_REFUSED' | 'ERR_LTI_NONCE_USED' | 'ERR_LTI_DEPLOYMENT_UNKNOWN' | 'ERR_LTI_MESSAGE_INVALID' | 'ERR_STORE'
  | 'ERR_FETCH' | 'ERR_TIMEOUT' | 'ERR_THROTTLED' | 'ERR_HTTP_STATUS' | 'ERR_RESPONSE_INVALID' | 'ERR_JWT_EXPIRED'
  | 'ERR_JWT_NOT_YET_VALID' | 'ERR_ARGUMENT' | 'ERR_OAUTH' | 'ERR_UNAUTHENTICATED' | 'ERR_KEY_OPERATION' | 'ERR_WEBCRYPTO'
  | 'ERR_FORBIDDEN' | 'other';

/** Dynamic registration. */
export interface RegistrationOptions {
  /** What the tool registers with. Its addresses are by default the tool's own, of the origin and `paths`. */
  tool: ToolRegistration;
  /** Which hosts the tool registers with, such as `canvas.school.example`, `*.school.example` or `localhost:8931`; default
   *  Instructure's, `*.instructure.com` and `*.canvaslms.com`. Nothing of another host is fetched, and no redirect followed. Where a
   *  name leads is not looked up: list only hosts whose names you trust. */
  hosts?: string[];
  /** Whether the tool agrees, asked before anything is fetched. Anybody can open a registration page: a code in the query of the
   *  URL that the administrator is given is one way to know who it is. */
  approve(openidConfiguration: URL, request: Request): boolean | Promise<boolean>;
  /** Keeps what was registered, for `platforms` to find. **What is kept for an issuer and client id must never be replaced by
   *  this:** add what is new, refuse what is there. */
  registered(platform: Platform, registration: { [name: string]: unknown }): void | Promise<void>;
}

/** A tool's configuration, of which what {@link createTool} knows may be left out. */
export type ToolRegistration = {
  [Name in keyof ToolConfiguration]?:
    Name extends 'https://purl.imsglobal.org/spec/lti-tool-configuration' ? Partial<ToolConfiguration[Name]> : ToolConfiguration[Name];
};

/** A tool, of {@link createTool}. Its functions need no `this`. */
export interface Tool {
  /** Answers a request, null for a path that is not the tool's. */
  handle(request: Request): Promise<Response | null>;
  /** The same, with 404 for other paths: `export default tool` is a Worker. */
  fetch(request: Request): Promise<Response>;
  /**
   * The launch of this browser's session, for the tool's own routes; null where there is none. A session is named by the cookie of
   * `startSession`, or by a one-time code: as bearer token, or as `lti_code` in the URL of a POST of the tool's own page (a link's is
   * not read, as a user may have written the link). A request of another site's page that may change something, by its method and
   * `Origin`, or that opens a WebSocket, has no session.
   *
   * @throws ERR_STORE. ERR_ARGUMENT where the request came by http and there is no `origin`. What `claimNonce` throws.
   */
  session(request: Request): Promise<Launch | null>;
  /** As {@link ToolContext.startSession}, for a launch that `session` gave: the next code of the same session. The cookie has to be
   *  sent by the caller. */
  startSession(launch: Launch, options?: SessionOptions): Promise<Session>;
  /** The services that a launch or notice names, with the tool's key, and tokens that machines share.
   *
   *  @throws ERR_ARGUMENT for a launch that names none. */
  services(launch: { platform: Platform; claims: Claims }): LtiServices;
  /** A page that brings items to the platform: the answer to a deep linking launch of this session.
   *
   *  @throws As `deepLinkingResponse`. */
  deepLink(launch: Launch, items: ContentItem[], options?: DeepLinkOptions): Promise<Response>;
}

/** What a handler gets besides the launch. */
export interface ToolContext {
  /** The request of the launch; its body has been read. */
  request: Request;
  /** As {@link Tool.services} of the launch. */
  readonly services: LtiServices;
  /** Where the user wants to go, if that is of the tool's own origin, else null. To follow a launch's `targetLinkUri` elsewhere
   *  would be an open redirect. */
  target: string | null;
  /** Starts a session of the launch, with an id of its own; the cookie is added to the answer. */
  startSession(launch?: Launch, options?: SessionOptions): Promise<Session>;
  /** As {@link Tool.deepLink} of the launch. */
  deepLink(items: ContentItem[], options?: DeepLinkOptions): Promise<Response>;
}

/** What a deep linking response says besides its items; see `deepLinkingResponse`. */
export interface DeepLinkOptions {
  /** Shown to the user. */
  message?: string;
  /** Shown to the user, as what went wrong. */
  errorMessage?: string;
  /** Logged by the platform. */
  log?: string;
  /** Logged by the platform, as what went wrong. */
  errorLog?: string;
  /** Canvas's: the module that it makes for the items of a launch in the list of modules. */
  moduleName?: string;
  /** Canvas's: what stands in the editor goes; needs a scope of its own. */
  replaceEditorContents?: boolean;
}

/** How long a session lives. */
export interface SessionOptions {
  /** Seconds, default eight hours. */
  lifetime?: number;
}

/** A session that was started. */
export interface Session {
  /** A Set-Cookie header: `__Host-`, HttpOnly, Secure, SameSite=None and Partitioned. A browser has one: that of the newest
   *  launch. */
  cookie: string;
  /** For a page whose cookies are blocked: names the session once, within five minutes. Null with `claimNonce: false`. */
  code: string | null;
}

/** How much is remembered. */
export interface MemoryStoreOptions {
  /** The most characters of names and values, default 64 Mi. */
  characters?: number;
}

/**
 * A store in the memory of this process, for one machine with one process, and for tests.
 *
 * Guarantees: `add` is true for one caller alone, until the entry's end or the process's. Where it is full, the oldest that was
 * `set` goes first (sessions, tokens, keys); what was added stays until its end, and an ERR_STORE says that there is no room.
 *
 * Does not guarantee: anything after a restart. A launch could then be sent again from the browser that began it.
 *
 * @throws ERR_ARGUMENT.
 */
export function memoryStore(options?: MemoryStoreOptions): Required<Store>;

/** How a store names its keys. */
export interface RedisStoreOptions {
  /** What each key begins with, default `canvas-lms-tokens:`. */
  prefix?: string;
}

/**
 * A store in Redis or Valkey, by whatever sends a command: `(command) => client.call(...command)` of ioredis,
 * `(command) => client.sendCommand(command)` of node-redis, or a REST client at the edge.
 *
 * Guarantees, while one primary lives: `add` (`SET … NX EX`, with a value of its own) is true for one caller alone. Where a reply
 * is lost, or a client sends the command twice, `GET` says whose value stands: that caller is the one. Where that cannot be learnt,
 * after three tries, it is an error, and true for nobody.
 *
 * Does not guarantee: anything across a failover, as replicas follow later (an entry that the new primary lacks can be added
 * again, until it is), nor on a cluster's replicas: `send` must ask the primary. With a `maxmemory-policy` other than
 * `noeviction` an entry may go before its end, and a launch could be sent again from the browser that began it.
 *
 * @throws ERR_ARGUMENT.
 */
export function redisStore(send: (command: string[]) => Promise<unknown>, options?: RedisStoreOptions): Required<Store>;

/** A namespace of Durable Objects, as far as {@link durableObjectStore} asks it: Cloudflare's `DurableObjectNamespace`. */
export interface TokensNamespace {
  /** The id of the object of this name. */
  idFromName(name: string): any;
  /** What asks that object, by a `fetch`. */
  get(id: any): any;
}

/** The class of the Durable Objects, for a Worker to export, with a migration that makes it (`new_sqlite_classes`). */
export class TokensDurableObject {
  /** Made by the platform alone. */
  constructor(state: { storage: any }, env?: unknown);
  /** Answers {@link durableObjectStore}. */
  fetch(request: Request): Promise<Response>;
  /** Drops the entries whose time has passed; the platform calls it once an hour while there are some. */
  alarm(): Promise<void>;
}

/** How the entries are shared out. */
export interface DurableObjectStoreOptions {
  /** How many objects, default 64. With another number entries are elsewhere: while a new one is rolled out, a launch could be
   *  taken twice. */
  shards?: number;
}

/**
 * A store in Cloudflare's Durable Objects, of the class {@link TokensDurableObject}: one of the `shards` for each entry, by its
 * name's hash.
 *
 * Guarantees: `add` is true for one caller alone, anywhere in the world; an answer is given when the entry is written, and where
 * one is lost, the object knows its asker again. There is no eviction and no replica that lags.
 *
 * Does not guarantee: speed far from the place where the object was first asked; entries over 128 KiB, in classes that are not
 * kept in SQLite.
 *
 * @throws ERR_ARGUMENT.
 */
export function durableObjectStore(namespace: TokensNamespace, options?: DurableObjectStoreOptions): Required<Store>;

/** A storage of unjs/unstorage, as far as {@link unstorageStore} asks it. */
export interface UnstorageLike {
  /** What stands there. */
  getItem(key: string): Promise<any>;
  /** Puts it there; `options` has `ttl`, in seconds. */
  setItem(key: string, value: string, options?: any): Promise<void>;
  /** Takes it away. */
  removeItem(key: string): Promise<void>;
}

/**
 * A store in any driver of unjs/unstorage: Workers KV, Vercel, Netlify, Deno KV, files. It has no `add`, as few of them could: give
 * `createTool` a `claimNonce` beside it, or say `claimNonce: false`.
 *
 * Guarantees: what the driver does; an entry is not read after its end, whether the driver knows ends or not.
 *
 * Does not guarantee: that entries go away, where a driver knows no `ttl`; that what was set can be read at once elsewhere (Workers
 * KV: a minute later), so that a session may be null on another machine until it can.
 *
 * @throws ERR_ARGUMENT.
 */
export function unstorageStore(storage: UnstorageLike): Store;
