// One Canvas: its clock, secrets, keys and records, and how it finds them.

import { notFound, refusal } from './answers.js';
import { toHex } from './bytes.js';
import { generateRsa, publicJwk, RS256, RSA_OAEP } from './jose.js';
import { idNumber } from './json.js';
import { createLtiKeys } from './lti13/keys.js';
import { checkOptions, createRecords, defaultSecrets } from './seeds.js';

const SHARD = 10n ** 13n;
const MONTH = 30 * 24 * 3600 * 1000;
const ISSUER = 'https://canvas.instructure.com';
const INSTITUTION = 'https://canvas.example';
const CLOUD_AUTHORIZATION = 'https://sso.canvaslms.com';
const FEATURES = ['api_auth_error_updates', 'lti_asset_processor', 'no_redirect_on_oauth_token_method'];

const originOf = (url) => new URL(url).origin;

// A page's own fetch must not be called as anything's method.
const alone = (fetch) => fetch && ((url, init) => fetch(url, init));

export function createCanvas(options) {
  checkOptions(options);
  const now = options.now ?? (() => Date.now() / 1000);
  const random = options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  const records = createRecords(options);
  const shard = BigInt(options.shardId ?? 1);
  let lastId = 0;

  const global = (id) => (BigInt(id) < SHARD ? BigInt(id) + shard * SHARD : BigInt(id));
  const local = (id) => (global(id) / SHARD === shard ? global(id) % SHARD : BigInt(id));

  const canvas = {
    now,
    /** Set by the first request: outside of one, workerd has no clock. */
    startedAt: undefined,
    seconds: () => Math.floor(now()),
    time: (seconds = now()) => new Date(Math.floor(seconds) * 1000).toISOString().replace('.000', ''),
    random,
    uuid: () => uuid(random(16)),
    nextId: () => (lastId += 1),
    records,
    shardId: idNumber(shard),
    era: options.era ?? 'new',
    features: new Set(options.features ?? FEATURES),
    filesHost: options.filesHost,
    region: options.region,
    environment: options.environment,
    issuer: options.issuer ?? ISSUER,
    baseUrl: originOf(options.baseUrl ?? INSTITUTION),
    authUrl: originOf(options.authUrl ?? options.baseUrl ?? CLOUD_AUTHORIZATION),
    /** The origin of authorization, for whoever asks at this one: where neither address was given, all is at the one asked. */
    authUrlFor: (origin) => ([canvas.baseUrl, canvas.authUrl].includes(origin) ? canvas.authUrl : origin),
    fetch: alone(options.fetch),
    hasSubscriptionService: options.subscriptionService ?? true,
    secrets: { ...defaultSecrets, ...options.secrets },

    /** shard × 10^13 + local id, as it stands in JSON. */
    globalId: (id) => idNumber(global(id)),
    /** What this shard calls it. */
    localId: (id) => idNumber(local(id)),
    shardOf: (id) => idNumber(global(id) / SHARD),
    /** By id, global or local, number or text. */
    find(table, id) {
      const text = String(id);
      if (!/^[0-9]+$/.test(text)) return null;
      const map = records[table];
      return map.get(text) ?? map.get(String(local(text))) ?? map.get(String(global(text))) ?? null;
    },
    need(table, id) {
      const found = canvas.find(table, id);
      if (!found) throw refusal(notFound(), `no ${table} with id ${id}`);
      return found;
    },
    /** The account or course that a path names. */
    context: ({ path: { kind, id } }) => ({ ...canvas.need(kind, id), kind }),
    rootAccount: () => records.accounts.values().next().value,

    servicesKeys: async () => options.keys?.services ?? servicesKeys(),
    instAccessKeys: async () => options.keys?.instAccess ?? instAccessKeys(),
  };
  const { current, rotate } = createLtiKeys(canvas, async () => options.keys?.lti ?? ltiKeys());
  return Object.assign(canvas, { ltiKeys: current, rotateLtiKeys: rotate });
}

// RSA keys take long to make: once for all emulators of a program, which also share their default secrets.
function once(make) {
  let made;
  return () =>
    (made ??= make().catch((error) => {
      made = undefined;
      throw error;
    }));
}

// Canvas's kids carry the time of their month; a set always has a key that is not in use yet.
const monthOf = (months) => new Date(Date.now() + months * MONTH).toISOString().replace(/\.\d+/, '');

async function threeMonths(kid) {
  const [past, present, future] = await Promise.all([-1, 0, 1].map((months) => generateRsa(RS256, kid(months))));
  return { past, present, future };
}

const servicesKeys = once(() => threeMonths(monthOf));

const ltiKeys = once(() => threeMonths((months) => `${monthOf(months)}_${crypto.randomUUID()}`));

const instAccessKeys = once(async () => {
  const [signature, encryption] = await Promise.all([generateRsa(RS256), generateRsa(RSA_OAEP)]);
  return { signature, encryption };
});

/** GET /internal/services/jwks */
export async function servicesJwks(canvas) {
  const { past, present, future } = await canvas.servicesKeys();
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'max-age=864000' },
    value: { keys: [past, present, future].map(publicJwk) },
  };
}

function uuid(bytes) {
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
