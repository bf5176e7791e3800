// The texts of the view Sign.
import { counted } from './words.js';

export const sign = {
  lead: 'Edit header, claims or key, and the token signs itself anew. Edit the token, and its header and claims follow.',
  template: 'Begin with', custom: 'Your own',
  templates: {
    toolProxy: 'LTI 2 assertion, tool proxy', developerKey: 'LTI 2 assertion, developer key', documented: 'LTI 2 assertion, as documented',
    clientAssertion: 'LTI 1.3 client assertion', idToken: 'LTI 1.3 launch (id_token)', deepLinking: 'LTI 1.3 deep linking response',
    canvasJwt: 'Canvas service JWT', jwt: 'A plain JWT',
  },
  renew: 'Set the times to now', renewHint: 'Sets iat, exp and nbf from now on, and a new jti and nonce.', renewed: 'The times run from now on.',

  make: 'Make', modes: { signed: 'Signed', nested: 'Signed, then encrypted', encrypted: 'Encrypted' },
  wrap: 'In base64, as Canvas sends it',
  header: 'Header', claims: 'Claims', jwe: 'Header of the encryption', algorithm: 'Algorithm', management: 'Key management', content: 'Content encryption',
  fault: (message) => `This is not JSON that a token may carry. ${message}`,

  key: 'Signing key', recipient: "Recipient's key", noKey: 'No key yet: enter one, or generate one',
  generate: 'Generate a key', generateFor: (alg, what) => `Generate a key for ${alg}: ${what.toLowerCase()}`,
  generated: (alg) => `A new key for ${alg}. It is in this page's memory alone: save it, if you want it again.`,
  making: 'The page makes a key.',
  generateFailed: (message) => `No key could be generated: ${message}`,
  anyAlg: 'another algorithm of the header',
  saveKey: 'Copy or save the key', hidden: 'Whoever has the secret or the private key can sign as you.',
  forms: { secret: 'Secret as it stands', privateJwk: 'Private key as JWK', privatePem: 'Private key as PEM', publicJwk: 'Public key as JWK Set', publicPem: 'Public key as PEM', secretJwk: 'Secret as JWK' },
  noPem: (message) => `This browser does not write this key as PEM (${message}).`,

  token: 'Token', tokenHelp: 'Edit or paste a token to edit its header and claims.',
  typed: 'The token that is signed anew is shown when you leave this field.',
  notReadable: (message) => `This text is no token whose claims can be edited: ${message}.`,
  encryptedPasted: 'The claims in this token are encrypted. Open it in Inspect with its key, and sign it from there.',
  length: (length) => counted(length, 'character'),
  outcomes: { signed: (alg) => `Signed with ${alg}`, nested: (alg) => `Signed with ${alg}, and encrypted`, encrypted: () => 'Encrypted' },
  notMade: 'Not signed', waiting: 'Choose what to begin with, or write header and claims.',
  places: { header: 'The header', claims: 'The claims', key: 'The signing key', jwe: 'The header of the encryption', recipient: "The recipient's key" },
  problem: (place, message) => `${place}: ${message}`,
  good: 'Nothing in it is wrong.',
  inspect: 'Inspect it', exchange: 'Take it to the exchange', copyToken: 'the token',

  snippets: 'The same in code', languages: { curl: 'curl', javascript: 'JavaScript', rust: 'Rust' },
  whatSnippet: { curl: 'the curl command', javascript: 'the JavaScript', rust: 'the Rust' },
  code: {
    state: 'STATE OF THE LOGIN', returnUrl: 'https://school.example/courses/1/deep_linking_response', resource: 'https://service.example/resource',
    platformSigns: 'sign: what holds the private key signs these bytes, such as ring, RustCrypto or an HSM.',
    platformEncrypts: 'encrypt: RSA-OAEP or ECDH by what holds such keys; the core does the rest.',
  },
};
