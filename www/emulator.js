// The emulator in this page, one for all sections, and what only it can tell: its reasons and its keys.
import { createEmulator } from './package.js';

export const emulator = createEmulator();

/** Where it is reached; it answers for every host. */
export const EMULATED = 'https://school.example';

const publicPart = ({ kty, n, e, kid, alg, use }) => ({ kty, n, e, kid, alg, use });
const secret = (text) => ({ kind: 'secret', text });
const jwk = (key) => ({ kind: 'jwk', text: JSON.stringify(key) });

/** What opens and verifies a token of /api/v1/jwts: by its workflows it is signed with a secret or with RSA. */
export async function keysOfCanvasJwt() {
  const { services } = await emulator.keys();
  const { servicesSigning, servicesEncryption } = emulator.secrets;
  const shared = { kty: 'oct', k: btoa(servicesSigning).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') };
  const keys = [shared, ...Object.values(services).map(publicPart)];
  return { key: jwk({ keys }), decryptionKey: secret(servicesEncryption) };
}

/** What Instructure's API gateway has. */
export async function keysOfInstAccess() {
  const { instAccess } = await emulator.keys();
  return { key: jwk(publicPart(instAccess.signature)), decryptionKey: jwk(instAccess.encryption) };
}
