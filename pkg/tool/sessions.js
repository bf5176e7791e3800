// Sessions: who was launched, for the tool's own routes. The store holds the launch, the browser a signed name of it.
import { parse, prepareSecret, signJwtSync, stringify, verifyJwtSync } from 'canvas-lms-tokens';
import { argument, failure } from './failure.js';
import { COUNT, read } from './options.js';
import { within } from './within.js';

const COOKIE = '__Host-lti-session';
/** The query parameter of a one-time code. */
const PARAMETER = 'lti_code';
const LIFETIME = 8 * 3600;
const CODE_LIFETIME = 300;
// As long as a request to the platform.
const TIMEOUT = 10_000;
// What a token of ours is for, so that none is taken for another (RFC 8725 §3.11).
const TYPES = { cookie: 'lti-session+jwt', code: 'lti-code+jwt' };
const PURPOSE = 'canvas-lms-tokens lti-session';
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

const bytesOf = (text) => new TextEncoder().encode(text);
const entryOf = (id) => `lti-session/${id}`;
const now = () => Math.floor(Date.now() / 1000);

/** A launch as JSON. The platform writes it ten times as fast, where it can: it throws where a claim is a bigint. */
function written(launch) {
  try {
    return JSON.stringify(launch);
  } catch {
    return stringify(launch);
  }
}

/** A key for this purpose alone, derived from a secret (RFC 5869). */
async function derived(secret) {
  const raw = typeof secret === 'string' ? bytesOf(secret) : secret;
  const base = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytesOf(PURPOSE) };
  return prepareSecret(new Uint8Array(await crypto.subtle.deriveBits(how, base, 256)));
}

/**
 * `claim(name, until)` resolves to whether the name is new, and is null where nothing can tell. What the store and it say is waited
 * for as long as `timeout` says.
 */
export function createSessions({ secrets, store, claim, originOf, timeout = TIMEOUT }) {
  // Of the launches that were given to the tool: their origin, and their session.
  const given = new WeakMap();
  // Only what was resolved is kept: on workerd a promise cannot be shared between requests.
  let keys;

  const answered = (what, promise) => within(timeout, promise, () => failure('ERR_STORE', `${what}: no answer within ${timeout} ms`));

  const sign = (typ, claims) => signJwtSync(claims, keys[0], { typ, alg: 'HS256' });

  function verified(typ, token, audience) {
    for (const key of keys) {
      try {
        return verifyJwtSync(token, key, { typ, audience, algorithms: ['HS256'], requiredClaims: ['sub', 'jti', 'exp'] }).claims;
      } catch {
        // Whatever is wrong with it, it is no session of ours by this secret.
      }
    }
    return undefined;
  }

  async function start(launch, options = {}) {
    const { lifetime = LIFETIME } = read(options, 'options', { lifetime: COUNT });
    const known = given.get(launch);
    if (!known) throw argument('launch', 'none that this tool was given in this request');
    keys ??= await Promise.all(secrets.map(derived));
    if (!known.id) {
      const id = crypto.randomUUID();
      await answered("the store's set", store.set(entryOf(id), written(launch), lifetime));
      Object.assign(known, { id, until: now() + lifetime });
    }
    const claims = { aud: known.origin, sub: known.id, jti: crypto.randomUUID() };
    const cookie = sign(TYPES.cookie, { ...claims, exp: known.until });
    return {
      cookie: `${COOKIE}=${cookie}; Path=/; Max-Age=${known.until - now()}; SameSite=None; Secure; HttpOnly; Partitioned`,
      code: claim && sign(TYPES.code, { ...claims, exp: Math.min(known.until, now() + CODE_LIFETIME), until: known.until }),
    };
  }

  /** The claims of what a request brings, once the code among it was claimed. */
  async function claimsOf(request, origin) {
    const code = claim && codeOf(request, origin);
    const claims = code && verified(TYPES.code, code, origin);
    if (claims && await answered('the claim of a code', claim(`lti-code/${claims.jti}`, claims.exp))) return claims;
    if (isForeign(request, origin)) return undefined;
    for (const token of cookiesOf(request)) {
      const found = verified(TYPES.cookie, token, origin);
      if (found) return found;
    }
    return undefined;
  }

  async function find(request) {
    const origin = originOf(request);
    keys ??= await Promise.all(secrets.map(derived));
    const claims = await claimsOf(request, origin);
    const text = claims && await answered("the store's get", store.get(entryOf(claims.sub)));
    if (!text) return null;
    const launch = parse(text);
    given.set(launch, { origin, id: claims.sub, until: claims.until ?? claims.exp });
    return launch;
  }

  return { start, find, know: (launch, origin) => given.set(launch, { origin }) };
}

/** The one-time code: of a script's request, or of a form. A link's is none, as a user may have written the link. */
function codeOf(request, origin) {
  const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (bearer) return bearer;
  return request.method === 'POST' && isOwn(request, origin) ? new URL(request.url).searchParams.get(PARAMETER) : null;
}

/** Whether a page of this origin made the request. */
function isOwn({ headers }, origin) {
  const site = headers.get('sec-fetch-site');
  if (site) return site === 'same-origin';
  // Of browsers that do not say it.
  const from = headers.get('origin') ?? headers.get('referer');
  return URL.canParse(from ?? '') && new URL(from).origin === origin;
}

/** Whether another site's page made a request that may change something, or opens a WebSocket: the cookie comes with it all the same. */
function isForeign({ method, headers }, origin) {
  if (SAFE.includes(method) && !headers.has('upgrade')) return false;
  const from = headers.get('origin');
  return (from !== null && from !== origin) || ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site'));
}

// A partitioned one and one of the tool's own window may come together, and no more than that is looked at. Only spaces and tabs
// are taken away (RFC 6265 §5.2): with a stranger blank before it, `__Host-` protects nothing, and a sibling domain may set it.
const cookiesOf = ({ headers }) => (headers.get('cookie') ?? '').split(';').map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
  .filter((pair) => pair.startsWith(`${COOKIE}=`)).slice(0, 4).map((pair) => pair.slice(COOKIE.length + 1));
