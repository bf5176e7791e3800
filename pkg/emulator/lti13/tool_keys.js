// The public key of a tool: of its developer key, or at the URL that the developer key names.

import { parseJson } from '../json.js';
import { joseError, readJws, verifyRs256 } from '../jose.js';

/**
 * Verifies what a tool signed, RS256 alone. Canvas fetches a JWKS each time, and picks by kid; an inline JWK's kid it ignores.
 * @returns the claims; throws an error whose `jose` is the class that Canvas would have raised
 */
export async function verifyOfTool(canvas, key, token) {
  if (!key.publicJwkUrl) {
    if (!key.publicJwk) throw joseError('JSON::JWS::VerificationFailed', 'the developer key has no public JWK');
    return verifyRs256(token, key.publicJwk);
  }
  const { kid } = readJws(token).header;
  const keys = await fetchKeys(canvas, key.publicJwkUrl);
  const jwk = keys.find((candidate) => candidate?.kid === kid);
  if (!jwk) throw joseError('JSON::JWK::Set::KidNotFound');
  return verifyRs256(token, jwk);
}

async function fetchKeys(canvas, url) {
  const text = await fetchText(canvas, url).catch((error) => {
    throw joseError('FetchFailed', `${url}: ${error.message}`);
  });
  let set;
  try {
    set = parseJson(text);
  } catch {
    throw joseError('JSON::ParserError', `${url} answers no JSON`);
  }
  return Array.isArray(set?.keys) ? set.keys : [];
}

async function fetchText(canvas, url) {
  if (!canvas.fetch) throw new Error('the emulator was given no fetch');
  const response = await canvas.fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}
