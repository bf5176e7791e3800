// A Worker for tests: its Durable Objects' store, called by HTTP, and a tool that uses it.
import { durableObjectStore } from 'canvas-lms-tokens/tool';

export { TokensDurableObject } from 'canvas-lms-tokens/tool';

export default {
  async fetch(request, env) {
    const store = durableObjectStore(env.TokensDurableObject, { shards: 4 });
    const { method, given } = await request.json();
    try {
      return Response.json({ result: (await store[method](...given)) ?? null });
    } catch (error) {
      return Response.json({ error: String(error) });
    }
  },
};
