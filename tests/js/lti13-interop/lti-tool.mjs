// A tool made with npm's @lti-tool/core as it comes.
import { build } from 'esbuild';
import { generateKeyPair } from 'jose';
import { serve } from '../../../scripts/serve.mjs';
import { root } from '../../../scripts/setup/shell.mjs';
import { Storage } from './lti-tool-storage.mjs';

/** Its files name each other without their endings, which only bundlers find. */
export async function load() {
  const stdin = { contents: "export { LTITool } from '@lti-tool/core';", resolveDir: root };
  const { outputFiles: [{ text }] } = await build({ stdin, bundle: true, format: 'esm', platform: 'node', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

/** Resolves to {url, jwks, close(), library}, its HTTP being that of pylti1p3_tool.py. */
export async function startLtiTool() {
  const { LTITool } = await load();
  const storage = new Storage();
  const dynamicRegistration = { name: 'Tool', description: 'A tool', loginUri: '', launchUri: '', jwksUri: '' };
  const library = new LTITool({
    stateSecret: crypto.getRandomValues(new Uint8Array(32)), keyPair: await generateKeyPair('RS256'), storage, dynamicRegistration,
  });
  const server = await serve({ handler: (request) => answer(request).catch(({ message }) => json({ error: message }, 400)) });
  const url = server.url.replace('localhost', '127.0.0.1');
  Object.assign(dynamicRegistration, { url, loginUri: `${url}/login`, launchUri: `${url}/launch`, jwksUri: `${url}/jwks` });

  const session = async ({ launch }) => {
    const found = await library.getSession(launch);
    if (!found) throw new Error('no such session');
    return found;
  };
  const paths = {
    '/jwks': async () => json(await library.getJWKS()),
    '/platform': async (platform) => {
      const client = await library.addClient({
        name: 'Canvas', iss: platform.issuer, clientId: platform.clientId, authUrl: platform.authorizationEndpoint,
        tokenUrl: platform.tokenEndpoint, jwksUrl: platform.jwksUri,
      });
      for (const deploymentId of platform.deployments) await library.addDeployment(client, { deploymentId });
      return json({});
    },
    '/login': async (form) => redirect(await library.handleLogin({ ...form, launchUrl: `${url}/launch` })),
    '/launch': async ({ id_token, state }) => {
      const claims = await library.verifyLaunch(id_token, state);
      const { id, ...rest } = await library.createSession(claims);
      return json({ launch: id, claims, session: rest });
    },
    // A session knows one line item: the launch's, unless a call names another one.
    '/call': async (body) => {
      const found = await session(body);
      const { services } = found;
      const given = body.lineItem ? { ...found, services: { ...services, ags: { ...services.ags, lineitem: body.lineItem } } } : found;
      return json((await library[body.call](given, ...(body.args ?? []))) ?? null);
    },
    '/deep-link': async (body) => html(await library.createDeepLinkingResponse(await session(body), body.items)),
    '/register': async (form) => html(await library.initiateDynamicRegistration(form, '/register')),
    '/register/complete': async ({ sessionToken }, fields) => html(
      await library.completeDynamicRegistration({ sessionToken, services: fields.getAll('services') }),
    ),
  };
  const answer = async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const handler = paths[pathname];
    if (!handler) return json({ error: 'no such path' }, 404);
    if (request.method === 'GET') return handler(Object.fromEntries(searchParams));
    const isJson = request.headers.get('content-type').startsWith('application/json');
    if (isJson) return handler(await request.json());
    const fields = await request.formData();
    return handler(Object.fromEntries(fields), fields);
  };
  return { url, jwks: await library.getJWKS(), close: server.close, library };
}

const json = (value, status = 200) => Response.json(value, { status });
const html = (text) => new Response(text, { headers: { 'content-type': 'text/html; charset=utf-8' } });
const redirect = (url) => new Response(null, { status: 302, headers: { location: url } });
