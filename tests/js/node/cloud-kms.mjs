// Google Cloud KMS as its reference describes cryptoKeyVersions.asymmetricSign, and the tokens of the metadata server, over fetch:
// what is not asked as it must be is refused, what is signed is signed by the openssl command with a key of this machine.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TOKEN = 'ya29.a-token-of-the-metadata-server';
const SIGN = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+\/cryptoKeyVersions\/[1-9]\d*):asymmetricSign$/;
const SIZES = { sha256: 32, sha384: 48, sha512: 64 };
const ALGORITHMS = {
  RSA_SIGN_PKCS1_2048_SHA256: ['sha256', 'rsa', { modulusLength: 2048 }, ['-pkeyopt', 'rsa_padding_mode:pkcs1']],
  EC_SIGN_P256_SHA256: ['sha256', 'ec', { namedCurve: 'P-256' }, []],
  EC_SIGN_P384_SHA384: ['sha384', 'ec', { namedCurve: 'P-384' }, []],
};
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const refusal = (code, status, message) => Response.json({ error: { code, message, status } }, { status: code });
const invalid = (message) => refusal(400, 'INVALID_ARGUMENT', message);

/** `fetch` for its two hosts, the public keys of its versions by name, and what it was asked. */
export function cloudKms(versions) {
  const asked = [];
  const held = Object.fromEntries(Object.entries(versions).map(([name, algorithm]) => {
    const [digest, type, options, signing] = ALGORITHMS[algorithm];
    return [name, { digest, signing, ...generateKeyPairSync(type, options) }];
  }));

  async function fetch(url, init) {
    const request = new Request(url, init);
    const { hostname, protocol, pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${request.url}`);
    if (hostname === 'metadata.google.internal') {
      if (request.headers.get('metadata-flavor') !== 'Google') return new Response('Missing Metadata-Flavor:Google header.', { status: 403 });
      if (pathname !== '/computeMetadata/v1/instance/service-accounts/default/token') return new Response('', { status: 404 });
      return Response.json({ access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' });
    }
    const [, name] = SIGN.exec(pathname) ?? [];
    if (hostname !== 'cloudkms.googleapis.com' || protocol !== 'https:' || search !== '' || request.method !== 'POST' || !name) {
      return refusal(404, 'NOT_FOUND', 'Not found.');
    }
    if (request.headers.get('authorization') !== `Bearer ${TOKEN}`) return refusal(401, 'UNAUTHENTICATED', 'Expected OAuth 2 access token.');
    if (request.headers.get('content-type') !== 'application/json') return invalid('Content-Type');
    const body = await request.json().catch(() => null);
    const version = held[name];
    if (!version) return refusal(404, 'NOT_FOUND', `CryptoKeyVersion ${name} not found.`);
    return signed(name, version, body);
  }
  return { fetch, asked, publicKey: (name) => held[name].publicKey };
}

function signed(name, { digest, signing, privateKey }, body) {
  const members = body && typeof body === 'object' ? Object.keys(body) : [];
  if (members.join() !== 'digest') return invalid('expected digest alone of digest and data, and no unknown name.');
  const given = Object.entries(body.digest ?? {});
  if (given.length !== 1 || !(given[0][0] in SIZES)) return invalid('expected one of sha256, sha384, sha512.');
  const [[kind, text]] = given;
  if (typeof text !== 'string' || !base64.test(text)) return invalid(`Base64 decoding failed for digest.${kind}.`);
  const bytes = Buffer.from(text, 'base64');
  if (kind !== digest || bytes.length !== SIZES[kind]) return invalid(`Digest type ${kind} does not match the key's algorithm.`);
  return Response.json({ name, protectionLevel: 'HSM', signature: withOpenssl(privateKey, digest, signing, bytes).toString('base64') });
}

/** Signs a digest: PKCS #1 v1.5 with RSA, DER with an elliptic curve. */
function withOpenssl(privateKey, digest, signing, bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-kms-'));
  try {
    const file = join(folder, 'key.pem');
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const args = ['pkeyutl', '-sign', '-inkey', file, '-pkeyopt', `digest:${digest}`, ...signing];
    const { status, stdout, stderr } = spawnSync('openssl', args, { input: bytes });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
