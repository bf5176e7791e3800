// Serves functions from Request to Response over HTTP: the demo page's files, and the emulator.
import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { serveHandler } from '../pkg/emulator/serve.js';
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
export const serve = serveHandler;

/**
 * The headers that a host should serve the page with. connect-src names no host, as a page's policy cannot follow what somebody
 * enters; nothing is sent without a press. It lists no [::1], which the syntax of policies has no room for.
 */
export const PAGE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self' https: http://localhost:* http://127.0.0.1:*; worker-src 'self'; form-action 'none'; base-uri 'none'; " +
    "frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The demo page, built by npm run build:www, under any path. */
export function serveDemo({ port = 0, path = '/' } = {}) {
  return serve({ port, handler: files({ [path]: join(root, 'target', 'www') }, PAGE_HEADERS) });
}

/** The Canvas emulator as a server: what serve() resolves to, and the emulator itself. */
export async function serveEmulator({ port = 0, cors = false, options = {} } = {}) {
  const { createEmulator } = await import('../pkg/emulator.js');
  const emulator = createEmulator(options);
  const server = await serve({ port, cors, handler: (request) => emulator.fetch(request) });
  return { ...server, emulator };
}

/**
 * The demo page at a port, the emulator at the next one. Resolves to {demo, emulator, lines}: what to tell of where they are,
 * and of ports that were not free.
 */
export async function serveAll(port) {
  const demo = await serveDemo({ port });
  // The page may be here before the emulator is.
  const emulator = await serveEmulator({ port: port + 1, cors: true }).catch(() => undefined);
  const taken = [['demo', port, demo], ['emulator', port + 1, emulator]]
    .filter(([, wanted, server]) => server && server.port !== wanted)
    .map(([name, wanted, server]) => `Port ${wanted} is not free: the ${name} took ${server.port}.`);
  const places = [`The demo is at       ${demo.url}/`, ...emulator ? [`The Canvas emulator  ${emulator.url}/`] : []];
  return { demo, emulator, lines: [...taken, ...places] };
}

/** A handler that answers with files: {prefix of the path: folder}. */
export function files(folders, more = {}) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return text(405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
    const path = decoded(new URL(url).pathname);
    const prefix = prefixes.find((start) => path?.startsWith(start));
    const found = prefix && await locate(resolve(folders[prefix]), path.slice(prefix.length));
    if (!found) return text(404, 'not found');
    const headers = { 'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream', 'Cache-Control': 'no-store', ...more };
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
