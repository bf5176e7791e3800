// The keys of the cases, in every form that both this package and jose take: made here, by jose, and elsewhere.

/** Pairs are made once for each algorithm: RSA keys take long. */
export function keyPairs(ours, jose, keys) {
  const made = new Map();
  const once = (name, make) => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name);
  };
  return {
    signing: (alg, kind) => once(alg, () => (kind === 'oct'
      ? secrets(ours, jose, alg, { bytes: Number(alg.slice(2)) / 8 })
      : asymmetric(ours, jose, keys, alg, kind))),
    encrypting: (alg, kind, enc, withoutAes192) => {
      if (kind !== 'oct') return once(`${alg} ${kind}`, () => asymmetric(ours, jose, keys, alg, kind));
      const name = alg === 'dir' ? enc : alg;
      return once(name, () => secrets(ours, jose, name, { bytes: secretLength(name), withoutAes192, alg }));
    },
  };
}

/** A128KW, A128GCM, A128GCMKW: 16 bytes; A128CBC-HS256: 32. */
const secretLength = (name) => Number(name.slice(-3)) / 8 || Number(/\d+/.exec(name)[0]) / 8;

const both = (what, key, jwk) => ({ what, own: key, their: key, jwk });

async function secrets(ours, jose, name, { bytes, withoutAes192, alg }) {
  const secret = crypto.getRandomValues(new Uint8Array(bytes));
  const generated = await ours.generateKey(name);
  const platforms = withoutAes192 ? [] : [true, false].map(async (extractable) => {
    const key = await jose.generateSecret(name, { extractable });
    // For CBC there is no CryptoKey that holds both keys. AES is done here, so that its key must be extractable.
    if (!(key instanceof CryptoKey) || (!extractable && !name.startsWith('HS'))) return [];
    return both(`a CryptoKey, extractable ${extractable}`, { privateKey: key, publicKey: key });
  });
  return [
    {
      what: 'bytes',
      own: { privateKey: { secret }, publicKey: { secret, alg: alg ?? name } },
      their: { privateKey: secret, publicKey: secret },
    },
    // The alg of a key for dir is the content encryption's, which jose does not take for dir.
    {
      ...both('made here', generated, generated.privateKey),
      their: alg === 'dir' ? withoutAlg(generated) : generated,
    },
    ...(await Promise.all(platforms)).flat(),
  ];
}

async function asymmetric(ours, jose, keys, alg, kind) {
  const options = alg.startsWith('ECDH') ? { crv: kind } : {};
  const pair = await jose.generateKeyPair(alg, { ...options, extractable: false });
  const exportable = await jose.generateKeyPair(alg, { ...options, extractable: true });
  const exported = {
    privateKey: await jose.exportJWK(exportable.privateKey),
    publicKey: await jose.exportJWK(exportable.publicKey),
  };
  const elsewhere = { privateKey: keys[kind], publicKey: publicHalf(keys[kind]) };
  const generated = await ours.generateKey(alg);
  const isOfKind = (generated.privateKey.crv ?? 'RSA') === kind;
  return [
    both('CryptoKeys', pair),
    both('exported CryptoKeys', exported, exported.privateKey),
    both('made elsewhere', elsewhere, elsewhere.privateKey),
    ...(isOfKind ? [both('made here', generated, generated.privateKey)] : []),
  ];
}

const withoutAlg = (pair) =>
  Object.fromEntries(Object.entries(pair).map(([name, { alg, ...jwk }]) => [name, jwk]));
const publicHalf = ({ d, p, q, dp, dq, qi, ...jwk }) => jwk;
