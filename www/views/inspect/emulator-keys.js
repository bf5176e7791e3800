// The built-in emulator's keys for a token, by what the token is; the emulator is loaded when it is first asked for.

const publicPart = ({ kty, n, e, kid, alg, use }) => ({ kty, n, e, kid, alg, use });
const set = (keys) => ({ keys: keys.map(publicPart) });

/** @param purpose 'key' or 'decryptionKey' */
export async function emulatorKeys(report, purpose) {
  const { EMULATED, emulator } = await import('../../package/emulator.js');
  const { secrets } = emulator;
  const { kind, header } = report ?? {};
  const keys = await emulator.keys();
  if (purpose === 'decryptionKey') {
    return kind === 'inst-access-token' ? keys.instAccess.encryption : { secret: secrets.servicesEncryption };
  }
  if (kind === 'inst-access-token') return publicPart(keys.instAccess.signature);
  if (kind === 'canvas-jwt') return header?.alg === 'HS256' ? { secret: secrets.servicesSigning } : set(Object.values(keys.services));
  if (kind?.startsWith('lti2') || /^HS/.test(header?.alg ?? '')) return { secret: secretOf(emulator, report) };
  return (await emulator.fetch(`${EMULATED}/api/lti/security/jwks`)).json();
}

/** The secret of the developer key or tool proxy that the token names; for an access token, Canvas's own. */
function secretOf({ records, secrets }, { kind, claims }) {
  if (kind === 'lti2-access-token') return secrets.encryptionKey;
  const sub = String(claims?.sub);
  return (records.toolProxies.get(sub) ?? records.developerKeys.get(sub) ?? [...records.toolProxies.values()][0]).secret;
}
