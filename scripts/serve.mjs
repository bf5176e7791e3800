// Serves functions from Request to Response over HTTP: the demo page's files, and the emulator.
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { root } from './setup/shell.mjs';

const SCRIPT = 'text/javascript; charset=utf-8';
const TYPES = {
  '.cjs': SCRIPT, '.js': SCRIPT, '.mjs': SCRIPT, '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};

/**
 * Serves a handler on this machine only. Where the port is taken, a free one is used instead. With `cors`, pages of every
 * origin may call it (real Canvas allows none). Resolves to {url (no slash at the end), port, close()}.
 */
export async function serve({ handler, port = 0, cors = false }) {
  const server = createServer(listener(handler, cors));
  const listen = (wanted) => once(server.listen(wanted, '127.0.0.1'), 'listening');
  await listen(port).catch((error) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    return listen(0);
  });
  const chosen = server.address().port;
  const close = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return { url: `http://localhost:${chosen}`, port: chosen, close };
}

/** The demo page: www/ at the top, the package under /pkg/. */
export function serveDemo({ port = 0 } = {}) {
  return serve({ port, handler: files({ '/': join(root, 'www'), '/pkg/': join(root, 'pkg') }) });
}

/** The Canvas emulator as a server: what serve() resolves to, and the emulator itself. */
export async function serveEmulator({ port = 0, cors = false, options = {} } = {}) {
  const { createEmulator } = await import('../pkg/emulator.js');
  const emulator = createEmulator(options);
  const server = await serve({ port, cors, handler: (request) => emulator.fetch(request) });
  return { ...server, emulator };
}

/** A handler that answers with files: {prefix of the path: folder}. */
export function files(folders) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return text(405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
    const path = decoded(new URL(url).pathname);
    const prefix = prefixes.find((start) => path?.startsWith(start));
    const found = prefix && await locate(resolve(folders[prefix]), path.slice(prefix.length));
    if (!found) return text(404, 'not found');
    const headers = { 'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream', 'Cache-Control': 'no-store' };
    return new Response(method === 'HEAD' ? null : await readFile(found), { headers });
  };
}

function decoded(path) {
  try {
    const plain = decodeURIComponent(path);
    return plain.includes('\0') ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** The file of a path in a folder; undefined where there is none, or an encoded ".." leads out of the folder. */
async function locate(folder, path) {
  const file = resolve(folder, `.${sep}${path}`);
  if (file !== folder && !file.startsWith(folder + sep)) return undefined;
  const found = path === '' || path.endsWith('/') ? join(file, 'index.html') : file;
  return (await stat(found).catch(() => undefined))?.isFile() ? found : undefined;
}

const text = (status, body, headers = {}) =>
  new Response(body, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers } });

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
      if (!request) await answer(outgoing, text(400, 'this request cannot be understood'));
      else await answer(outgoing, preflight ? new Response(null, { status: 204 }) : await handler(request));
    } catch (error) {
      // Nobody is there to be answered once the connection is closed.
      if (gone.signal.aborted) return;
      if (!error?.dropConnection) console.error(error);
      if (error?.dropConnection || outgoing.headersSent) incoming.socket.destroy();
      else await answer(outgoing, text(500, 'internal server error'));
    }
  };
}

async function toRequest(incoming, signal) {
  const { method, url, rawHeaders } = incoming;
  const body = await buffer(incoming);
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  // Joined as text: resolved as a reference, a path of "//host/" would replace the host.
  const base = url.startsWith('/') ? `http://${incoming.headers.host ?? 'localhost'}` : '';
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
  return new Request(new URL(base + url), { method, headers, body: hasBody ? body : undefined, redirect: 'manual', signal });
}

async function answer(outgoing, response) {
  const body = Buffer.from(await response.arrayBuffer());
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
