// A process of a tool: what several of them share is the Redis alone. Started by machines.mjs.
import { createTool, redisStore } from 'canvas-lms-tokens/tool';
import { serve } from '../../../scripts/serve.mjs';
import { clientOf } from './redis.mjs';

const { platform, key, secret, port, origin, counter } = JSON.parse(process.env.MACHINE);
const client = clientOf(port);
// By a connection of its own, which nothing stands in front of.
const counting = clientOf(counter);
const tool = createTool({
  platforms: platform, keys: [key], secret, origin, store: redisStore((command) => client.call(...command)),
  async onLaunch({ claims }) {
    await counting.incr(`taken:${claims.nonce}`);
    return new Response('taken');
  },
});
const { port: own } = await serve({ handler: tool.fetch });
process.on('message', () => process.send(process.cpuUsage()));
process.send({ port: own });
