// What the cases share that every platform has: no assert, no Buffer.

export const encode = (bytes) => btoa(String.fromCharCode(...bytes))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
export const fromText = (text) => encode(new TextEncoder().encode(text));

/** Throws unless both are the same JSON, bytes as their base64url. */
export function same(found, expected, what) {
  const [a, b] = [found, expected].map((value) =>
    JSON.stringify(value instanceof Uint8Array ? encode(value) : value));
  if (a !== b) throw new Error(`${what}: found ${a}, expected ${b}`);
}

/** Throws unless it rejects with this code. */
export async function refusal(promise, code, what) {
  const found = await promise.then(() => 'no error', (error) => error.code ?? `${error}`);
  same(found, code, what);
}
