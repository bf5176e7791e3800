// Two processes of a tool and one Redis: the same launch at both at once, answers that are lost, a process that is killed in the
// middle of a write.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { servePlatform, startMachine } from './machines.mjs';
import { each, seeded } from './platform.mjs';
import { startProxy, startRedis } from './redis.mjs';
import { codeOf } from './world.mjs';

let redis, proxy, platform;
const machines = [];
before(async () => {
  [redis, platform] = await Promise.all([startRedis(), servePlatform()]);
  proxy = await startProxy(redis.port);
  // What the first says to Redis goes through the proxy.
  machines.push(...await Promise.all([proxy.port, redis.port].map(start)));
});
after(async () => {
  await Promise.all(machines.map((machine) => machine.kill()));
  proxy?.close();
  await redis?.close();
  await platform?.close();
});
beforeEach(() => {
  proxy.rules.request = proxy.rules.reply = undefined;
});

const start = (port) => startMachine({ platform: platform.platform, port, counter: redis.port });

/** How often each launch was taken, as the tool itself has counted. */
async function counted() {
  const keys = await redis.client.keys('taken:*');
  const times = keys.length > 0 ? await redis.client.mget(keys) : [];
  await redis.client.flushall();
  return times.map(Number);
}

/** What became of a launch: 'taken', the code of the error, or undefined. */
const outcome = (answer) => answer && (answer.status === 200 ? answer.text : codeOf(answer.text));
const both = (launch) => Promise.all(machines.map(async (machine) => outcome(await machine.post(launch))));

const RACES = 1000;

test(`${RACES} launches at two processes at once: each is taken by one of them`, async () => {
  const won = [0, 0];
  await each(Array.from({ length: RACES }), 8, async () => {
    const outcomes = await both(await platform.ready());
    assert.deepEqual([...outcomes].sort(), ['ERR_LTI_NONCE_USED', 'taken']);
    won[outcomes.indexOf('taken')] += 1;
  });
  const times = await counted();
  assert.deepEqual([times.length, times.filter((n) => n !== 1)], [RACES, []]);
  assert.ok(Math.min(...won) > 0, `${won}`);
});

test('where replies are lost, the process whose value stands is the one', async () => {
  const random = seeded(3);
  let lost = 0;
  proxy.rules.reply = () => {
    if (random() > 0.1) return undefined;
    lost += 1;
    return 'lose';
  };
  await each(Array.from({ length: 200 }), 4, async () => {
    const outcomes = await both(await platform.ready());
    assert.deepEqual([...outcomes].sort(), ['ERR_LTI_NONCE_USED', 'taken']);
  });
  const times = await counted();
  assert.deepEqual([times.length, times.filter((n) => n !== 1)], [200, []]);
  assert.ok(lost > 10, `${lost}`);
});

test('where commands are lost before they act, too', async () => {
  const random = seeded(4);
  proxy.rules.request = () => (random() < 0.1 ? 'lose' : undefined);
  await each(Array.from({ length: 100 }), 4, async () => {
    const outcomes = await both(await platform.ready());
    assert.deepEqual([...outcomes].sort(), ['ERR_LTI_NONCE_USED', 'taken']);
  });
  assert.deepEqual((await counted()).filter((n) => n !== 1), []);
});

/** Kills the first process while Redis is asked by it, as `kind` says; resolves to what the other makes of the same launch. */
async function killedAmid(kind, isIt) {
  const launch = await platform.ready();
  const reached = new Promise((done) => {
    proxy.rules[kind] = (text) => {
      if (!isIt(text)) return undefined;
      done();
      return new Promise(() => {});
    };
  });
  const answer = machines[0].post(launch);
  await reached;
  await machines[0].kill();
  assert.equal(await answer, undefined);
  const other = outcome(await machines[1].post(launch));
  proxy.rules[kind] = undefined;
  machines[0] = await start(proxy.port);
  return [other, outcome(await machines[0].post(launch)), outcome(await machines[1].post(launch))];
}

const isSet = (text) => /\r\nSET\r\n/i.test(text) && /\r\nNX\r\n/i.test(text);

test('a process that is killed before its write has acted: the launch is the other’s, once', async () => {
  for (let times = 0; times < 5; times += 1) {
    assert.deepEqual(await killedAmid('request', isSet), ['taken', 'ERR_LTI_NONCE_USED', 'ERR_LTI_NONCE_USED']);
  }
  assert.deepEqual(await counted(), [1, 1, 1, 1, 1]);
});

test('a process that is killed when its write has acted: the launch is nobody’s any more', async () => {
  for (let times = 0; times < 5; times += 1) {
    const outcomes = await killedAmid('reply', (text) => text.startsWith('+OK'));
    assert.deepEqual(outcomes, Array(3).fill('ERR_LTI_NONCE_USED'));
  }
  assert.deepEqual(await counted(), []);
});

const LAUNCHES = 10_000;

test(`a process is killed in the middle of ${LAUNCHES} launches: nobody is kept out, and no launch is taken twice`, async (t) => {
  const killAt = [2000, 5000, 8000];
  let [done, next, unanswered] = [0, 0, 0];
  let restart;
  async function open() {
    const launch = await platform.ready();
    // Round robin; the browser that gets no answer sends it again, to whichever machine.
    for (let tries = 0; tries < 2; tries += 1) {
      next = 1 - next;
      const answer = await machines[next].post(launch);
      if (answer) return outcome(answer) === 'taken';
      unanswered += 1;
    }
    return false;
  }
  await each(Array.from({ length: LAUNCHES }), 16, async () => {
    while (!(await open())) await restart;
    done += 1;
    if (done !== killAt[0]) return;
    killAt.shift();
    restart = machines[0].kill().then(async () => { machines[0] = await start(proxy.port); });
  });
  await restart;
  const times = await counted();
  assert.deepEqual(times.filter((n) => n !== 1), []);
  assert.ok(times.length >= LAUNCHES);
  assert.deepEqual(killAt, []);
  assert.ok(unanswered > 0);
  t.diagnostic(`${unanswered} requests unanswered, ${times.length} launches taken, each once`);
});
