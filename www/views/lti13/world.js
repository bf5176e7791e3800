// Browser, tool and Canvas in this page, and every request between them.
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { core } from '../../package/core.js';
import { madeKey } from '../../package/made-keys.js';
import { masked, maskText, recorder } from '../../package/wire.js';
import { CLIENT_ID, createTool } from './tool.js';

export const SCHOOL = 'https://school.example';

/**
 * Resolves to {arrows, emulator, tool, platform, key, browse}: `arrows` grows with every request, {from, to, kind, chapter (that it begins), request,
 * answer, error, …}; `changed` is told of each.
 */
export async function createWorld(changed) {
  const arrows = [];
  const { canvasPlatform } = await core();
  const { privateKey: key } = await madeKey('RS256');
  const platform = canvasPlatform({ clientId: CLIENT_ID, baseUrl: SCHOOL });
  const jar = { tool: '', canvas: '' };
  let cookie = '';
  const between = (from, to, own) => recorder(own, changed, { exchanges: arrows, about: { from, to } }).fetch;

  const askTool = async (request) => {
    const { status, headers, body } = await tool.handle({ method: request.method, url: request.url, body: await request.text(), cookie: '' });
    return new Response(body, { status, headers });
  };
  const emulator = createEmulator({ baseUrl: SCHOOL, cookies: () => cookie, fetch: between('canvas', 'tool', askTool) });
  const tool = createTool({ platform, key, fetch: between('tool', 'canvas', (request) => emulator.fetch(request)) });

  /** The browser's own: with its cookies, which go to whom they are from, and without following redirects. */
  async function browse(to, kind, { method = 'GET', url, form, chapter }) {
    const body = form ? String(new URLSearchParams(form)) : '';
    const headers = {
      accept: 'text/html', ...(form && { 'content-type': 'application/x-www-form-urlencoded' }), ...(jar[to] && { cookie: jar[to] }),
    };
    const arrow = { from: 'browser', to, kind, chapter, sent: { method, url, headers, body }, request: { method, url: maskText(url), ...masked({ headers, body }) } };
    arrows.push(arrow);
    changed();
    const answer = to === 'tool' ? await tool.handle({ method, url, body, cookie: jar.tool }) : await askCanvas({ method, url, body });
    if (answer.cookie) jar[to] = answer.cookie.split(';')[0];
    arrow.answer = { status: answer.status, ...masked({ headers: { ...answer.headers, ...(answer.cookie && { 'set-cookie': answer.cookie }) }, body: answer.body }) };
    arrow.isRefused = answer.status >= 400;
    changed();
    return { ...answer, arrow };
  }

  async function askCanvas({ method, url, body }) {
    cookie = jar.canvas;
    const asked = emulator.fetch(url, {
      method, redirect: 'manual', headers: { accept: 'text/html', ...(body && { 'content-type': 'application/x-www-form-urlencoded' }) }, ...(body && { body }),
    });
    // The tool's own requests have no cookies.
    cookie = '';
    const answer = await asked;
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  }

  return { arrows, emulator, tool, platform, key, jar, browse };
}

/** What a page of Canvas's posts by itself, and where to: {url, form}; undefined for a page without a form. */
export function formOf(html) {
  const form = new DOMParser().parseFromString(html, 'text/html').querySelector('form');
  if (!form) return undefined;
  return { url: form.getAttribute('action'), form: Object.fromEntries([...form.querySelectorAll('input')].map(({ name, value }) => [name, value])) };
}
