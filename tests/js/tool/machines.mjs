// Processes of one tool, and the platform whose keys they fetch.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serve } from '../../../scripts/serve.mjs';
import { makePlatform } from './platform.mjs';
import { KEY, ORIGIN, PLATFORM, SECRET } from './world.mjs';

/** The platform of platform.mjs on a port: what it is, and close(). */
export async function servePlatform() {
  let made;
  const { url, close } = await serve({ handler: () => Response.json(made.jwks) });
  made = await makePlatform({ ...PLATFORM, jwksUri: `${url}/jwks` });
  return Object.assign(made, { close });
}

/** Starts a process: {post({body, cookie}) (resolves to {status, text}, undefined where there was no answer), used(), kill()}. */
export async function startMachine({ platform, port, counter = port }) {
  const settings = { platform, key: KEY.privateKey, secret: SECRET, port, origin: ORIGIN, counter };
  const child = fork(fileURLToPath(new URL('machine.mjs', import.meta.url)), { env: { ...process.env, MACHINE: JSON.stringify(settings) } });
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const gone = once(child, 'exit');
  const [{ port: own }] = await Promise.race([once(child, 'message'), gone.then(() => { throw new Error('a machine does not start'); })]);
  return {
    async post({ body, cookie }) {
      try {
        const response = await fetch(`http://127.0.0.1:${own}/lti/launch`, {
          method: 'POST', body, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        });
        return { status: response.status, text: await response.text() };
      } catch {
        // It was killed.
        return undefined;
      }
    },
    /** The seconds of processors that it has used. */
    async used() {
      child.send('used');
      const [{ user, system }] = await once(child, 'message');
      return (user + system) / 1e6;
    },
    async kill() {
      process.off('exit', atExit);
      child.kill('SIGKILL');
      await gone;
    },
  };
}
