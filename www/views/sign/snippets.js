// The same token from a terminal, from JavaScript and from Rust. Keys are never in them: they come from the environment.
import { jsonText } from '../../format/json.js';
import { quoted } from '../../package/wire.js';
import { texts } from '../../texts.js';

const t = texts.sign.code;

/** {curl, javascript, rust} for what the model has made, with its kind. */
export function snippetsOf(given, made) {
  return { curl: curl(given, made), javascript: javascript(given, made), rust: rust(given, made) };
}

// How a token of each kind reaches its reader.
const REQUESTS = {
  'lti2-assertion': ({ claims }, { code }) => [claims.aud, {
    grant_type: code ? 'authorization_code' : 'urn:ietf:params:oauth:grant-type:jwt-bearer', ...(code && { code }), assertion: true,
  }],
  'lti13-client-assertion': ({ claims }) => [claims.aud, {
    grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    scope: 'https://purl.imsglobal.org/spec/lti-ags/scope/score', client_assertion: true,
  }],
  'lti13-id-token': ({ claims }) => [claims['https://purl.imsglobal.org/spec/lti/claim/target_link_uri'], { state: t.state, id_token: true }],
  'lti13-deep-linking-response': () => [t.returnUrl, { JWT: true }],
};

function curl(given, made) {
  const token = `TOKEN=${quoted(made.token)}`;
  const request = REQUESTS[made.report?.kind]?.(made, given);
  if (!request) return `${token}\ncurl ${t.resource} \\\n  -H "Authorization: Bearer $TOKEN"`;
  const [url, fields] = request;
  const data = Object.entries(fields).map(([name, value]) =>
    `  --data-urlencode ${value === true ? `"${name}=$TOKEN"` : quoted(`${name}=${value}`)}`);
  return [`${token}\ncurl ${quoted([url].flat()[0])}`, ...data].join(' \\\n');
}

const literal = (value) => jsonText(value, '', (bigint) => `${bigint}n`);
const isSecret = ({ kind, text }) => kind === 'secret' || kind === 'base64' || (kind === 'jwk' && /"kty"\s*:\s*"oct"/.test(text));
const keyInJs = ({ kind }, name) => ({
  secret: `{ secret: process.env.${name} }`, base64: `{ secret: Buffer.from(process.env.${name}, 'base64') }`, pem: `{ pem: process.env.${name} }`,
})[kind] ?? `JSON.parse(process.env.${name})`;

function javascript({ mode, isWrapped, key, recipient }, { header, claims, jwe }) {
  const names = [mode !== 'encrypted' && 'signJwt', mode !== 'signed' && 'encryptJwe', isWrapped && 'wrap', mode === 'encrypted' && 'stringify'];
  const signed = `await signJwt(claims, ${keyInJs(key, 'SIGNING_KEY')}, ${literal(header ?? {})})`;
  const lines = [`import { ${names.filter(Boolean).join(', ')} } from 'canvas-lms-tokens';`, '', `const claims = ${literal(claims)};`];
  if (mode !== 'encrypted') lines.push(`${mode === 'signed' && !isWrapped ? 'const token' : 'let token'} = ${signed};`);
  if (mode !== 'signed') {
    lines.push(`${mode === 'encrypted' ? (isWrapped ? 'let token' : 'const token') : 'token'} = await encryptJwe(${
      mode === 'encrypted' ? 'stringify(claims)' : 'token'}, ${keyInJs(recipient, 'RECIPIENT_KEY')}, ${literal(jwe)});`);
  }
  if (isWrapped) lines.push('token = wrap(token);');
  lines.push('console.log(token);');
  return lines.join('\n');
}

const keyInRust = ({ kind, text }, name) => {
  if (kind === 'secret') return `Key::secret(Secret::new(${name}.as_bytes().to_vec(), "${name}")?, None)`;
  if (kind === 'base64') return `Key::secret(Secret::new(${name}.to_vec(), "${name}")?, None)`;
  if (kind === 'pem' || /^\s*-----/.test(text)) return `pem::parse(${name})?`;
  return `jwk::parse(&json::read_object(${name}.as_bytes())?)?`;
};
/** How a key is given: the bytes of a secret in base64, else text. */
const parameter = ({ kind }, name) => `${name}: ${kind === 'base64' ? '&[u8]' : '&str'}`;

/** The bytes of a text in as many hashes as it needs. */
function rustText(text) {
  const hashes = '#'.repeat(2 + Math.max(0, ...[...text.matchAll(/"(#+)/g)].map(([, found]) => found.length)));
  return `r${hashes}"${text}"${hashes}.as_bytes()`;
}

/** A function that is given what the core has not: keys, random bytes, and the platform's part in RSA and elliptic curves. */
function rust({ mode, isWrapped, key, recipient }, { text }) {
  const given = [], lines = [`let claims = ${rustText(text.claims)};`];
  if (mode !== 'encrypted') {
    given.push(parameter(key, 'signing_key'), !isSecret(key) && 'sign: impl FnOnce(&[u8]) -> Result<Vec<u8>>');
    lines.push(`let key = ${keyInRust(key, 'signing_key')};`, `let header = json::read_object(${rustText(text.header)})?;`,
      'let input = SigningInput::new(claims, &key, &header)?;',
      isSecret(key) ? 'let signature = input.mac().unwrap_or_default();' : 'let signature = sign(input.as_bytes())?;',
      'let token = input.seal(&signature);');
  }
  if (mode !== 'signed') {
    given.push(parameter(recipient, 'recipient_key'), 'random: Random<\'_>', !isSecret(recipient) && 'encrypt: impl FnOnce(&Encryption<\'_>) -> Result<Recipient>');
    lines.push(`let recipient = ${keyInRust(recipient, 'recipient_key')};`, `let header = json::read_object(${rustText(text.jwe)})?;`,
      'let encryption = Encryption::new(&recipient, header, &mut *random)?;',
      `let part = ${isSecret(recipient) ? 'Recipient::Shared' : 'encrypt(&encryption)?'};`,
      `let token = encryption.seal(${mode === 'encrypted' ? 'claims' : 'token.as_bytes()'}, part, random)?;`);
  }
  lines.push(`Ok(${isWrapped ? 'wrap(&token)' : 'token'})`);
  const signature = `fn token(${given.filter(Boolean).join(', ')}) -> Result<String> {`;
  const body = lines.map((line) => `    ${line}`).join('\n');
  const used = ['Encryption', 'Key', 'Random', 'Recipient', 'Secret', 'SigningInput', 'jwk', 'pem', 'wrap']
    .filter((name) => new RegExp(`\\b${name}(::|\\(|<|>)`).test(signature + body));
  const about = [!isSecret(key) && mode !== 'encrypted' && `// ${t.platformSigns}`, !isSecret(recipient) && mode !== 'signed' && `// ${t.platformEncrypts}`];
  return [`use canvas_lms_tokens::jose::{${used.join(', ')}};`, 'use canvas_lms_tokens::{Result, json};', '', ...about.filter(Boolean),
    signature, body, '}'].join('\n');
}
