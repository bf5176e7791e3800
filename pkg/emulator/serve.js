// Serves an emulator over HTTP or HTTPS in Node: what turns Node's requests into those of the Fetch standard, and answers back.

import { checkNames, OPTIONS } from './known.js';
import { stateAnswer } from './state.js';

/**
 * Serves an emulator on this machine. Where the port is taken, a free one is used. Resolves to { url, port, close() }.
 */
export async function serve(emulator, options = {}) {
  checkNames(options, OPTIONS.serve, 'options');
  const { port = 0, host = '127.0.0.1', cors = false, state = false, tls } = options;
  if (typeof emulator?.fetch !== 'function') throw new TypeError('serve() takes an emulator, of createEmulator()');
  return serveHandler({
    handler: async (request) => (state && (await stateAnswer(emulator, request))) || emulator.fetch(request), port, host, cors, tls,
  });
}

/** Serves a function from Request to Response, over TLS where `tls` has a key and a certificate. */
export async function serveHandler({ handler, port = 0, host = '127.0.0.1', cors = false, tls }) {
  // By a name that bundlers do not follow: what is bundled for a page has no server.
  const [http, events] = [tls ? 'node:https' : 'node:http', 'node:events'];
  const { createServer } = await import(/* @vite-ignore */ /* webpackIgnore: true */ http);
  const { once } = await import(/* @vite-ignore */ /* webpackIgnore: true */ events);
  const server = createServer(tls ?? {}, listener(handler, cors));
  const listen = (wanted) => once(server.listen(wanted, host), 'listening');
  await listen(port).catch((error) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    return listen(0);
  });
  const chosen = server.address().port;
  const close = () => new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  return { url: `${tls ? 'https' : 'http'}://localhost:${chosen}`, port: chosen, close };
}

/**
 * A listener for node:http made of a function from Request to Response. An error whose `dropConnection` is true closes the
 * connection without an answer; any other one is a 500.
 */
function listener(handler, cors) {
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    try {
      const request = await toRequest(incoming, gone.signal).catch(() => undefined);
      if (cors) allowEveryOrigin(outgoing, request);
      const preflight = cors && request && isPreflight(request);
      if (!request) await answer(outgoing, new Response('this request cannot be understood', { status: 400 }));
      else await answer(outgoing, preflight ? new Response(null, { status: 204 }) : await handler(request));
    } catch (error) {
      // Nobody is there to be answered once the connection is closed.
      if (gone.signal.aborted) return;
      if (!error?.dropConnection) console.error(error);
      if (error?.dropConnection || outgoing.headersSent) incoming.socket.destroy();
      else await answer(outgoing, new Response('internal server error', { status: 500 }));
    }
  };
}

async function toRequest(incoming, signal) {
  const { method, url, rawHeaders } = incoming;
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  // Joined as text: resolved as a reference, a path of "//host/" would replace the host.
  const scheme = incoming.socket.encrypted ? 'https' : 'http';
  const base = url.startsWith('/') ? `${scheme}://${incoming.headers.host ?? 'localhost'}` : '';
  const hasBody = method !== 'GET' && method !== 'HEAD' && chunks.length > 0;
  const body = hasBody ? new Blob(chunks) : undefined;
  return new Request(new URL(base + url), { method, headers, body, redirect: 'manual', signal });
}

async function answer(outgoing, response) {
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.statusCode = response.status;
  if (response.statusText) outgoing.statusMessage = response.statusText;
  outgoing.setHeaders(response.headers);
  outgoing.end(body);
}

const isPreflight = ({ method, headers }) => method === 'OPTIONS' && headers.has('access-control-request-method');

function allowEveryOrigin(outgoing, request) {
  outgoing.setHeader('Access-Control-Allow-Origin', '*');
  // By name, as "*" does not count for requests with credentials.
  const readable = ['Date', 'Link', 'Location', 'Retry-After', 'WWW-Authenticate', 'X-Request-Context-Id'];
  outgoing.setHeader('Access-Control-Expose-Headers', ['*', ...readable].join(', '));
  if (!request || !isPreflight(request)) return;
  outgoing.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
  // "*" would not cover Authorization.
  outgoing.setHeader('Access-Control-Allow-Headers', request.headers.get('access-control-request-headers') ?? '*');
  outgoing.setHeader('Access-Control-Max-Age', '600');
}
