// Programs that are run to their end, and servers that are ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';

// A program that hangs is ended. Far longer than any takes, also on a busy machine.
const LIMIT = 900_000;

/** What a program prints. It fails with what it says when the program does. */
export async function output(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT, ...options });
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${signal ?? code}: ${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

/**
 * Starts a server; `pattern` finds in what it prints the part it is waited for. Resolves to {found, end()}, which ends what a
 * `detached` server has started, too.
 */
export async function startServer(command, args, pattern, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const kill = () => isOver() || (options.detached ? process.kill(-child.pid, 'SIGKILL') : child.kill('SIGKILL'));
  process.once('exit', kill);
  const end = async () => {
    process.off('exit', kill);
    if (isOver()) return;
    kill();
    await once(child, 'close');
  };
  let said = '';
  const found = await new Promise((done) => {
    for (const stream of child.stdio.filter(Boolean)) {
      stream.setEncoding?.('utf8').on('data', (part) => {
        said += part;
        const match = pattern.exec(said);
        if (match) done(match[1]);
      });
    }
    child.once('error', (error) => done((said = String(error), undefined)));
    child.once('close', () => done(undefined));
  });
  if (found !== undefined) return { found, end };
  throw new Error(`${command} ${args.join(' ')} ended: ${said}`);
}

/** A port of this machine that is free now, for a server whose address has to be known before it starts. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
