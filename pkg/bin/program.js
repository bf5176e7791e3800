// The commands, one function each: arguments to the package's functions, their results to text.

import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  canvasPlatform, decode, decryptJwe, encryptJwe, generateKey, inspect, publicJwks, requestAccessToken, requestServiceToken,
  signAssertion, signJwt, verifyJwt,
} from '../node.js';
import { emulatorCommand } from './emulator.js';
import {
  collect, integer, isObject, jsonOf, jwkFile, keyNames, keyOf, platformOf, refuse, refusePrompt, textOf, tokenOf, UsageError,
  withKeyOptions,
} from './input.js';
import { examples, printJson, printReport, printToken } from './output.js';

const EXIT = { valid: 0, invalid: 1, unverified: 3 };
const KINDS = [
  'lti2-assertion', 'lti2-access-token', 'canvas-jwt', 'inst-access-token', 'lti13-id-token', 'lti13-client-assertion',
  'lti13-deep-linking-response', 'lti13-access-token', 'lti13-notice', 'lti13-registration-token', 'lti13-message-hint',
  'lti13-login-state', 'oauth-state', 'jwt', 'jws', 'jwe',
];
const TOKEN = 'a token, or what it was copied with: a URL, form, curl command, headers, JSON, HAR; or a file with it; - or nothing: standard input';
const SHARED_SECRET = 'is a key; an LTI 2 assertion is signed with a shared secret';
const JSON_OPTION = ['--json', 'the whole result as JSON'];

/** The program; `version` is the package's. */
export function program(version) {
  const top = new Command('canvas-lms-tokens')
    .description('Canvas LMS tokens: take apart, explain, sign, verify, encrypt, decrypt, exchange; and a Canvas to test against.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'canvas-lms-tokens: ')) })
    .showHelpAfterError('Try canvas-lms-tokens --help')
    .addHelpText('after', `
Exit status: 0 done, or the token is valid; 1 refused or invalid; 2 wrong usage; 3 nothing failed but not verified.
Secrets come from files, the environment or a prompt: a command line can be seen by others.`);
  for (const make of [decodeCommand, inspectCommand, signCommand, verifyCommand, encryptCommand, decryptCommand, keygenCommand,
    exchangeCommand, jwksCommand, emulatorCommand]) {
    const command = make().copyInheritedSettings(top);
    top.addCommand(command.showHelpAfterError(`Try canvas-lms-tokens ${command.name()} --help`));
  }
  return top;
}

function decodeCommand() {
  return new Command('decode')
    .description('Takes a token apart: layers, header, claims, times in words. Trusts nothing.')
    .argument('[token]', TOKEN)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('canvas-lms-tokens decode token.txt', 'pbpaste | canvas-lms-tokens decode --json'))
    .action(async (argument, options) => {
      const { token, where } = await tokenOf(argument);
      const decoded = decode(token);
      if (options.json) printJson(decoded);
      else printToken({ ...decoded, where });
    });
}

function inspectCommand() {
  const command = new Command('inspect')
    .description('Says what a token is, whether it is good, and if not, why Canvas would refuse it and what to change.')
    .argument('[token]', TOKEN);
  withKeyOptions(withKeyOptions(command, 'public'), 'decrypt');
  return command
    .option('--endpoint <url>', 'the URL it is sent to, compared with aud as Canvas compares it')
    .addOption(new Option('--as <kind>', 'what it is meant to be').choices(KINDS))
    .option('--platform <name>', 'LTI 1.3: production, beta or test of Instructure\'s cloud, the URL of a Canvas, or a JSON file with a platform')
    .option('--client-id <id>', 'LTI 1.3: the developer key, with --platform')
    .option('--issuer <iss>', 'LTI 1.3: of a self-hosted Canvas, where it is not the usual one')
    .option('--deployment <id>', 'LTI 1.3: a deployment that may launch; may be given more than once', collect)
    .option('--nonce <text>', 'LTI 1.3: of the login that a launch answers')
    .option('--now <seconds>', 'the time to compare with, in seconds since 1970', integer)
    .option('--clock-tolerance <seconds>', 'by which clocks may differ', integer)
    .option(...JSON_OPTION)
    .addHelpText('after', examples(
      'canvas-lms-tokens inspect token.txt --secret-file secret.txt --endpoint https://school.example/api/lti/accounts/1/authorize',
      'canvas-lms-tokens inspect token.txt --jwks-url https://sso.canvaslms.com/api/lti/security/jwks',
      'canvas-lms-tokens inspect launch.txt --platform production --client-id 10000000000042 --nonce nonce-of-the-login'))
    .action(async (token, { endpoint, as, nonce, now, clockTolerance, ...options }) => {
      refusePrompt(options, token);
      const report = await inspect(await textOf(token), {
        key: await keyOf(options, 'public'), decryptionKey: await keyOf(options, 'decrypt'), platform: platformOf(options), endpoint, as, nonce, now,
        clockTolerance,
      });
      if (options.json) printJson(report);
      else printReport(report);
      process.exitCode = EXIT[report.outcome];
    });
}

function signCommand() {
  const command = new Command('sign')
    .description('Signs a claims set, or builds and signs an LTI 2 assertion from --sub and --aud.')
    .argument('[claims]', 'JSON, or a file with it; - or nothing: standard input');
  withKeyOptions(command, 'private');
  return command
    .option('--alg <name>', 'the algorithm, where the key does not say')
    .option('--header <json>', 'header parameters, as JSON or a file')
    .option('--sub <id>', 'of an LTI 2 assertion: developer key, tool proxy or registration key')
    .option('--aud <url>', 'of an LTI 2 assertion: the access token URL')
    .option('--lifetime <seconds>', 'of an LTI 2 assertion', integer)
    .addHelpText('after', examples(
      'canvas-lms-tokens sign \'{"iss":"me","exp":4102444800}\' --jwk private.json',
      'canvas-lms-tokens sign --sub 10000000000003 --aud https://school.example/api/lti/accounts/1/authorize --secret-env SECRET'))
    .action(async (claims, options) => {
      const { sub, aud, lifetime } = options;
      if (sub === undefined && aud === undefined) {
        refuse(options, ['lifetime'], 'is for an LTI 2 assertion, with --sub and --aud');
        refusePrompt(options, claims, 'the claims');
        if (options.header !== undefined) refusePrompt(options, options.header, '--header');
        const key = await keyOf(options, 'private', { needed: true });
        console.log(await signJwt(await jsonOf(claims, 'the claims'), key, await headerOf(options)));
        return;
      }
      refuse(options, ['alg', 'header'], 'is for claims; an LTI 2 assertion is signed with HS256, under a header of its own');
      refuse(options, ['jwk', 'pem'], SHARED_SECRET);
      if (claims !== undefined) throw new UsageError('claims, and --sub or --aud too, which build them');
      if (sub === undefined || aud === undefined) throw new UsageError('an LTI 2 assertion needs both --sub and --aud');
      const { secret } = await keyOf(options, 'secret', { needed: true });
      console.log(signAssertion({ sub: idOf(sub), aud }, secret, { lifetime }));
    });
}

async function headerOf({ alg, header }) {
  if (header === undefined) return alg && { alg, typ: 'JWT' };
  const given = await jsonOf(header, '--header');
  if (!isObject(given)) throw new UsageError('--header: expected a JSON object');
  if (alg !== undefined && given.alg !== undefined && given.alg !== alg) throw new UsageError(`--alg ${alg}, and another alg in --header`);
  return alg === undefined ? given : { alg, ...given };
}

/** Digits alone are a number, as a developer key's id is. */
const idOf = (text) => (/^[0-9]+$/.test(text) ? BigInt(text) : text);

function verifyCommand() {
  const command = new Command('verify')
    .description('Verifies a JWT: signature, times, and what the options compare. Prints its claims.')
    .argument('[token]', TOKEN);
  return withKeyOptions(command, 'public')
    .option('--alg <name>', 'an algorithm to accept; may be given more than once', collect)
    .option('--issuer <iss>', 'iss must be it')
    .option('--audience <aud>', 'aud must be it, or contain it')
    .option('--subject <sub>', 'sub must be it')
    .option('--clock-tolerance <seconds>', 'by which clocks may differ', integer)
    .option(...JSON_OPTION)
    .addHelpText('after', examples('canvas-lms-tokens verify token.txt --jwk public.json --issuer https://canvas.instructure.com'))
    .action(async (argument, options) => {
      const { alg: algorithms, issuer, audience, subject, clockTolerance } = options;
      refusePrompt(options, argument);
      const key = await keyOf(options, 'public', { needed: true });
      const { token, where } = await tokenOf(argument);
      const verified = await verifyJwt(token, key, { algorithms, issuer, audience, subject, clockTolerance });
      if (options.json) printJson(verified);
      else printToken({ layers: decode(token).layers, ...verified, where });
    });
}

function encryptCommand() {
  const command = new Command('encrypt')
    .description('Encrypts text into a JWE in compact serialization.')
    .argument('[text]', 'the text, or a file with it; - or nothing: standard input');
  return withKeyOptions(command, 'public')
    .option('--alg <name>', 'key management, where the key does not say, such as RSA-OAEP-256')
    .option('--enc <name>', 'content encryption', 'A256GCM')
    .addHelpText('after', examples('canvas-lms-tokens encrypt message.txt --jwk public.json --alg RSA-OAEP-256'))
    .action(async (text, { alg, enc, ...options }) => {
      refusePrompt(options, text, 'the text');
      const key = await keyOf(options, 'public', { needed: true });
      console.log(await encryptJwe(await textOf(text, { anyText: true }), key, alg === undefined ? { enc } : { alg, enc }));
    });
}

function decryptCommand() {
  const command = new Command('decrypt').description('Decrypts a JWE and prints what was in it.').argument('[token]', TOKEN);
  return withKeyOptions(command, 'private')
    .option('--alg <name>', 'a key management algorithm to accept; may be given more than once', collect)
    .option('--enc <name>', 'a content encryption algorithm to accept; may be given more than once', collect)
    .addHelpText('after', examples('canvas-lms-tokens decrypt token.txt --jwk private.json'))
    .action(async (argument, { alg: algorithms, enc: contentEncryption, ...options }) => {
      refusePrompt(options, argument);
      const key = await keyOf(options, 'private', { needed: true });
      const { token } = await tokenOf(argument);
      const { plaintext } = await decryptJwe(token, key, { algorithms, contentEncryption });
      process.stdout.write(plaintext);
      if (process.stdout.isTTY) process.stdout.write('\n');
    });
}

function keygenCommand() {
  return new Command('keygen')
    .description('Makes a key: prints both JWKs, or with --out writes the private one and prints the public one.')
    .argument('<alg>', 'the algorithm it is for, such as RS256, ES256, HS256, RSA-OAEP-256')
    .option('--kid <text>', 'default: the thumbprint (RFC 7638)')
    .option('--out <file>', 'a new file for the private JWK, readable by you alone')
    .addHelpText('after', examples('canvas-lms-tokens keygen RS256 --out private.json > public.json'))
    .action(async (alg, { kid, out }) => {
      const pair = await generateKey(alg, kid === undefined ? {} : { kid }).catch((error) => {
        throw error.at === 'alg' ? new UsageError(error.message) : error;
      });
      if (out === undefined) {
        printJson(pair);
        return;
      }
      try {
        writeFileSync(out, `${JSON.stringify(pair.privateKey, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        throw new UsageError(error.code === 'EEXIST' ? `${out} is there already` : `${out} cannot be written: ${error.code}`);
      }
      // Of a secret both are the same.
      if (pair.publicKey.kty !== 'oct') printJson(pair.publicKey);
    });
}

function exchangeCommand() {
  const command = new Command('exchange')
    .description('Asks Canvas for an access token: LTI 2 with --sub, LTI 1.3 with --client-id.')
    .argument('[url]', 'LTI 2: the access token URL of the registration');
  withKeyOptions(command, 'private');
  return command
    .option('--sub <id>', 'LTI 2: developer key, tool proxy or registration key')
    .option('--code <key>', 'LTI 2: the registration key, for the grant that registers a tool')
    .option('--assertion <token>', 'LTI 2: an assertion that is signed already, or a file with one')
    .option('--client-id <id>', 'LTI 1.3: the developer key')
    .option('--scope <uri>', 'LTI 1.3: may be given more than once', collect)
    .addOption(new Option('--environment <name>', 'LTI 1.3: of Instructure\'s cloud').choices(['production', 'beta', 'test']))
    .option('--base-url <url>', 'LTI 1.3: of a self-hosted Canvas')
    .option(...JSON_OPTION)
    .addHelpText('after', examples(
      'canvas-lms-tokens exchange https://school.example/api/lti/accounts/1/authorize --sub 123123-ad13-ac233 --secret-env SECRET',
      'canvas-lms-tokens exchange --client-id 10000000000042 --jwk private.json --scope https://purl.imsglobal.org/spec/lti-ags/scope/score'))
    .action(async (url, options) => {
      const token = options.clientId === undefined ? await exchangeLti2(url, options) : await exchangeLti13(url, options);
      if (options.json) printJson(token);
      else console.log(token.accessToken);
    });
}

async function exchangeLti2(url, options) {
  const { sub, code, assertion } = options;
  refuse(options, ['scope', 'environment', 'baseUrl'], 'is for LTI 1.3, with --client-id');
  if (url === undefined) throw new UsageError('no URL: LTI 2 needs the access token URL, LTI 1.3 --client-id');
  if (assertion !== undefined) {
    refuse(options, ['sub', ...keyNames('private')], 'is for an assertion to be signed; --assertion is signed already');
    return requestAccessToken({ url, code, assertion: (await tokenOf(assertion)).token });
  }
  if (sub === undefined) throw new UsageError('no --sub, and no --assertion that is signed already');
  refuse(options, ['jwk', 'pem'], SHARED_SECRET);
  const { secret } = await keyOf(options, 'secret', { needed: true });
  return requestAccessToken({ url, code, sub: idOf(sub), secret });
}

async function exchangeLti13(url, options) {
  const { clientId, scope: scopes = [], environment, baseUrl } = options;
  if (url !== undefined) throw new UsageError('a URL, which is for LTI 2; with --client-id it is --base-url or --environment');
  refuse(options, ['sub', 'code', 'assertion'], 'is for LTI 2, --client-id for LTI 1.3');
  if (baseUrl !== undefined) refuse(options, ['environment'], 'is of Instructure\'s cloud, --base-url of a self-hosted Canvas');
  if (scopes.length === 0) throw new UsageError('no --scope');
  const key = await keyOf(options, 'private', { needed: true });
  const platform = canvasPlatform(baseUrl === undefined ? { clientId, environment } : { clientId, baseUrl });
  return requestServiceToken({ platform, key, scopes });
}

function jwksCommand() {
  return new Command('jwks')
    .description('Makes the JWK Set to publish: the public halves of private JWKs.')
    .argument('<files...>', 'private or public JWKs, or JWK Sets')
    .addHelpText('after', examples('canvas-lms-tokens jwks private.json next.json > jwks.json'))
    .action((files) => {
      const keys = files.map((file) => jwkFile(file, 'public')).flatMap((key) => (Array.isArray(key?.keys) ? key.keys : [key]));
      printJson(publicJwks(keys));
    });
}
