// Sites that kept Canvas's example key: no launch of theirs is taken, wherever the key comes from, and the error names it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteJwks } from 'canvas-lms-tokens';
import { rejects } from '../node/copies.mjs';
import { keys as good, launch, platform } from './platform.mjs';

const n = 'uX1MpfEMQCBUMcj0sBYI-iFaG5Nodp3C6OlN8uY60fa5zSBd83-iIL3n_qzZ8VCluuTLfB7rrV_tiX727XIEqQ';
const example = { kty: 'RSA', e: 'AQAB', n, kid: 'one' };
const set = { keys: ['2018-05-18T22:33:20Z', 'one', '2018-07-18T22:33:20Z'].map((kid) => ({ ...example, kid })) };
const fetch = async () => Response.json(set);

for (const [name, options] of Object.entries({
  'at the platform\'s URL': { keys: undefined, fetch },
  'at a URL': { keys: remoteJwks(platform.jwksUri, { fetch }) },
  'in a set': { keys: set },
  'by itself': { keys: example },
})) {
  test(`the example key ${name}`, async () => {
    const error = await rejects(() => launch({ options }), 'ERR_JWK_INVALID');
    assert.match(error.message, /Canvas's example key of 512 bits, whose private half is public .* anyone can forge launches .* operator must/);
  });
}

test('beside it, another key of the platform verifies', async () => {
  await launch({ options: { keys: { keys: [{ ...example, kid: 'old' }, ...good.keys] } } });
});
