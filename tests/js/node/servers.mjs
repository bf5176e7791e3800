// Servers on this machine that record what reaches them, and fetches that answer from a list.
import { createServer } from 'node:http';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { AUD, GUID } from './copies.mjs';

export const REG_KEY = '9359e0cd-6a69-4ca9-91b6-162cf0711a5b';
export const GRANTED = '{"access_token":"opaque","token_type":"bearer","expires_in":"3600"}';
export const THROTTLED = '403 Forbidden (Rate Limit Exceeded)\n';

/** What the emulator's tool proxy sends. */
export const proxyRequest = (changes = {}) => ({ url: AUD, sub: GUID, secret: 'secret', ...changes });

/** An emulator in this process, with what was sent to it as forms. */
export function emulate(options = {}) {
  const emulator = createEmulator({ throttle: false, ...options });
  const forms = () => [...emulator.requests].map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  return { ...emulator, forms, reason: () => emulator.refusals.at(-1)?.reason };
}

/** A server whose handler gets node's (outgoing, incoming); `requests` is what arrived. */
export async function listen(t, handler) {
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    requests.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
    handler(outgoing, incoming);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  const close = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  t.after(close);
  return { url: `http://127.0.0.1:${port}`, port, requests, close };
}

/** A fetch that takes its answers from a list, the last one again and again; an Error is rejected with. */
export function answers(...list) {
  const calls = [];
  async function fetch(url, init) {
    calls.push({ url, init, form: Object.fromEntries(new URLSearchParams(init.body)) });
    const next = list[Math.min(calls.length, list.length) - 1];
    const answer = typeof next === 'function' ? await next(url, init) : next;
    if (answer instanceof Error) throw answer;
    return new Response(answer.body ?? null, answer);
  }
  return Object.assign(fetch, { calls });
}

/** An answer for such a list. */
export const answer = (status, body = '', headers = {}) => ({ status, headers, body: status === 204 ? null : body });
