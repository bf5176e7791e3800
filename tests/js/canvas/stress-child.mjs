// Runs in a process of its own, with --expose-gc: thousands of calls, hundreds at a time, one in ten of them disturbed.
// Prints how many there were, what broke the rules, and how much memory was in use after each batch.
import { problemsOf } from './stress-rules.mjs';

const [batches, size, width] = process.argv.slice(2).map(Number);
const memories = [];
globalThis.WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given);
    memories.push(this.exports.memory);
  }
};
// Only now, as these load the package.
const { isTokenError } = await import('canvas-lms-tokens');
const { CALLS, run, seed } = await import('./calls.mjs');
const { GUID, open } = await import('./site.mjs');

const RATE = 0.025;
const faults = { dropBefore: 0, dropAfter: 0, serverError: 0, throttle: 0, retryAfter: 0, seed: 20240817 };
const site = await open({ after() {} }, { faults });
const { emulator } = site;
const canvases = { user: site.user(), tool: await site.tool(), registrant: await site.registrant() };
const { token } = await canvases.user.createJwt();
Object.assign(emulator.faults, { dropBefore: RATE, dropAfter: RATE, serverError: RATE, throttle: RATE });

const problems = [];
const totals = { calls: 0, settled: 0, requests: 0, disturbed: 0, fulfilled: 0, rejected: {} };
const memory = [];
let serial = 0;

for (let batch = 0; batch < batches; batch += 1) {
  await oneBatch();
  memory.push(await inUse());
}
console.log(JSON.stringify({ totals, memory, problems: problems.slice(0, 10), problemCount: problems.length }));

async function oneBatch() {
  seed(emulator);
  emulator.requests.clear();
  emulator.refusals.clear();
  const calls = Array.from({ length: size }, () => {
    serial += 1;
    return { ...CALLS[serial % CALLS.length], agent: `call/${serial}`, id: `d${serial}` };
  });
  for (const { name, id } of calls) {
    if (name === 'deleteSubscription') emulator.records.subscriptions.set(id, { guid: GUID, subscription: { Id: id } });
  }
  const left = [...calls];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let call = left.pop(); call; call = left.pop()) await oneCall(call);
  }));
  check(calls);
  emulator.records.subscriptions.clear();
}

async function oneCall(call) {
  const args = { refreshJwt: [token], deleteSubscription: [call.id] }[call.name] ?? call.args;
  totals.calls += 1;
  try {
    call.value = await run(canvases[call.token], { ...call, args }, { userAgent: call.agent });
    totals.fulfilled += 1;
  } catch (error) {
    call.error = error;
    totals.rejected[error.code] = (totals.rejected[error.code] ?? 0) + 1;
  }
  call.isSettled = true;
  totals.settled += 1;
}

/** Each call's own requests in the log are exactly those that the rules of retrying make of its faults. */
function check(calls) {
  const log = groupBy(emulator.requests, agentOf);
  totals.requests += emulator.requests.length;
  totals.disturbed += emulator.requests.filter(({ fault }) => fault !== null).length;
  for (const call of calls) {
    const requests = log.get(call.agent) ?? [];
    log.delete(call.agent);
    for (const problem of problemsOf(call, requests)) problems.push(`${call.agent} ${call.name}: ${problem}`);
    if (call.error && !isTokenError(call.error)) problems.push(`${call.name}: ${call.error.stack}`);
    if (call.name === 'deleteSubscription') {
      const isCarriedOut = requests.some(({ status, fault }) => status === 200 && fault !== 'dropBefore');
      if (isCarriedOut === emulator.records.subscriptions.has(call.id)) problems.push(`${call.id} is not what the log says`);
    }
  }
  if (log.size > 0) problems.push(`${log.size} requests of no call`);
  const created = [...emulator.records.subscriptions.keys()].filter((id) => id.includes('-')).length;
  const posted = emulator.requests.filter(({ method, url, status }) =>
    method === 'POST' && url.endsWith('/subscriptions') && status === 200).length;
  if (created !== posted) problems.push(`${created} subscriptions of ${posted} requests`);
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    if (!groups.has(key(item))) groups.set(key(item), []);
    groups.get(key(item)).push(item);
  }
  return groups;
}

function agentOf({ headers }) {
  return headers['user-agent'];
}

async function inUse() {
  emulator.requests.clear();
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc();
    await new Promise((done) => setTimeout(done, 20));
  }
  return { wasm: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0), heap: process.memoryUsage().heapUsed };
}
