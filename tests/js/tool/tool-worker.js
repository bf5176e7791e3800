// A tool as a Worker for tests: its launches are in Durable Objects, and it tells another place of each that it has taken.
import { TokensDurableObject, createTool, durableObjectStore } from 'canvas-lms-tokens/tool';

export { TokensDurableObject };

let tool;
export default {
  fetch(request, env) {
    tool ??= createTool({
      platforms: JSON.parse(env.PLATFORM), keys: [JSON.parse(env.KEY)], secret: env.SECRET, origin: env.ORIGIN,
      store: durableObjectStore(env.TokensDurableObject),
      async onLaunch({ claims }) {
        await fetch(`${env.COUNTER}/${claims.nonce}`);
        return new Response('taken');
      },
    });
    return tool.fetch(request);
  },
};
