// Every example in every --help is run as it stands, by a shell, with files of the names that it has; and every exit status
// that is documented is met.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { canvasPlatform, encryptJwe, generateKey, signAssertion, signJwt } from 'canvas-lms-tokens';

const program = fileURLToPath(new URL('../../../pkg/bin/canvas-lms-tokens.js', import.meta.url));
const bin = mkdtempSync(join(tmpdir(), 'cli-bin-'));
after(() => rmSync(bin, { recursive: true }));

const SECRET = 'a secret of thirty-two bytes, or more';
const ENDPOINT = 'https://school.example/api/lti/accounts/1/authorize';
const tool = await generateKey('RS256');
const recipient = await generateKey('RSA-OAEP-256');
const platformKey = await generateKey('RS256');
const platform = canvasPlatform({ clientId: 10000000000042n });
const now = Math.floor(Date.now() / 1000);
const TOOL_PROXY = '123123-ad13-ac233';

const assertion = signAssertion({ sub: TOOL_PROXY, aud: ENDPOINT }, SECRET, { lifetime: 3000 });
const ofPlatform = await signJwt({ iss: platform.issuer, iat: now, exp: now + 3000 }, platformKey.privateKey);
const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
const launch = await signJwt({
  iss: platform.issuer, aud: platform.clientId, sub: 'user-1', nonce: 'nonce-of-the-login', iat: now, exp: now + 3000,
  [`${CLAIM}message_type`]: 'LtiResourceLinkRequest', [`${CLAIM}version`]: '1.3.0', [`${CLAIM}deployment_id`]: '1:abc',
  [`${CLAIM}target_link_uri`]: 'https://tool.example/', [`${CLAIM}resource_link`]: { id: 'r' }, [`${CLAIM}roles`]: [],
}, platformKey.privateKey);

/** What a folder has in which the examples of a command are run. */
const FILES = {
  'secret.txt': `${SECRET}\n`, 'token.txt': `${assertion}\n`, 'launch.txt': new URLSearchParams({ state: 'x', id_token: launch }).toString(),
  'private.json': tool.privateKey, 'public.json': tool.publicKey, 'next.json': (await generateKey('ES256')).privateKey, 'message.txt': 'a text',
  'seeds.json': { developerKeys: [{ id: 10000000000042, publicJwk: tool.publicKey }] },
};
const FILES_OF = {
  encrypt: { 'public.json': recipient.publicKey },
  decrypt: { 'private.json': recipient.privateKey, 'token.txt': await encryptJwe('a text', recipient.publicKey, { alg: 'RSA-OAEP-256', enc: 'A256GCM' }) },
  verify: { 'public.json': platformKey.publicKey, 'token.txt': ofPlatform },
  keygen: { 'private.json': undefined },
};
// The exit status of an example whose token nobody verified.
const UNVERIFIED = /--platform /;

// What examples use that is no part of the package. The hosts that they name are answered in this process.
const answers = `
import { createEmulator } from ${JSON.stringify(import.meta.resolve('canvas-lms-tokens/emulator'))};
const emulator = createEmulator({
  throttle: false,
  toolProxies: [{ guid: '${TOOL_PROXY}', secret: ${JSON.stringify(SECRET)}, developerKeyId: 10000000000042n, capabilities: ['Security.splitSecret'] }],
  developerKeys: [{ id: 10000000000042n, publicJwk: ${JSON.stringify(tool.publicKey)}, scopes: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'] }],
});
globalThis.fetch = (url, init) => (String(url).includes('/security/jwks')
  ? Promise.resolve(Response.json({ keys: [${JSON.stringify(platformKey.publicKey)}] })) : emulator.fetch(url, init));
`;
const script = (name, text) => {
  writeFileSync(join(bin, name), text);
  chmodSync(join(bin, name), 0o755);
};
writeFileSync(join(bin, 'answers.mjs'), answers);
script('canvas-lms-tokens', `#!/bin/sh
case "$1" in emulator) exec "${process.execPath}" "${program}" "$@" ;; esac
exec "${process.execPath}" --import "${join(bin, 'answers.mjs')}" "${program}" "$@"
`);
script('pbpaste', '#!/bin/sh\ncat token.txt\n');
script('curl', `#!/bin/sh\nexec "${process.execPath}" -e 'fetch(process.argv[1]).then((r) => r.text()).then(console.log)' "$1"\n`);
const env = { ...process.env, SECRET, PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter) };

const run = (...args) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env });
const help = (...args) => run(...args, '--help').stdout;
const commands = [...help().split('\nCommands:\n')[1].matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== 'help');
const examplesOf = (command) => [...help(command).matchAll(/^ {2}\$ (.+)$/gm)].map(([, example]) => example);

function folderOf(command) {
  const folder = mkdtempSync(join(tmpdir(), 'cli-example-'));
  after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries({ ...FILES, ...FILES_OF[command] })) {
    if (content !== undefined) writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

test('every command has examples', () => {
  assert.ok(commands.length >= 10, commands.join());
  for (const command of commands) assert.ok(examplesOf(command).length > 0, command);
});

for (const command of commands.filter((name) => name !== 'emulator')) {
  for (const example of examplesOf(command)) {
    test(`$ ${example}`, async () => {
      const cwd = folderOf(command);
      // The token of the second example is the platform's.
      if (example.includes('--jwks-url')) writeFileSync(join(cwd, 'token.txt'), ofPlatform);
      const { status, stdout, stderr } = await new Promise((done) => {
        execFile('/bin/sh', ['-c', example], { cwd, env }, (error, out, err) => done({ status: error?.code ?? 0, stdout: out, stderr: err }));
      });
      assert.equal(stderr, '');
      assert.equal(status, UNVERIFIED.test(example) ? 3 : 0, stdout);
      const written = / > (\S+)$/.exec(example)?.[1];
      assert.ok((written ? readFileSync(join(cwd, written), 'utf8') : stdout).trim().length > 5);
    });
  }
}

test('the examples of the emulator', async (t) => {
  const cwd = folderOf('emulator');
  const examples = examplesOf('emulator');
  const servers = examples.filter((example) => example.startsWith('canvas-lms-tokens '));
  assert.ok(servers.length > 0 && servers.length < examples.length);
  for (const example of servers) {
    const child = spawn('/bin/sh', ['-c', `exec ${example}`], { cwd, env });
    t.after(() => child.kill());
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    while (!/__state/.test(out)) await once(child.stdout, 'data');
    const url = /http:\/\/localhost:\d+/.exec(out)[0];
    for (const other of examples.filter((one) => !servers.includes(one))) {
      // Where the usual port is taken, the emulator has said another.
      const { stdout } = await new Promise((done) => {
        execFile('/bin/sh', ['-c', other.replace('http://localhost:8931', url)], { cwd, env }, (error, text) => done({ stdout: text }));
      });
      assert.ok('requests' in JSON.parse(stdout));
    }
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  }
});

/** A run that ends with each exit status. */
const STATUSES = {
  0: ['inspect', assertion, '--secret-file', 'secret.txt', '--endpoint', ENDPOINT],
  1: ['inspect', assertion, '--endpoint', `${ENDPOINT}/other`],
  2: ['inspect', '--nothing'],
  3: ['inspect', assertion],
};
test('every exit status that is documented is met, and no other', () => {
  const cwd = folderOf('inspect');
  const [documented] = /^Exit status: .+$/m.exec(help());
  assert.deepEqual([...documented.matchAll(/(?:: |; )(\d) /g)].map(([, status]) => status), Object.keys(STATUSES));
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [sentence] = /The exit status is [^\n]+/.exec(readme);
  assert.deepEqual([...new Set(sentence.match(/\b\d\b/g))], Object.keys(STATUSES));
  for (const [status, args] of Object.entries(STATUSES)) {
    assert.equal(spawnSync(process.execPath, [program, ...args], { cwd, env }).status, Number(status), args[0]);
  }
});
