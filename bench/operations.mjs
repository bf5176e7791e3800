// What is timed: each operation with its inputs, what must come out, and what must be refused.
import * as jose from 'jose';
import * as tokens from 'canvas-lms-tokens';

export const audience = 'https://school.example/api/lti/accounts/1/authorize';
const SIZES = { long: [300, 1024, 4096, 16384, 65536, 262144, 1048576], short: [300, 16384, 1048576] };
// Several inputs each, so that nobody answers from the last call.
const INPUTS = 16;

const bytes = (text) => new TextEncoder().encode(text);
const text = (binary) => new TextDecoder().decode(binary);

/** New keys: private and public JWKs, and secrets. */
export async function makeKeys() {
  const pair = async (alg) => {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
    return { privateKey: await jose.exportJWK(privateKey), publicKey: await jose.exportJWK(publicKey) };
  };
  return {
    secret: 'a secret of 32 characters, as is.',
    content: crypto.getRandomValues(new Uint8Array(32)),
    RS256: await pair('RS256'),
    ES256: await pair('ES256'),
    'RSA-OAEP': await pair('RSA-OAEP'),
  };
}

/** [{name, kind (what a library calls it), ours (what ours is called, where that differs), inputs, check(result, input), refused (inputs), bytes (where size matters)}] */
export async function makeOperations(keys, length) {
  const now = Math.floor(Date.now() / 1000);
  const claims = Array.from({ length: INPUTS }, () => (
    { sub: '123123-ad13-ac233', aud: audience, exp: now + 3600, iat: now, jti: crypto.randomUUID() }));
  const rows = [];
  const add = (name, inputs, check, refused = []) => rows.push({ name, kind: name, inputs, check, refused });
  // Once with the key as it is, once with ours prepared; others have theirs prepared in both.
  const addKeyed = (kind, ...rest) => {
    add(kind, ...rest);
    add(`${kind}, prepared key`, ...rest);
    Object.assign(rows.at(-1), { kind, ours: `${kind}, prepared key` });
  };
  for (const alg of ['HS256', 'RS256', 'ES256']) {
    const [own, other] = alg === 'HS256' ? [bytes(keys.secret), bytes(keys.secret)]
      : [await jose.importJWK(keys[alg].privateKey, alg), await jose.importJWK(keys[alg].publicKey, alg)];
    const sign = (set) => new jose.SignJWT(set).setProtectedHeader({ alg, typ: 'JWT' }).sign(own);
    addKeyed(`${alg} sign`, claims, async (token, set) => {
      const { payload, protectedHeader } = await jose.jwtVerify(token, other);
      same({ claims: payload, header: protectedHeader }, { claims: set, header: { alg, typ: 'JWT' } });
    });
    const signed = await Promise.all(claims.map(sign));
    const [good] = signed;
    addKeyed(`${alg} verify`, signed, (result, token) => {
      same(result.claims ?? result.payload ?? result, jose.decodeJwt(token));
    }, [
      good.replace(/\.[^.]*$/, (signature) => `.AAAA${signature.slice(5)}`),
      await sign({ ...claims[0], aud: 'https://other.example/' }),
      await sign({ ...claims[0], exp: now - 1 }),
    ]);
    if (alg !== 'HS256') continue;
    add('decode', signed, (result, token) => {
      const [header, payload] = token.split('.').slice(0, 2).map((part) => JSON.parse(text(jose.base64url.decode(part))));
      same({ header: result.header, claims: result.claims ?? result.payload }, { header, claims: payload });
    }, [`${good.slice(3)}`]);
    add('inspect', signed, ({ kind, outcome }) => same([kind, outcome], ['lti2-assertion', 'valid']));
    rows.push(...await sized(SIZES[length], claims[0], sign));
  }
  await addLti13(keys, claims, addKeyed);
  const decrypted = ({ plaintext }, token) => same(text(plaintext), plain.get(token));
  const plain = new Map();
  for (const [alg, enc] of [['dir', 'A256GCM'], ['RSA-OAEP', 'A128CBC-HS256']]) {
    const key = alg === 'dir' ? keys.content : await jose.importJWK(keys[alg].publicKey, alg);
    const made = await Promise.all(claims.map(async (set) => {
      const nested = tokens.signAssertion(set, keys.secret);
      const token = await new jose.CompactEncrypt(bytes(nested)).setProtectedHeader({ alg, enc }).encrypt(key);
      plain.set(token, nested);
      return token;
    }));
    add(`${alg}+${enc} decrypt`, made, decrypted, [`${made[0].slice(0, made[0].lastIndexOf('.'))}.${'A'.repeat(22)}`]);
  }
  return rows;
}

/** Verifying and decoding tokens of growing size: one long text, and many members. */
async function sized(sizes, claims, sign) {
  const rows = [];
  for (const [shape, fill] of [['text', 'x'], ['members', '"name0000000":"value",']]) {
    for (const size of sizes) {
      const length = Math.ceil((size - 44) * 3 / 4 - 48 - JSON.stringify(claims).length);
      const copies = Math.max(0, Math.floor(length / fill.length));
      const custom = shape === 'text' ? fill.repeat(copies)
        : Object.fromEntries(Array.from({ length: copies }, (_, i) => [`name${String(i).padStart(7, '0')}`, 'value']));
      const token = await sign({ ...claims, custom });
      for (const kind of ['HS256 verify', 'decode']) {
        const check = (result) => same((result.claims ?? result.payload).custom, custom);
        const name = `${kind}, ${size} of ${shape}`;
        rows.push({ name, kind, shape, bytes: token.length, inputs: [token], check, refused: [] });
      }
    }
  }
  return rows;
}

function same(found, expected) {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value, sortedMembers));
  if (a !== b) throw new Error(`gives ${a.slice(0, 300)}, expected ${b.slice(0, 300)}`);
}

// Libraries may order members as they like.
const sortedMembers = (_, value) => (value && typeof value === 'object' && !Array.isArray(value)
  ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);

export const platform = tokens.canvasPlatform({ clientId: '10000000000042' });
export const launchSecret = 'a secret of 32 characters, as is.';

/** What LTI 1.3 tools do most: sign a client assertion, verify a launch. */
async function addLti13(keys, sets, addKeyed) {
  const [own, other] = await Promise.all([jose.importJWK(keys.RS256.privateKey, 'RS256'), jose.importJWK(keys.RS256.publicKey, 'RS256')]);
  const expected = { issuer: platform.clientId, subject: platform.clientId, audience: platform.tokenEndpoint };
  addKeyed('client assertion', sets, async (token, { jti, iat }) => {
    const { payload } = await jose.jwtVerify(token, other, expected);
    same([payload.jti, payload.iat, payload.exp], [jti, iat, iat + 300]);
  });
  const launches = await Promise.all(sets.map(() => launch(own)));
  const [{ form, ...rest }] = launches;
  addKeyed('launch verify', launches, (result, { form }) => {
    same((result.claims ?? result.payload).nonce, jose.decodeJwt(form.id_token).nonce);
  }, [{ ...rest, form: { ...form, id_token: form.id_token.replace(/\.[^.]*$/, (signature) => `.AAAA${signature.slice(5)}`) } }]);
}

/** A launch as the platform posts it, with the cookie of its login. */
async function launch(key) {
  const lti = 'https://purl.imsglobal.org/spec/lti/claim';
  const request = { iss: platform.issuer, client_id: platform.clientId, login_hint: 'h', target_link_uri: 'https://tool.example/launch' };
  const { state, nonce, cookie } = await tokens.beginLaunch(request,
    { platforms: platform, redirectUri: 'https://tool.example/launch', secret: launchSecret });
  const claims = {
    sub: crypto.randomUUID(), nonce, azp: platform.clientId, locale: 'en', name: 'Sue Student', email: 'sue@school.example',
    [`${lti}/message_type`]: 'LtiResourceLinkRequest', [`${lti}/version`]: '1.3.0', [`${lti}/deployment_id`]: '7:1d7f3a526c0b',
    [`${lti}/target_link_uri`]: 'https://tool.example/launch', [`${lti}/resource_link`]: { id: crypto.randomUUID(), title: 'Speech' },
    [`${lti}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    [`${lti}/context`]: { id: '66157096483e6b3a', label: 'RHET101', title: 'Rhetoric 101' }, [`${lti}/custom`]: { course: '1' },
  };
  const token = await new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'k' })
    .setIssuer(platform.issuer).setAudience(platform.clientId).setIssuedAt().setExpirationTime('1h').sign(key);
  return { form: { state, id_token: token }, cookie: cookie.split(';')[0] };
}
