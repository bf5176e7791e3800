// The emulator in this page, one for all sections, and what only it can tell: its reasons and its keys.
import { EMULATED, emulator } from '../package/emulator.js';
import { inspect } from './package.js';

export { EMULATED, emulator };

const publicPart = ({ kty, n, e, kid, alg, use }) => ({ kty, n, e, kid, alg, use });
const secret = (text) => ({ kind: 'secret', text });
const jwk = (key) => ({ kind: 'jwk', text: JSON.stringify(key) });

/** What opens and verifies a token of /api/v1/jwts: by its workflows it is signed with a secret or with RSA. */
export async function keysOfCanvasJwt(token) {
  const { servicesSigning, servicesEncryption } = emulator.secrets;
  const decryptionKey = secret(servicesEncryption);
  const { header } = await inspect(token, { decryptionKey: { secret: servicesEncryption } });
  if (header.alg === 'HS256') return { key: secret(servicesSigning), decryptionKey };
  const { services } = await emulator.keys();
  return { key: jwk({ keys: Object.values(services).map(publicPart) }), decryptionKey };
}

/** What Instructure's API gateway has. */
export async function keysOfInstAccess() {
  const { instAccess } = await emulator.keys();
  return { key: jwk(publicPart(instAccess.signature)), decryptionKey: jwk(instAccess.encryption) };
}
