// Serves functions from Request to Response over HTTP: the demo page's files, and the emulator.
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { root } from './setup/shell.mjs';

const TYPES = {
  '.cjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/plain; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pem': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ts': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Serves a handler on this machine only. Where the port is taken, a free one is used instead.
 * Resolves to {url (no slash at the end), port, close()}.
 */
export async function serve({ handler, port = 0, cors = false }) {
  const server = createServer(toNodeHandler(handler, { cors }));
  await listen(server, port).catch((error) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    return listen(server, 0);
  });
  const chosen = server.address().port;
  return {
    url: `http://localhost:${chosen}`,
    port: chosen,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

function listen(server, port) {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      done();
    });
  });
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
  return async (request) => {
    if (!['GET', 'HEAD'].includes(request.method)) return text(405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
    const path = decoded(new URL(request.url).pathname);
    const prefix = path !== undefined && prefixes.find((start) => path.startsWith(start));
    const found = prefix && await locate(resolve(folders[prefix]), path.slice(prefix.length));
    if (!found) return text(404, 'not found');
    return new Response(request.method === 'HEAD' ? null : await readFile(found), {
      headers: { 'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream', 'Cache-Control': 'no-store' },
    });
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

async function locate(folder, path) {
  const file = resolve(folder, `.${sep}${path}`);
  // An encoded ".." must not lead out of the folder.
  if (file !== folder && !file.startsWith(folder + sep)) return undefined;
  const found = path === '' || path.endsWith('/') ? join(file, 'index.html') : file;
  return (await stat(found).catch(() => undefined))?.isFile() ? found : undefined;
}

const text = (status, body, headers = {}) =>
  new Response(body, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers } });

/**
 * Makes a listener for node:http of a function from Request to Response. An error whose
 * `dropConnection` is true closes the connection without an answer; any other one is a 500.
 * With `cors`, pages of every origin may call it (real Canvas allows none).
 */
export function toNodeHandler(handler, { cors = false } = {}) {
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const request = await toRequest(incoming, gone.signal).catch(() => undefined);
    try {
      let response;
      if (!request) response = text(400, 'this request cannot be understood');
      else if (cors && isPreflight(request)) response = new Response(null, { status: 204 });
      else response = await handler(request);
      if (cors) allowEveryOrigin(outgoing, request);
      await answer(outgoing, response);
    } catch (error) {
      // Nobody is there to be answered once the connection is closed.
      if (gone.signal.aborted) return;
      if (error?.dropConnection === true) return void incoming.socket.destroy();
      console.error(error);
      if (outgoing.headersSent) return void incoming.socket.destroy();
      await answer(outgoing, text(500, 'internal server error'));
    }
  };
}

async function toRequest(incoming, signal) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  }
  // Joined as text: resolved as a reference, a path of "//host/" would replace the host.
  const base = incoming.url.startsWith('/') ? `http://${incoming.headers.host ?? 'localhost'}` : '';
  const url = new URL(base + incoming.url);
  const hasBody = !['GET', 'HEAD'].includes(incoming.method) && chunks.length > 0;
  return new Request(url, {
    method: incoming.method, headers, body: hasBody ? Buffer.concat(chunks) : undefined, redirect: 'manual', signal,
  });
}

async function answer(outgoing, response) {
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer());
  outgoing.statusCode = response.status;
  if (response.statusText) outgoing.statusMessage = response.statusText;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  // Headers joins equal names with commas, which would break cookies.
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  outgoing.end(body);
}

const isPreflight = (request) =>
  request.method === 'OPTIONS' && request.headers.has('access-control-request-method');

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
