// The command line, run as a user runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encryptJwe, generateKey, signAssertion, signJwt } from 'canvas-lms-tokens';

const program = fileURLToPath(new URL('../../../pkg/bin/canvas-lms-tokens.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cli-'));
after(() => rmSync(folder, { recursive: true }));

const endpoint = 'https://school.test/api/lti/accounts/1/authorize';
const secret = 'a secret of thirty-two bytes, or more';
const assertion = signAssertion({ sub: '123123-ad13-ac233', aud: endpoint }, secret);

function run(args, input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const secretFile = file('secret', `${secret}\n`);

test('0 for a valid token, which tells what was checked', () => {
  const { status, stdout, stderr } = run(['inspect', assertion, '--secret-file', secretFile, '--endpoint', endpoint]);
  assert.equal(stderr, '');
  assert.match(stdout, /^An LTI 2 assertion, valid and its signature verified\n/);
  assert.match(stdout, /✓ signature: the signature is right/);
  assert.doesNotMatch(stdout, /\x1b\[/, 'colours only on a terminal');
  assert.equal(status, 0);
});

test('1 for a token that will be refused, with the fix', () => {
  const { status, stdout } = run(['inspect', assertion, '--secret-file', secretFile, '--endpoint', endpoint.replace('school', 'other')]);
  assert.match(stdout, /✗ aud: aud has the host "school.test", expected "other.test"/);
  assert.match(stdout, /set aud to https:\/\/other\.test/);
  assert.equal(status, 1);
});

test('3 for a token that nothing verified', () => {
  assert.equal(run(['inspect', assertion]).status, 3);
});

test('standard input is read, its line break dropped', () => {
  for (const args of [['inspect'], ['inspect', '-']]) {
    const { status, stdout } = run([...args, '--json'], `${assertion}\n`);
    const report = JSON.parse(stdout);
    assert.equal(report.kind, 'lti2-assertion');
    assert.ok(!report.checks.some(({ id }) => id === 'space'));
    assert.equal(status, 3);
  }
});

test('JSON keeps every digit', () => {
  const token = signAssertion({ sub: 90000000000000001n, aud: endpoint }, secret);
  assert.match(run(['inspect', token, '--json']).stdout, /"sub":90000000000000001[,}]/);
});

test('keys as JWK, JWK Set and PEM, for signatures and encrypted layers', async () => {
  const { privateKey, publicKey } = await generateKey('RS256');
  const token = await signJwt({ iss: 'x', exp: 4e9 }, privateKey);
  const jwk = file('jwk.json', JSON.stringify(publicKey));
  const set = file('jwks.json', JSON.stringify({ keys: [publicKey] }));
  assert.equal(run(['inspect', token, '--jwk', jwk]).status, 0);
  assert.equal(run(['inspect', token, '--jwk', set]).status, 0);
  const other = file('other.json', JSON.stringify((await generateKey('RS256')).publicKey));
  assert.equal(run(['inspect', token, '--jwk', other]).status, 1);

  const recipient = await generateKey('RSA-OAEP');
  const encrypted = await encryptJwe(token, recipient.publicKey, { alg: 'RSA-OAEP', enc: 'A128CBC-HS256' });
  const own = file('own.json', JSON.stringify(recipient.privateKey));
  assert.equal(run(['inspect', encrypted]).status, 3);
  assert.equal(run(['inspect', encrypted, '--decrypt-jwk', own, '--jwk', jwk]).status, 0);
});

test('2 for wrong usage, said on standard error', () => {
  for (const args of [
    [], ['verify'], ['inspect', 'a', 'b'], ['inspect', assertion, '--secret', 'x'],
    ['inspect', assertion, '--jwk', join(folder, 'missing')], ['inspect', assertion, '--jwk', secretFile],
    ['inspect', assertion, '--secret-file', secretFile, '--jwk', secretFile], ['inspect', assertion, '--as', 'nothing'],
  ]) {
    const { status, stdout, stderr } = run(args);
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, /^canvas-lms-tokens: .+\nTry canvas-lms-tokens --help\n$/);
    assert.ok(!stderr.includes(secret));
    assert.equal(status, 2, args.join(' '));
  }
  assert.match(run(['--help']).stdout, /^Usage: canvas-lms-tokens inspect/);
});
