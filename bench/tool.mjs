// node bench/tool.mjs: what a tool of createTool takes, beside npm's @lti-tool/core. Launches on one core of Node and of workerd,
// by turns in one run; with more processes on one Redis; what is held after 100,000; what is asked of the platform. No time
// makes it fail. Close other programs first; the load before and after is printed. --short shows that it works.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { exitWith, say, which } from '../scripts/setup/shell.mjs';
import { servePlatform, startMachine } from '../tests/js/tool/machines.mjs';
import { each } from '../tests/js/tool/platform.mjs';
import { startRedis } from '../tests/js/tool/redis.mjs';
import { output } from '../tests/package/processes.mjs';
import { startWorkerd } from '../tests/package/runtimes.mjs';
import { installTools } from '../tests/package/tools.mjs';
import { TYPE } from './tool/browser.mjs';
import { settingsOf } from './tool/settings.mjs';
import { byTurns } from './tool/turns.mjs';

const short = process.argv.includes('--short');
const many = (count) => (short ? Math.ceil(count / 100) : count);
const file = (name) => fileURLToPath(new URL(`tool/${name}`, import.meta.url));
const LIMIT = 60 * 60_000;

/** Runs a part in a process of its own, on one core where the system can be told so. */
async function part(name, given, { flags = [], core = false } = {}) {
  const node = [process.execPath, ...flags, file(name), ...given.map(String)];
  const [command, ...args] = core && which('taskset') ? ['taskset', '-c', '0', ...node] : node;
  return JSON.parse(await output(command, args, { timeout: LIMIT }));
}

/** A sender for a server on this machine. */
function overHttp(port) {
  const agent = new Agent({ keepAlive: true });
  return async (path, body, cookie) => {
    const headers = { 'content-type': TYPE, 'content-length': Buffer.byteLength(body), ...(cookie && { cookie }) };
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers, agent });
    sent.end(body);
    const [answer] = await once(sent, 'response');
    const { location, 'set-cookie': [given] = [] } = answer.headers;
    return { text: await text(answer), location, cookie: given };
  };
}

async function onWorkerd() {
  const [platform, out] = [await servePlatform(), mkdtempSync(join(tmpdir(), 'bench-tool-'))];
  const start = async (name) => startWorkerd(file('worker.mjs'), join(out, name), {
    variables: { SETTINGS: JSON.stringify({ which: name, ...settingsOf(platform) }) },
  });
  const servers = await Promise.all(['ours', 'theirs'].map(start));
  const [ours, theirs] = servers.map(({ url }) => overHttp(Number(new URL(url).port)));
  try {
    return await byTurns({ 'canvas-lms-tokens/tool': ours, '@lti-tool/core': theirs }, platform, { rounds: many(20), batch: 50 });
  } finally {
    await Promise.all(servers.map(({ end }) => end()));
    await platform.close();
    rmSync(out, { recursive: true });
  }
}

/**
 * How many launches a second so many processes take, with one Redis; and how many they would where each had a core of its own, by
 * the time that they were on one.
 */
async function processes(count) {
  const [redis, platform] = await Promise.all([startRedis(), servePlatform()]);
  const machines = await Promise.all(Array.from({ length: count }, () => startMachine({ ...platform, port: redis.port })));
  try {
    const launches = [];
    for (let i = 0; i < many(4000); i += 1) launches.push(await platform.ready());
    const warm = launches.splice(0, many(400));
    const post = async (one, index) => {
      const answer = await machines[index % count].post(one);
      if (answer?.text !== 'taken') throw new Error(answer?.text);
    };
    await each(warm, 16, post);
    const used = () => Promise.all(machines.map((machine) => machine.used()));
    const before = await used();
    const start = performance.now();
    await each(launches, 32, post);
    const seconds = (performance.now() - start) / 1000;
    const busy = (await used()).map((after, index) => after - before[index]);
    return { perSecond: launches.length / seconds, possible: launches.length / Math.max(...busy) };
  } finally {
    await Promise.all(machines.map((machine) => machine.kill()));
    await Promise.all([redis.close(), platform.close()]);
  }
}

const number = (value, digits = 3) => Number(value.toPrecision(digits)).toLocaleString('en');
function table(results) {
  for (const [name, { perSecond, p50, p99 }] of Object.entries(results)) {
    console.log(`  ${name.padEnd(24)} ${number(perSecond).padStart(8)} a second   p50 ${number(p50)} ms   p99 ${number(p99)} ms`);
  }
}
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

await exitWith(async () => {
  installTools();
  const before = loadavg()[0];
  say('logins and launches, Node, one core, in process');
  table(await part('launches.mjs', [many(40), 50], { core: true }));
  say('logins and launches, workerd, over HTTP, one after the other');
  table(await onWorkerd());
  say('launches with one Redis, whose client takes a core of its own');
  for (const count of [1, 2, 4]) {
    const { perSecond, possible } = await processes(count);
    console.log(`  ${count} processes: ${number(perSecond)} a second here, ${number(possible)} by the time of their processors`);
  }
  say('what a process holds');
  const total = many(100_000);
  for (const [name, points] of Object.entries(await part('memory.mjs', [total, total / 5], { flags: ['--expose-gc'] }))) {
    console.log(`  ${name}:`);
    for (const { launches, rss, heap } of points) console.log(`    ${number(launches, 6)} launches: heap ${megabytes(heap)}, of ${megabytes(rss)} in all`);
  }
  say('requests to the platform, of four machines with one store');
  console.log(`  ${number(many(10_000), 6)} launches, each with a call:`, JSON.stringify(await part('requests.mjs', [many(10_000)])));
  console.log(`\n${cpus()[0].model.trim()}, ${cpus().length} cores, load ${before.toFixed(2)} before and ${loadavg()[0].toFixed(2)} after`);
});
