// Node has no server for fetch handlers of its own; Deno, Bun and Workers take tool.js as it is.
import { serve } from 'srvx';
import tool from './tool.js';

const server = serve({ fetch: tool.fetch, port: process.env.PORT ?? 3000 });
await server.ready();
console.log(`The tool listens at ${server.url}`);
