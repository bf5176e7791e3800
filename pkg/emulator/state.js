// /__state: what an emulator knows and was asked, for tests in any language. It is not Canvas's.

import { checkProbabilities } from './faults.js';
import { parseJson, writeJson } from './json.js';
import { checkNames, RECORDS } from './known.js';

const PATH = '/__state';

const FAULTS = new Set([
  'dropBefore', 'dropAfter', 'serverError', 'throttle', 'latency', 'serverErrorStatus', 'throttleStatus', 'retryAfter',
]);

const json = (status, value) =>
  new Response(`${writeJson(value)}\n`, { status, headers: { 'content-type': 'application/json; charset=utf-8' } });

const refused = (message) => json(400, { error: message });

/** The answer to a request for the state; null for any other. */
export async function stateAnswer(emulator, request) {
  const { pathname, origin } = new URL(request.url);
  if (pathname !== PATH && !pathname.startsWith(`${PATH}/`)) return null;
  const handler = HANDLERS[`${request.method} ${pathname.slice(PATH.length)}`];
  if (!handler) return json(404, { error: `there is ${Object.keys(HANDLERS).map((row) => row.replace(' ', ` ${PATH}`)).join(', ')}` });
  let body = {};
  if (request.method === 'PATCH' || request.method === 'POST') {
    try {
      body = parseJson((await request.text()) || '{}');
    } catch {
      return refused('the body is no JSON');
    }
    if (body === null || typeof body !== 'object' || Array.isArray(body)) return refused('the body is no JSON object');
  }
  return handler(emulator, body, origin);
}

const HANDLERS = {
  'GET ': (emulator) => json(200, stateOf(emulator)),
  'PATCH ': change,
  // Forgets the requests, refusals and notices.
  'DELETE ': (emulator) => {
    emulator.requests.clear();
    emulator.refusals.clear();
    emulator.notices.clear();
    return new Response(null, { status: 204 });
  },
  // Where it is served is the institution, as the browser has to come back here.
  'POST /launch': async (emulator, options, baseUrl) => answered(() => emulator.launch({ baseUrl, ...options })),
  'POST /consent': async (emulator, { url, ...options }) => answered(async () => ({ url: await emulator.consent(url, options) })),
  'POST /notify': async (emulator, { type, events = {} }, baseUrl) =>
    answered(() => emulator.notify(type, [events].flat().map((event) => ({ baseUrl, ...event })))),
  'POST /registration': async (emulator, options, baseUrl) =>
    answered(() => emulator.beginRegistration({ baseUrl, ...options })),
};

function stateOf({ records, requests, refusals, notices, faults }) {
  const tables = Object.entries(records).map(([name, table]) => [name, Object.fromEntries(table)]);
  return {
    records: Object.fromEntries(tables),
    requests: [...requests],
    refusals: [...refusals],
    notices: [...notices],
    faults: { ...faults },
  };
}

/** Faults by name; records by table and id, null deletes. All or nothing. */
function change(emulator, { faults = {}, records = {}, ...rest }) {
  const unknown = Object.keys(rest)[0] ?? Object.keys(faults).find((name) => !FAULTS.has(name))
    ?? Object.keys(records).find((table) => !(emulator.records[table] instanceof Map));
  if (unknown !== undefined) return refused(`${unknown}: unknown`);
  try {
    checkProbabilities(faults, 'faults');
    for (const table of Object.keys(records).filter((name) => name in RECORDS)) {
      for (const [id, record] of Object.entries(records[table] ?? {})) checkNames(record, RECORDS[table], `${table}.${id}`);
    }
  } catch (error) {
    return refused(error.message);
  }
  Object.assign(emulator.faults, faults);
  for (const [name, entries] of Object.entries(records)) {
    for (const [id, record] of Object.entries(entries ?? {})) {
      if (record === null) emulator.records[name].delete(id);
      else emulator.records[name].set(id, record);
    }
  }
  return json(200, stateOf(emulator));
}

async function answered(work) {
  try {
    return json(200, await work());
  } catch (error) {
    return refused(error.message);
  }
}
