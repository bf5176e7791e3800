// What is given in a way that cannot be meant is said, and what goes together works.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { decode, signAssertion } from 'canvas-lms-tokens';

const program = fileURLToPath(new URL('../../../pkg/bin/canvas-lms-tokens.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cli-usage-'));
after(() => rmSync(folder, { recursive: true }));

const run = (args, input = '') => spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8', cwd: folder, timeout: 60_000 });
const file = (name, content) => writeFileSync(join(folder, name), content);

const aud = 'https://school.test/api/lti/accounts/1/authorize';
file('secret.txt', 'a secret of thirty-two bytes, or more\n');
file('token.txt', signAssertion({ sub: 1, aud }, 'secret'));
file('pair.json', run(['keygen', 'RS256']).stdout);
file('recipient.json', run(['keygen', 'RSA-OAEP-256']).stdout);
file('list.json', '[1]');
file('null.json', 'null');
file('no-record.json', '{ "accounts": [null] }');
file('misspelt.json', '{ "developerKey": [] }');
const secret = ['--secret-file', 'secret.txt'];

// {what is said: the command}
const WRONG = {
  '--lifetime is for an LTI 2 assertion, with --sub and --aud': ['sign', '{}', ...secret, '--lifetime', '5'],
  '--alg is for claims; an LTI 2 assertion is signed with HS256': ['sign', ...secret, '--sub', '1', '--aud', aud, '--alg', 'HS512'],
  '--header is for claims': ['sign', ...secret, '--sub', '1', '--aud', aud, '--header', '{}'],
  '--alg HS256, and another alg in --header': ['sign', '{}', ...secret, '--alg', 'HS256', '--header', '{"alg":"HS512"}'],
  'no JSON in the claims: the JSON ends too early at line 1, column 3': ['sign', '{"a', ...secret],
  '--scope is for LTI 1.3, with --client-id': ['exchange', aud, '--sub', '1', ...secret, '--scope', 'x'],
  '--base-url is for LTI 1.3': ['exchange', aud, '--sub', '1', ...secret, '--base-url', 'https://school.test'],
  '--sub is for LTI 2, --client-id for LTI 1.3': ['exchange', '--client-id', '1', '--sub', '1', '--jwk', 'pair.json'],
  'a URL, which is for LTI 2': ['exchange', aud, '--client-id', '1', '--jwk', 'pair.json', '--scope', 'x'],
  "--environment is of Instructure's cloud, --base-url of a self-hosted Canvas": [
    'exchange', '--client-id', '1', '--jwk', 'pair.json', '--scope', 'x', '--environment', 'beta', '--base-url', 'https://school.test',
  ],
  '--secret-file is for an assertion to be signed': ['exchange', aud, '--assertion', 'token.txt', ...secret],
  'no such file: ./token': ['decode', './token'],
  '../ is a folder': ['decode', '../'],
  'alg "RS265" is not supported here': ['keygen', 'RS265'],
  'keys[0]: an array, expected a JWK': ['jwks', 'list.json'],
  'the seeds.developerKey: unknown, expected perhaps developerKeys': ['emulator', '--seeds', 'misspelt.json'],
  '--fault dropAfter=2: expected a probability, from 0 to 1': ['emulator', '--fault', 'dropAfter=2'],
  '--fault latency=1.2.3: expected one of dropBefore, ': ['emulator', '--fault', 'latency=1.2.3'],
  '--seeds null.json: expected a JSON object': ['emulator', '--seeds', 'null.json'],
  '--seeds list.json: expected a JSON object': ['emulator', '--seeds', 'list.json'],
  'the seeds.accounts[0]: expected an object': ['emulator', '--seeds', 'no-record.json'],
  '--header: expected a JSON object': ['sign', '{}', ...secret, '--alg', 'HS256', '--header', '"abc"'],
  '--jwk is a key; an LTI 2 assertion is signed with a shared secret': ['sign', ...secret, '--sub', '1', '--aud', aud, '--jwk', 'pair.json'],
  '--pem is a key; an LTI 2 assertion is signed with a shared secret': ['exchange', aud, '--sub', '1', ...secret, '--pem', 'key.pem'],
  '--host 127.0.0.1 --port 99999: ': ['emulator', '--port', '99999'],
};
for (const [said, args] of Object.entries(WRONG)) {
  test(`2 for: ${said}`, () => {
    const { status, stdout, stderr } = run(args);
    assert.equal(stdout, '');
    assert.ok(stderr.includes(said), stderr);
    assert.ok(stderr.endsWith(`Try canvas-lms-tokens ${args[0]} --help\n`), stderr);
    assert.equal(status, 2);
  });
}

test('a secret is not asked for where standard input is read for something else', () => {
  const commands = [
    ['the token', 'inspect'], ['the token', 'inspect', '-'], ['the token', 'verify'], ['the token', 'decrypt'], ['the text', 'encrypt'],
    ['the claims', 'sign', '--alg', 'HS256'], ['--header', 'sign', '{}', '--header', '-'],
  ];
  for (const [what, ...args] of commands) {
    const { status, stdout, stderr } = run([...args, '--secret-prompt']);
    const said = `--secret-prompt reads the terminal, and ${what} would come from standard input: give it as an argument or a file`;
    assert.ok(stderr.includes(said), `${args}: ${stderr}`);
    assert.deepEqual([status, stdout], [2, ''], String(args));
  }
  // Without a terminal, but for no other reason.
  for (const args of [['inspect', 'token.txt'], ['sign', '--sub', '1', '--aud', aud]]) {
    assert.match(run([...args, '--secret-prompt']).stderr, /--secret-prompt needs a terminal/);
  }
});

test('a text that begins as a path does is no file where it cannot be one', () => {
  const token = run(['sign', '{"iss":"me"}', ...secret]).stdout.trim();
  for (const text of [`/launch?id_token=${token}`, `/launch HTTP/1.1\nAuthorization: Bearer ${token}`]) {
    assert.ok(text.length < 256, 'as short as a file\'s name may be');
    const { status, stdout, stderr } = run(['decode', text, '--json']);
    assert.deepEqual([status, stderr, JSON.parse(stdout).claims], [0, '', { iss: 'me' }]);
  }
  for (const text of ['/start', './token', '\\o/']) {
    assert.equal(run(['decrypt', '--jwk', 'recipient.json'], run(['encrypt', text, '--jwk', 'recipient.json']).stdout).stdout, text);
  }
});

test('--alg is the one that signs', () => {
  assert.deepEqual(decode(run(['sign', '{}', ...secret, '--alg', 'HS384']).stdout.trim()).header, { alg: 'HS384', typ: 'JWT' });
  assert.deepEqual(decode(run(['sign', '{}', ...secret, '--alg', 'HS384', '--header', '{"kid":"1"}']).stdout.trim()).header, { alg: 'HS384', kid: '1' });
  const { status, stderr } = run(['sign', '{}', '--jwk', 'pair.json', '--alg', 'HS256']);
  assert.match(stderr, /the key is an RSA key, which HS256 does not use/);
  assert.equal(status, 1);
});

test('of the pair that keygen prints, each command takes the half that it needs', () => {
  const token = run(['sign', '{"iss":"x"}', '--jwk', 'pair.json']).stdout;
  const { status, stdout } = run(['verify', '--jwk', 'pair.json', '--json'], token);
  assert.equal(JSON.parse(stdout).claims.iss, 'x');
  assert.equal(status, 0);
  const { keys: [key] } = JSON.parse(run(['jwks', 'pair.json']).stdout);
  assert.deepEqual([key.kty, key.d], ['RSA', undefined]);
});

test('one command reads what another takes its time to write', async () => {
  const start = (args, stdin) => spawn(process.execPath, [program, ...args], { cwd: folder, stdio: [stdin, 'pipe', 'inherit'] });
  const encrypt = start(['encrypt', 'a text', '--jwk', 'recipient.json'], 'ignore');
  const decrypt = start(['decrypt', '--jwk', 'recipient.json'], encrypt.stdout);
  assert.equal(await text(decrypt.stdout), 'a text');
});
