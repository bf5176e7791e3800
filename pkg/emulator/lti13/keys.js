// The platform's keys: past, present and future, as Canvas publishes and rotates them.

import { generateRsa, publicJwk, RS256 } from '../jose.js';

const HOUR = 3600;

/** GET /api/lti/security/jwks. Only the present key signs. */
export async function ltiJwks(canvas) {
  const { past, present, future } = await canvas.ltiKeys();
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'max-age=864000' },
    value: { keys: [past, present, future].map(publicJwk) },
  };
}

/** One Canvas's keys, which it rotates at most once an hour. */
export function createLtiKeys(canvas, initial) {
  let keys;
  let rotatedAt = -Infinity;
  const current = async () => (keys ??= { ...(await initial()) });

  /** Future becomes present, present past. Resolves to false, with nothing changed, within an hour of the last time. */
  async function rotate() {
    const { present, future } = await current();
    if (canvas.now() - rotatedAt < HOUR) return false;
    rotatedAt = canvas.now();
    keys = { past: present, present: future, future: await generateRsa(RS256, `${canvas.time()}_${canvas.uuid()}`) };
    return true;
  }
  return { current, rotate };
}
