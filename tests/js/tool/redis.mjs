// A Redis of the test's own, on this machine, in memory alone; and what stands between it and a client, to lose what they say.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import Redis from 'ioredis';
import { redisServer } from '../../../scripts/setup/browsers.mjs';
import { freePort } from '../../package/processes.mjs';

const SETTINGS = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no', '--dir', '/tmp'];

/** A client of the Redis at a port; what it cannot send is an error soon. */
export const clientOf = (port, options) =>
  // What becomes of the connection is seen by the commands.
  new Redis({ port, host: '127.0.0.1', lazyConnect: false, ...options }).on('error', () => undefined);

/** Starts one: {port, client, close()}. */
export async function startRedis() {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const child = spawn(redisServer(), [...SETTINGS, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    let said = '';
    const isReady = await new Promise((done) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        if (/Ready to accept connections/.test(said)) done(true);
      });
      child.once('close', () => done(false)).once('error', (error) => { said += error; done(false); });
    });
    if (isReady) {
      const client = clientOf(port);
      return {
        port, client,
        async close() {
          client.disconnect();
          process.off('exit', kill);
          kill();
          if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
        },
      };
    }
    if (tries === 3) throw new Error(`Redis does not start: ${said}`);
  }
}

/**
 * A proxy in front of it: {port, rules, close()}. `rules.request(text)` and `rules.reply(text)` say what becomes of what is sent:
 * nothing (it goes on), 'lose' (the connection is closed in its place), or a promise that it waits for.
 */
export async function startProxy(target) {
  const rules = {};
  const sockets = new Set();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pass = (from, to, kind) => {
      let order = Promise.resolve();
      from.on('data', (bytes) => {
        order = order.then(async () => {
          const said = await rules[kind]?.(String(bytes));
          if (said !== 'lose') return to.writable && to.write(bytes);
          near.destroy();
          return far.destroy();
        });
      });
      from.on('close', () => to.destroy()).on('error', () => to.destroy());
      sockets.add(from);
    };
    pass(near, far, 'request');
    pass(far, near, 'reply');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port, rules,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
