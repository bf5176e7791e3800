// In a process of its own: which requests a tool makes of the platform for so many launches, each with a call. Prints JSON.
import { createTool, memoryStore } from 'canvas-lms-tokens/tool';
import { each, makePlatform } from '../../tests/js/tool/platform.mjs';
import { inProcess, launch } from './browser.mjs';
import { settingsOf } from './settings.mjs';

const total = Number(process.argv[2]);
const platform = await makePlatform();
const asked = { jwks: 0, token: 0, call: 0 };
async function fetch(input) {
  const url = String(input.url ?? input);
  if (url === platform.platform.jwksUri) {
    asked.jwks += 1;
    return Response.json(platform.jwks, { headers: { 'cache-control': 'max-age=864000' } });
  }
  if (url === platform.platform.tokenEndpoint) {
    asked.token += 1;
    return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600, scope: '' });
  }
  asked.call += 1;
  return Response.json([]);
}
// Four machines, and the store that they share.
const store = memoryStore();
const { platform: platforms, key, secret } = settingsOf(platform);
const machines = Array.from({ length: 4 }, () => inProcess(createTool({
  platforms, keys: [key], secret, store, origin: 'https://tool.example', fetch: (...given) => fetch(...given),
  async onLaunch({ lineItems }, { services }) {
    for await (const item of services.lineItems(lineItems.url)) console.error(item);
    return new Response('taken');
  },
})));
await each(Array.from({ length: total }), 16, async (_, index) => launch(machines[index % machines.length], await platform.ready()));
console.log(JSON.stringify(asked));
