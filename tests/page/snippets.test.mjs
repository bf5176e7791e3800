// What Sign gives as code, run as it stands: JavaScript by Node, Rust by cargo against the crate, curl by sh against the emulator.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { compactDecrypt, importJWK } from 'jose';
import { root, which } from '../../scripts/setup/shell.mjs';
import { serve } from '../../scripts/serve.mjs';
import { emulator, page, start } from './harness.mjs';

start.hash = '#sign';

const run = promisify(execFile);
/** What quoting could spoil. */
const CLAIMS = String.raw`{"iss":"Jürgen \"#1\"","sub":90000000000000001,"note":"it's \"##\" and $HOME","aud":["a","b"]}`;

/** What is chosen and typed over a template, by name. */
const CASES = {
  toolProxy: {}, developerKey: {}, documented: {}, clientAssertion: {}, idToken: {}, deepLinking: {}, canvasJwt: {}, jwt: {},
  other: { template: 'jwt', given: { claims: CLAIMS } },
  bytes: { template: 'jwt', given: { key: { kind: 'base64', text: '+/8AESIzRFVmd4iZqrvM3e7/ABEiM0RVZneImaq7zN0=' } } },
  encrypted: { template: 'canvasJwt', given: { mode: 'encrypted', isWrapped: false } },
};

/** Changes something, and waits for what Sign makes of it. */
async function changed(change) {
  await page.waitForFunction(() => (window.madeBefore = document.querySelector('made-pane')?.made));
  await change();
  await page.waitForFunction(() => {
    const { made: now } = document.querySelector('made-pane');
    return now && now !== window.madeBefore;
  });
}

/** Fills Sign, and reads what stands there: {token, key, recipient, curl, javascript, rust}. */
async function made({ template, given }, name) {
  await changed(() => page.getByLabel('Begin with', { exact: true }).selectOption(template ?? name));
  if (given) await changed(() => page.evaluate((changes) => document.querySelector('edit-pane').give(changes), given));
  const shown = await page.evaluate(() => {
    const { made: { token }, given: { key, recipient } } = document.querySelector('made-pane');
    return { token, key, recipient };
  });
  for (const language of ['curl', 'JavaScript', 'Rust']) {
    await page.getByRole('radio', { name: language, exact: true }).check();
    shown[language.toLowerCase()] = await page.locator('code-languages pre').innerText();
  }
  return shown;
}

async function all() {
  const found = {};
  for (const [name, about] of Object.entries(CASES)) found[name] = await made(about, name);
  return found;
}

/** What is the same each time: the token, or where it is encrypted, what is in it. */
async function content(token, recipient) {
  const compact = token.startsWith('ey') ? token : Buffer.from(token, 'base64').toString();
  if (compact.split('.').length === 3) return compact;
  const { plaintext } = await compactDecrypt(compact, await importJWK({ kty: 'oct', k: Buffer.from(recipient.text).toString('base64url') }, 'dir'));
  return Buffer.from(plaintext).toString();
}

test('the JavaScript of every template prints the token', async () => {
  for (const [name, { javascript, token, key, recipient }] of Object.entries(await all())) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', javascript], {
      cwd: join(root, 'tests', 'page'), env: { ...process.env, SIGNING_KEY: key.text, RECIPIENT_KEY: recipient.text },
    });
    assert.equal(await content(stdout.trim(), recipient), await content(token, recipient), name);
  }
});

const CARGO = `[package]
name = "snippets"
version = "0.0.0"
edition = "2024"

[dependencies]
canvas-lms-tokens = { path = "../.." }

[workspace]
`;

/** Arguments of a snippet's function: keys as they were entered, the signature as WebCrypto made it, bytes that are not random. */
const argument = ({ key, recipient, token }) => ({
  'signing_key: &str': literal(key.text), 'recipient_key: &str': literal(recipient.text),
  'signing_key: &[u8]': `&[${[...Buffer.from(key.text, 'base64')]}]`,
  'random: Random<\'_>': '&mut |bytes: &mut [u8]| { bytes.fill(7); Ok(()) }',
  'sign: impl FnOnce(&[u8]) -> Result<Vec<u8>>': `|_: &[u8]| Ok(vec![${[...Buffer.from(token.split('.').at(-1), 'base64url')]}])`,
});
const literal = (value) => `r####"${value}"####`;

test('the Rust of every template compiles, and gives the token', { skip: which('cargo') ? false : 'no cargo' }, async () => {
  const snippets = await all();
  const folder = join(root, 'target', 'snippets');
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'Cargo.toml'), CARGO);
  copyFileSync(join(root, 'Cargo.lock'), join(folder, 'Cargo.lock'));
  const modules = Object.entries(snippets).map(([name, { rust }]) => `mod ${name.toLowerCase()} {\n${rust.replace('\nfn ', '\npub fn ')}\n}\n`);
  const calls = Object.entries(snippets).map(([name, snippet]) => {
    const [, parameters] = /^fn token\((.*)\) -> Result<String> \{$/m.exec(snippet.rust);
    const given = parameters.split(/, (?=\w+: )/).map((parameter) => argument(snippet)[parameter]);
    return `    println!("{}", ${name.toLowerCase()}::token(${given.join(', ')}).expect("${name}"));\n`;
  });
  writeFileSync(join(folder, 'src', 'main.rs'), `${modules.join('\n')}\nfn main() {\n${calls.join('')}}\n`);
  const { stdout } = await run('cargo', ['run', '--quiet', '--offline', '--target-dir', join(root, 'target')], { cwd: folder, env: { ...process.env, RUSTFLAGS: '' } });
  const printed = stdout.trim().split('\n');
  for (const [i, [name, { token, recipient }]] of Object.entries(snippets).entries()) {
    assert.equal(await content(printed[i], recipient), await content(token, recipient), name);
  }
});

test('the curl of every template sends the token where it belongs, and the emulator takes it', { skip: which('curl') ? false : 'no curl' }, async () => {
  const sh = async (script) => (await run('sh', ['-c', script.replace('\ncurl ', '\ncurl -sS ')])).stdout;
  const to = (aud) => async (name) => {
    const { claims } = await page.evaluate(() => document.querySelector('edit-pane').given);
    return made({ template: name, given: { claims: JSON.stringify({ ...JSON.parse(claims), aud }) } });
  };
  for (const name of ['toolProxy', 'developerKey']) {
    await made({}, name);
    const { curl } = await to(`${emulator.url}/api/lti/accounts/1/authorize`)(name);
    assert.equal(JSON.parse(await sh(curl)).token_type, 'bearer', name);
  }

  const { key } = await made({}, 'clientAssertion');
  Object.assign(emulator.emulator.records.developerKeys.get('10000000000042'), { publicJwkUrl: undefined, publicJwk: JSON.parse(key.text) });
  const { curl } = await to(`${emulator.url}/login/oauth2/token`)('clientAssertion');
  assert.equal(JSON.parse(await sh(curl)).scope, 'https://purl.imsglobal.org/spec/lti-ags/scope/score');

  // Those that go to a tool, to a browser's page of Canvas, or to a service: what arrives there.
  const arrived = [];
  const server = await serve({ handler: async (request) => {
    arrived.push({ path: new URL(request.url).pathname, form: new URLSearchParams(await request.text()), authorization: request.headers.get('authorization') });
    return new Response('');
  } });
  try {
    const send = async (name) => {
      const { curl: script, token } = await made({}, name);
      await sh(script.replace(/https:\/\/(tool|school|service)\.example/, server.url));
      return { token, ...arrived.at(-1) };
    };
    for (const [name, path, field] of [['idToken', '/launch', 'id_token'], ['deepLinking', '/courses/1/deep_linking_response', 'JWT']]) {
      const { token, path: sent, form } = await send(name);
      assert.deepEqual([sent, form.get(field)], [path, token], name);
    }
    for (const name of ['canvasJwt', 'jwt']) {
      const { token, authorization } = await send(name);
      assert.equal(authorization, `Bearer ${token}`, name);
    }
  } finally {
    await server.close();
  }
});
