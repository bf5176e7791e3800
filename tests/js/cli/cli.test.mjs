// The command line, run as a user runs it.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  beginLaunch, canvasPlatform, encryptJwe, generateKey, publicJwks, requestServiceToken, signAssertion, signJwt, signJwtSync,
  verifyJwtSync,
} from 'canvas-lms-tokens';

const program = fileURLToPath(new URL('../../../pkg/bin/canvas-lms-tokens.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cli-'));
after(() => rmSync(folder, { recursive: true }));

const endpoint = 'https://school.test/api/lti/accounts/1/authorize';
const secret = 'a secret of thirty-two bytes, or more';
const assertion = signAssertion({ sub: '123123-ad13-ac233', aud: endpoint }, secret);

function run(args, input = '', env = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8', env });
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
  assert.match(stdout, /✓ signature: The signature is right/);
  assert.doesNotMatch(stdout, /\x1b\[/, 'colours only on a terminal');
  assert.equal(status, 0);
});

test('1 for a token that will be refused, with the fix', () => {
  const { status, stdout } = run(['inspect', assertion, '--secret-file', secretFile, '--endpoint', endpoint.replace('school', 'other')]);
  assert.match(stdout, /✗ aud: The claim aud has the host "school.test"; Canvas expects "other.test"/);
  assert.match(stdout, /Set aud to https:\/\/other\.test/);
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
    ['nothing'], ['inspect', 'a', 'b'], ['inspect', assertion, '--secret', 'x'],
    ['inspect', assertion, '--jwk', join(folder, 'missing')], ['inspect', assertion, '--jwk', secretFile],
    ['inspect', assertion, '--secret-file', secretFile, '--jwk', secretFile], ['inspect', assertion, '--as', 'nothing'],
    ['verify', assertion], ['sign', '{', '--secret-file', secretFile], ['sign', '--sub', '1', '--secret-file', secretFile],
    ['sign', '{}', '--sub', '1', '--aud', endpoint, '--secret-file', secretFile], ['sign', '{}', '--secret-env', 'NOT_SET'],
    ['sign', '{}', '--secret-prompt'], ['exchange', '--sub', '1'], ['exchange', endpoint],
    ['exchange', '--client-id', '1'], ['emulator', '--fault', 'latency'], ['emulator', '--port', 'x'],
    ['emulator', '--fault', 'latncy=1'], ['emulator', '--seeds', join(folder, 'none.json')], ['decode', 'none.txt'],
  ]) {
    const { status, stdout, stderr } = run(args);
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, /^canvas-lms-tokens: .+\n(.+\n)*\n?Try canvas-lms-tokens (?:[a-z]+ )?--help\n$/, args.join(' '));
    assert.ok(!stderr.includes(secret));
    assert.equal(status, 2, args.join(' '));
  }
  const { status, stdout, stderr } = run([]);
  assert.equal(stdout, '');
  assert.match(stderr, /^Usage: canvas-lms-tokens /);
  assert.equal(status, 2);
});

test('a misspelt option or command names the nearest', () => {
  assert.match(run(['inspect', assertion, '--secert-file', 'x']).stderr, /Did you mean --secret-file\?/);
  assert.match(run(['inspct', assertion]).stderr, /Did you mean inspect\?/);
});

test('--help and --version', () => {
  assert.match(run(['--help']).stdout, /^Usage: canvas-lms-tokens /);
  assert.equal(run(['--version']).stdout, '0.1.0\n');
  for (const command of ['decode', 'inspect', 'sign', 'verify', 'encrypt', 'decrypt', 'keygen', 'exchange', 'jwks', 'emulator']) {
    const { status, stdout } = run([command, '--help']);
    assert.match(stdout, new RegExp(`^Usage: canvas-lms-tokens ${command} [^]*Examples:\n  \\$ `), command);
    assert.equal(status, 0);
  }
  assert.match(run(['inspect', '--help']).stdout, /lti2-assertion[^]*lti13-id-token/);
});

test('decode tells layers, header, claims, and times in words', () => {
  const token = signJwtSync({ sub: 90000000000000001n, iat: 0, exp: 60 }, { secret });
  const { status, stdout } = run(['decode', token]);
  assert.match(stdout, /"sub": 90000000000000001/);
  assert.match(stdout, /exp: 1970-01-01T00:01:00Z, expired \d+ years( \d+ months?)? ago/);
  assert.equal(status, 0);
  assert.match(run(['decode', token, '--json']).stdout, /"claims":\{"sub":90000000000000001,"iat":0,"exp":60\}/);
  const far = signJwtSync({ exp: 4e9 }, { secret });
  assert.match(run(['decode', far]).stdout, /exp: 2096-10-02T07:06:40Z, in \d+ years/);
  assert.equal(run(['decode', 'nonsense']).status, 1);
});

test('a token is read from the file that has its name', () => {
  const fresh = signAssertion({ sub: '123123-ad13-ac233', aud: endpoint }, secret);
  const path = file('t.txt', `${fresh}\n`);
  assert.equal(run(['inspect', path, '--secret-file', secretFile]).status, 0);
  assert.match(run(['decode', path]).stdout, /"HS256"/);
});

test('sign, and verify what was signed', async () => {
  const env = { ...process.env, CLI_SECRET: secret };
  const signed = run(['sign', '{"sub":90000000000000001,"iss":"me"}', '--secret-env', 'CLI_SECRET'], '', env);
  assert.equal(signed.stderr, '');
  const { claims } = verifyJwtSync(signed.stdout.trim(), { secret });
  assert.deepEqual(claims, { sub: 90000000000000001n, iss: 'me' });
  const verify = (...args) => run(['verify', '-', '--secret-file', secretFile, ...args], signed.stdout);
  assert.equal(verify('--issuer', 'me').status, 0);
  assert.match(verify('--json').stdout, /"claims":\{"sub":90000000000000001,"iss":"me"\}/);
  const other = verify('--issuer', 'you');
  assert.match(other.stderr, /claim iss/);
  assert.equal(other.status, 1);
  assert.equal(verify('--alg', 'HS512').status, 1);

  const built = run(['sign', '--sub', '10000000000003', '--aud', endpoint, '--lifetime', '30', '--secret-file', secretFile]);
  const assertionClaims = verifyJwtSync(built.stdout.trim(), { secret }).claims;
  assert.equal(assertionClaims.sub, 10000000000003);
  assert.equal(assertionClaims.exp - assertionClaims.iat, 30);
});

test('keygen, jwks, encrypt, decrypt', () => {
  const path = join(folder, 'private.json');
  const made = run(['keygen', 'RSA-OAEP-256', '--kid', 'k1', '--out', path]);
  const publicKey = JSON.parse(made.stdout);
  assert.deepEqual([publicKey.kid, publicKey.d, statSync(path).mode & 0o777], ['k1', undefined, 0o600]);
  assert.equal(run(['keygen', 'RS256', '--out', path]).status, 2, 'what is there is kept');
  const encrypted = run(['encrypt', 'a text', '--jwk', file('public.json', made.stdout)]).stdout;
  assert.equal(run(['decrypt', '-', '--jwk', path], encrypted).stdout, 'a text');
  assert.equal(run(['decrypt', '-', '--jwk', path, '--enc', 'A128GCM'], encrypted).status, 1);

  const signing = file('signing.json', JSON.stringify(JSON.parse(run(['keygen', 'RS256']).stdout).privateKey));
  const { keys } = JSON.parse(run(['jwks', signing]).stdout);
  assert.equal(keys.length, 1);
  assert.ok(!JSON.stringify(keys).includes('"d"'));
});

test('the emulator: exchange against it, its log, its state, and a clean end', async (t) => {
  const pair = JSON.parse(run(['keygen', 'RS256']).stdout);
  const scope = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
  const developerKeys = [{ id: 10000000000042, publicJwk: pair.publicKey, scopes: [scope] }];
  const seeds = file('seeds.json', JSON.stringify({ developerKeys }));
  const child = spawn(process.execPath, [program, 'emulator', '--port', '0', '--seeds', seeds, '--fault', 'latency=1']);
  t.after(() => child.kill());
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { log += text; });
  while (!log.includes('\n')) await once(child.stdout, 'data');
  const url = /http:\/\/localhost:\d+/.exec(log)[0];
  // Not by spawnSync: the emulator's output is read meanwhile.
  const exchange = (...args) => new Promise((done) => {
    execFile(process.execPath, [program, 'exchange', ...args], (error, stdout, stderr) => done({ status: error?.code ?? 0, stdout, stderr }));
  });
  const lti2 = `${url}/api/lti/accounts/1/authorize`;
  const token = await exchange(lti2, '--sub', '123123-ad13-ac233', '--secret-file', file('lti2', 'secret'));
  assert.equal(token.stdout.trim().split('.').length, 3, token.stderr);
  const refused = await exchange(lti2, '--sub', '123123-ad13-ac233', '--secret-file', file('wrong', 'wrong'));
  assert.match(refused.stderr, /invalid_grant/);
  assert.equal(refused.status, 1);
  const key = file('tool.json', JSON.stringify(pair.privateKey));
  const service = await exchange('--client-id', '10000000000042', '--base-url', url, '--jwk', key, '--scope', scope, '--json');
  assert.deepEqual(JSON.parse(service.stdout).scopes, [scope], service.stderr);
  assert.match(log, /400 POST \/api\/lti\/accounts\/1\/authorize {2}— JSON::JWS::VerificationFailed/);

  const state = `${url}/__state`;
  const known = await (await fetch(state)).json();
  assert.equal(known.records.developerKeys['10000000000042'].id, 10000000000042);
  assert.equal(known.requests.length, 3);
  const changed = await fetch(state, {
    method: 'PATCH', body: JSON.stringify({ faults: { dropBefore: 1 }, records: { developerKeys: { 10000000000042: null } } }),
  });
  assert.deepEqual((await changed.json()).records.developerKeys, {});
  await assert.rejects(fetch(lti2, { method: 'POST' }));
  assert.equal((await fetch(state, { method: 'DELETE' })).status, 204);
  assert.equal((await (await fetch(state)).json()).requests.length, 0);
  for (const [method, path, body] of [['PATCH', '', '{"x":1}'], ['PATCH', '', '['], ['GET', '/nothing'], ['PATCH', '', '{"faults":{"x":1}}']]) {
    assert.ok([400, 404].includes((await fetch(state + path, { method, body })).status));
  }
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test("the README's emulator reaches a tool on this machine, at its JWKS URL and from its page", async (t) => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, seedsText] = /^```json\n([^]*?)^```$/m.exec(readme);
  const { privateKey, publicKey } = await generateKey('RS256');
  const tool = createServer((request, response) => response.end(JSON.stringify(publicJwks([publicKey]))));
  await once(tool.listen(0, 'localhost'), 'listening');
  t.after(() => tool.close());
  const seeds = file('readme-seeds.json', seedsText.replaceAll('localhost:3000', `localhost:${tool.address().port}`));
  const child = spawn(process.execPath, [program, 'emulator', '--port', '0', '--seeds', seeds, '--quiet']);
  t.after(() => child.kill('SIGTERM'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const baseUrl = /http:\/\/localhost:\d+/.exec(line)[0];

  const platforms = canvasPlatform({ clientId: '10000000000042', baseUrl });
  const [redirectUri] = JSON.parse(seedsText).developerKeys[0].redirectUris;
  assert.equal(redirectUri, 'http://localhost:3000/launch');
  const { url, form } = await (await fetch(`${baseUrl}/__state/launch`, {
    method: 'POST', body: '{"developerKeyId":10000000000042,"courseId":1,"userId":3}',
  })).json();
  assert.equal(new URL(url).pathname, '/login');
  await beginLaunch(form, { platforms, redirectUri, secret });
  const scopes = ['https://purl.imsglobal.org/spec/lti-ags/scope/score'];
  assert.deepEqual((await requestServiceToken({ platform: platforms, key: privateKey, scopes })).scopes, scopes);

  const page = `${baseUrl}/courses/1/external_tools/7`;
  const login = await fetch(`${baseUrl}/login/canvas`, { method: 'POST', body: new URLSearchParams({ 'pseudonym_session[unique_id]': '3', return_to: page }), redirect: 'manual' });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const html = await (await fetch(page, { headers: { cookie } })).text();
  assert.match(html, /<iframe name="tool_content"/);
  assert.ok(html.includes(`FRAME_ORIGIN = "${baseUrl}"`), 'the storage is where the page is');
});
