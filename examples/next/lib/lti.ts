// What the routes share: the settings, how errors are answered, and which launches were taken.
import { canvasPlatform, isTokenError } from 'canvas-lms-tokens';

/** From the environment; read when a request needs them, as `next build` has no secrets. */
export function settings() {
  const { TOOL_URL, TOOL_KEY, STATE_SECRET: secret, CANVAS_CLIENT_ID: clientId, CANVAS_URL: baseUrl } = process.env;
  if (!TOOL_URL || !TOOL_KEY || !secret || !clientId) throw new Error('settings are missing: README.md says how to make .env');
  return {
    toolUrl: TOOL_URL,
    redirectUri: `${TOOL_URL}/api/lti/launch`,
    platform: canvasPlatform(baseUrl ? { clientId, baseUrl } : { clientId }),
    key: JSON.parse(TOOL_KEY) as JsonWebKey,
    secret,
  };
}

export const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const page = (body: string, status = 200, headers: HeadersInit = {}) =>
  new Response(`<!doctype html>\n<meta charset="utf-8">\n<title>Readings</title>\n${body}\n`, {
    status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
  });

/** An error of the package says what was found and what to change; its report, with every check, is for the log. */
export async function answered(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!isTokenError(error)) throw error;
    console.error(error);
    return page(`<h1>Refused</h1>\n<p>${error.code}: ${escape(error.message)}</p>`, 403);
  }
}

/** So that no launch is taken twice. Several processes need a store that they share, such as Redis. */
const taken = new Map<string, number>();
export function claimNonce(name: string, until: number): boolean {
  for (const [old, end] of taken) if (end < Date.now() / 1000) taken.delete(old);
  return !taken.has(name) && Boolean(taken.set(name, until));
}
