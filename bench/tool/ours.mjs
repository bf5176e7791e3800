// A tool of createTool, as a fetch handler.
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';

export async function make({ platform, key, secret, fetch, store = memoryStore() }) {
  const tool = createTool({
    platforms: platform, keys: [key], secret, origin: 'https://tool.example', store, ...(fetch && { fetch }),
    async onLaunch(launch, { startSession }) {
      await startSession();
      return new Response('taken');
    },
  });
  return tool;
}
