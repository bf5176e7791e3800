// A test authority, made anew for every run, and a certificate of it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** What a server of these names needs, and what its clients trust: {key, cert, ca}, as PEM. */
export function certify(names) {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const pem = (name) => readFileSync(join(folder, name), 'utf8');
  try {
    openssl('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority');
    openssl('req', ...KEY, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', `/CN=${names[0]}`);
    writeFileSync(join(folder, 'extensions'), [
      'basicConstraints=CA:FALSE', 'extendedKeyUsage=serverAuth', `subjectAltName=${names.map((name) => `DNS:${name}`)}`,
    ].join('\n'));
    openssl('x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2',
      '-extfile', 'extensions', '-out', 'cert.pem');
    return { key: pem('key.pem'), cert: pem('cert.pem'), ca: pem('ca.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
