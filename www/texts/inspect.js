// The texts of the view Inspect.
import { counted } from './words.js';

export const inspect = {
  token: 'Token',
  placeholder: 'Paste a token, or anything that has one in it: a URL, a form body, a curl command, a header, a JSON answer.',
  length: (length) => counted(length, 'character'),
  clear: 'Clear', clipboard: 'From the clipboard', file: 'Open a file',
  dropHere: 'Drop the file to read the token in it',
  noClipboard: 'The browser did not let the page read the clipboard. Paste with Ctrl+V or Command+V.',
  samples: 'Samples',
  sampleNames: {
    iat: 'Documented assertion', good: 'A good assertion', launch: 'A launch (LTI 1.3)', assertion: 'Documented, tool proxy',
    accessToken: 'Access token', canvasJwt: 'Canvas JWT', instAccess: 'InstAccess token', broken: 'A broken one',
  },
  sampleHints: {
    good: 'An LTI 2 assertion, signed now: Canvas would take it for a minute.',
    launch: 'What Canvas posts to a tool, made now by the built-in emulator.',
    iat: 'The sample of Canvas’s documentation, which Canvas refuses. See why.',
    assertion: 'The documentation’s other assertion, from 2017.',
    accessToken: 'What Canvas gives for an assertion.',
    canvasJwt: 'From /api/v1/jwts: encrypted, and wrapped in base64.',
    instAccess: 'For Instructure’s API gateway, encrypted.',
    broken: 'Its payload is wrong, and the place is marked.',
  },
  trySample: 'Or try a sample',
  parts: { header: 'Header', claims: 'Claims', signature: 'Signature' },
  partsOfJwe: { header: 'Header', claims: 'Encrypted key, ciphertext', signature: 'IV, tag' },

  key: 'Key', decryptionKey: 'Decryption key', endpoint: 'Sent to',
  endpointHint: 'The URL that the token is sent to. Canvas compares aud with it letter by letter.',
  against: 'Key and endpoint', more: 'More: decryption key, clock, kind', asKind: 'It is meant to be', detected: 'Whatever it is', now: 'Clock', nowHint: 'Seconds since 1970; empty for now.',
  nonce: 'Nonce of the login', tolerance: 'Clock tolerance in seconds', keyWrong: 'The key cannot be used: ',

  empty: {
    title: 'Paste a token, and read here what it says',
    text: 'What it is, whether it is good, and if not, why Canvas or the tool will refuse it and what to change.',
  },
  /** @param kind such as 'LTI 2 assertion', whom: who reads it */
  verdict: {
    valid: (kind) => `This ${kind} is good`,
    unverified: (kind) => `Nothing is wrong with this ${kind}, but its signature is not verified`,
    encrypted: (kind) => `This ${kind} is encrypted: only its header can be read`,
    invalid: (kind, whom) => `${whom} will refuse this ${kind}`,
    nothing: 'There is no token in this text',
  },
  readers: {
    canvas: 'Canvas', tool: 'Your tool', services: 'Instructure’s services', gateway: 'Instructure’s API gateway', anyone: 'Whoever verifies',
  },
  signatureOf: {
    pass: 'Signature verified', fail: 'Signature wrong', skip: 'Signature not verified: give the key', none: 'Not signed',
  },
  moreFaults: (count) => `and ${counted(count, 'more fault')}`,
  expires: (span) => `Expires in ${span}`,
  expired: (span) => `Expired ${span} ago`,
  begins: (span) => `Not valid for another ${span}`,
  hasExpired: 'The token has just expired.',
  decodedOnly: 'The key is in the way: the token is shown as it reads without one.',

  /** @param name of the parameter, header or member that holds it */
  found: (form, name) => (name ? `Found in ${form}: ${name}.` : `Found in ${form}.`),
  forms: {
    url: 'a URL', form: 'a form body', curl: 'a curl command', header: 'HTTP headers', json: 'JSON', har: 'a HAR file', text: 'a text',
  },
  others: 'Other tokens in it', other: (kind, name) => (name ? `${name}: ${kind}` : kind),

  path: 'Layers', layers: { base64: 'Base64', jws: 'JWS, signed', jwe: 'JWE, encrypted', text: 'Text around it' },
  encrypted: 'What is inside is encrypted. Give the decryption key to read it.',
  header: 'Header', claims: 'Claims', payloadText: 'Payload, as it reads', payloadBytes: (length) => `The payload is no text (${counted(length, 'byte')}).`,
  noObject: 'The payload is not a JSON object, so there are no claims.',
  asTable: 'Table', asJson: 'JSON', showAs: 'Show header and claims as',
  place: { header: (name) => `Header ${name}`, claims: (name) => `Claim ${name}`, payload: 'Payload', signature: 'Signature', token: 'Token', protected: 'Header' },
  checks: 'Checks', counts: {
    fail: (count) => counted(count, 'fault'), warn: (count) => counted(count, 'warning'), pass: (count) => `${count} passed`, skip: (count) => `${count} not checked`,
  },

  repair: {
    /** @param names of the claims and parameters that change */
    sign: (names) => `Sign again with ${new Intl.ListFormat('en').format(names)}`,
    without: (name) => `no ${name}`, secret: 'the secret as it is meant',
    // Where the token stays as it is, and only the secret is read in another way.
    useSecret: {
      trim: 'Use the secret without the space around it', 'remove-quotes': 'Use the secret without its quotation marks',
      'decode-base64': 'Use the secret decoded from base64', 'decode-hexadecimal': 'Use the secret decoded from hexadecimal',
    },
    noKey: 'To sign again, give the key that signs: a secret, or a private key.',
    failed: (message) => `It could not be signed again: ${message}`,
    done: 'Signed again. Undo with Ctrl+Z in the token.',
  },
  edit: 'Edit and sign',

  sharing: {
    open: 'Share', title: 'Share this token or the report on it', close: 'Close',
    warning: 'Whoever has the link has the token, and can use it while it is valid: if it is a real one, they are you. Keys are never in the link.',
    strip: 'Leave the signature out, so that the token cannot be used',
    link: 'Link', linkHint: 'The token stands after the #, the part of an address that browsers do not send to servers.',
    noSignature: 'There is no signature to leave out.',
    makeLink: 'Make a link', markdown: 'Report as Markdown', json: 'Report as JSON', reportStrip: 'The reports hold claims, but neither the token nor a key.',
    opened: 'The token came with the link. It is out of the address again.',
    kindOf: 'Kind', at: 'Inspected',
  },
  kinds: {
    'lti2-assertion': 'LTI 2 assertion', 'lti2-access-token': 'LTI 2 access token', 'canvas-jwt': 'Canvas service JWT',
    'inst-access-token': 'InstAccess token', 'lti13-id-token': 'LTI 1.3 launch (id_token)',
    'lti13-client-assertion': 'LTI 1.3 client assertion', 'lti13-deep-linking-response': 'LTI 1.3 deep linking response',
    'lti13-access-token': 'LTI 1.3 access token', 'lti13-notice': 'LTI 1.3 notice', 'lti13-registration-token': 'LTI 1.3 registration token',
    'lti13-message-hint': 'LTI 1.3 message hint', 'lti13-login-state': 'LTI 1.3 login state', 'oauth-state': 'OAuth state', jwt: 'JWT', jws: 'JWS', jwe: 'JWE',
  },
};
