// The same with npm's @lti-tool/core, which its caller has loaded, and the storage that its documentation asks for.
import { Storage } from '../../tests/js/lti13-interop/lti-tool-storage.mjs';

export async function make({ LTITool, platform, deployment, secret }) {
  const storage = new Storage();
  const pair = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const keyPair = await crypto.subtle.generateKey(pair, true, ['sign', 'verify']);
  const library = new LTITool({ stateSecret: new TextEncoder().encode(secret), keyPair, storage });
  const client = await library.addClient({
    name: 'Canvas', iss: platform.issuer, clientId: platform.clientId, authUrl: platform.authorizationEndpoint,
    tokenUrl: platform.tokenEndpoint, jwksUrl: platform.jwksUri,
  });
  await library.addDeployment(client, { deploymentId: deployment });
  return {
    async fetch(request) {
      const form = Object.fromEntries(new URLSearchParams(await request.text()));
      if (new URL(request.url).pathname === '/lti/login') {
        const location = await library.handleLogin({ ...form, launchUrl: 'https://tool.example/lti/launch' });
        return new Response(null, { status: 302, headers: { location } });
      }
      await library.createSession(await library.verifyLaunch(form.id_token, form.state));
      return new Response('taken');
    },
  };
}
