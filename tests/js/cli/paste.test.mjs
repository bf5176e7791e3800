// The command line takes what a token was copied with, and compares a launch with its platform.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { canvasPlatform, encryptJwe, generateKey, signJwtSync } from 'canvas-lms-tokens';

const program = fileURLToPath(new URL('../../../pkg/bin/canvas-lms-tokens.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cli-paste-'));
after(() => rmSync(folder, { recursive: true }));
const secret = 'a secret of thirty-two bytes, or more';
const token = signJwtSync({ iss: 'me', sub: '1' }, { secret });

const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const secretFile = file('secret', secret);
const run = (args, input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
};

const PASTES = {
  'a URL': [`https://tool.test/?id_token=${token}`, /parameter id_token of a URL/],
  'a form': [`state=x&id_token=${token}`, /parameter id_token of a form/],
  'a curl command': [`curl https://tool.test -H 'Authorization: Bearer ${token}'`, /field Authorization of a curl command/],
  headers: [`Host: tool.test\nAuthorization: Bearer ${token}\n`, /field Authorization of headers/],
  JSON: [JSON.stringify({ data: { access_token: token } }), /member data.access_token of a JSON text/],
};
for (const [what, [text, where]] of Object.entries(PASTES)) {
  test(`${what}: decode, inspect and verify find the token, and say where`, () => {
    for (const args of [['decode'], ['inspect', '--secret-file', secretFile], ['verify', '--secret-file', secretFile]]) {
      const { status, stdout, stderr } = run(args, text);
      assert.deepEqual([status, stderr], [0, ''], args[0]);
      assert.match(stdout, where, args[0]);
      assert.match(stdout, /"iss": "me"/, args[0]);
    }
    assert.equal(JSON.parse(run(['inspect', '--json'], text).stdout).found.token, token);
    assert.equal(JSON.parse(run(['decode', '--json'], text).stdout).claims.iss, 'me');
  });
}

test('decrypt finds the token, and prints what was in it alone', async () => {
  const { privateKey, publicKey } = await generateKey('RSA-OAEP');
  const jwe = await encryptJwe('a text', publicKey, { alg: 'RSA-OAEP', enc: 'A128GCM' });
  const { status, stdout } = run(['decrypt', '--jwk', file('own.json', privateKey)], JSON.stringify({ token: jwe }));
  assert.deepEqual([status, stdout], [0, 'a text']);
});

test('other tokens are told, and a text without one is refused', () => {
  const state = signJwtSync({ iss: 'other' }, { secret });
  assert.match(run(['inspect'], `id_token=${token}&state=${state}`).stdout, /^Another token is there: state \(jwt\)$/m);
  for (const command of [['decode'], ['verify', '--secret-file', secretFile]]) {
    const { status, stdout, stderr } = run(command, 'https://canvas.test/login?id=5');
    assert.deepEqual([status, stdout], [1, ''], command[0]);
    assert.match(stderr, /^canvas-lms-tokens: This is a URL without a token in it\. Paste /);
  }
  assert.equal(run(['inspect'], 'https://canvas.test/login?id=5').status, 1);
});

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
const platform = canvasPlatform({ clientId: 10000000000042n });
const now = 1_700_000_000;
const launch = (changes = {}) => signJwtSync({
  iss: platform.issuer, aud: platform.clientId, sub: 'user-1', nonce: 'n-1', iat: now, exp: now + 3600,
  [`${CLAIM}message_type`]: 'LtiResourceLinkRequest', [`${CLAIM}version`]: '1.3.0', [`${CLAIM}deployment_id`]: '1:abc',
  [`${CLAIM}target_link_uri`]: 'https://tool.test/', [`${CLAIM}resource_link`]: { id: 'r' }, [`${CLAIM}roles`]: [], ...changes,
}, { secret }, { kid: 'k' });
const failed = (args, text) => {
  const { status, stdout, stderr } = run(['inspect', '--json', '--now', String(now), ...args], text);
  assert.equal(stderr, '', args.join(' '));
  const faults = JSON.parse(stdout).checks.filter(({ outcome, id }) => outcome === 'fail' && id !== 'alg').map(({ id, at }) => `${id} ${at.replace(CLAIM, '')}`);
  return [status, ...faults];
};

test('a launch is compared with its platform, its deployments and the nonce of its login', () => {
  const of = (...more) => ['--platform', 'production', '--client-id', '10000000000042', ...more];
  const form = `id_token=${launch()}`;
  // Launches are signed with RS256, which this is not: what matters here is what is compared besides.
  assert.deepEqual(failed(of('--nonce', 'n-1', '--deployment', '2:x', '--deployment', '1:abc'), form), [1]);
  assert.deepEqual(failed(of('--nonce', 'n-2'), form), [1, 'nonce claims.nonce']);
  assert.deepEqual(failed(of('--deployment', '2:x'), form), [1, 'lti-deployment claims.deployment_id']);
  assert.deepEqual(failed(['--platform', 'beta', '--client-id', '10000000000042'], form), [1, 'iss claims.iss']);
  assert.deepEqual(failed(['--platform', 'production', '--client-id', '10000000000043'], form), [1, 'aud claims.aud']);
  assert.deepEqual(failed(['--platform', 'https://canvas.test', '--issuer', platform.issuer, '--client-id', '10000000000042'], form), [1]);
  assert.deepEqual(failed(['--platform', file('platform.json', platform), '--nonce', 'n-1'], form), [1]);
  assert.deepEqual(failed(of('--clock-tolerance', '10'), `id_token=${launch({ iat: now + 5 })}`), [1]);
  assert.deepEqual(failed(of(), `id_token=${launch({ iat: now + 5 })}`), [1, 'iat-future claims.iat']);
});

test('2 for a platform that cannot be meant', () => {
  for (const args of [
    ['--client-id', '1'], ['--issuer', 'x'], ['--deployment', '1'], ['--platform', 'production'], ['--platform', 'nothing', '--client-id', '1'],
    ['--platform', 'https://canvas.test'], ['--platform', 'beta', '--client-id', '1', '--issuer', 'x'], ['--now', 'today'],
    ['--platform', 'http://canvas.test', '--client-id', '1'], ['--platform', file('no-platform.json', {})],
  ]) {
    const { status, stdout, stderr } = run(['inspect', token, ...args]);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^canvas-lms-tokens: /);
  }
});
