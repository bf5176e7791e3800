// Redis and Valkey, by whatever sends them a command.
import { argument, failure } from '../failure.js';
import { TEXT, read } from '../options.js';
import { again } from './again.js';

const PREFIX = 'canvas-lms-tokens:';
// What stands before each value: whose it is.
const OWN = /^[0-9a-f-]{36} /;

const seconds = (ttl) => String(Math.max(1, Math.ceil(ttl)));

/** A reply as text; null for nil. */
function textOf(reply) {
  if (reply === null || reply === undefined || typeof reply === 'string') return reply ?? null;
  if (reply instanceof Uint8Array) return new TextDecoder().decode(reply);
  throw failure('ERR_STORE', `a reply that is ${typeof reply}, expected a string or null`);
}

export function redisStore(send, options = {}) {
  if (typeof send !== 'function') throw argument('send', `${typeof send}, expected a function that sends a command`);
  const { prefix = PREFIX } = read(options, 'options', { prefix: TEXT });
  const ask = async (...command) => textOf(await send(command));

  const put = (name, own, ttl, ...how) => ask('SET', prefix + name, own, 'EX', seconds(ttl), ...how);
  const owned = (value) => `${crypto.randomUUID()} ${value}`;

  return {
    async get(name) {
      const text = await ask('GET', prefix + name);
      return text !== null && OWN.test(text) ? text.replace(OWN, '') : null;
    },
    async set(name, value, ttl) {
      if (await put(name, owned(value), ttl) !== 'OK') throw failure('ERR_STORE', 'SET was not answered with OK');
    },
    async add(name, value, ttl) {
      const own = owned(value);
      // The same value each time: whichever SET has acted, what stands says whose it is.
      return again(async () => {
        const reply = await put(name, own, ttl, 'NX').catch((error) => ({ error }));
        if (reply === 'OK') return true;
        // Somebody's stands there. Ours, where a reply was lost, and the client or this function has sent the command again.
        const stands = await ask('GET', prefix + name);
        if (stands !== null) return stands === own;
        throw reply?.error ?? failure('ERR_STORE', 'SET NX was not carried out, and nothing stands there');
      });
    },
    async delete(name) {
      // How many were there is a number.
      await send(['DEL', prefix + name]);
    },
  };
}
