// Keys as they are entered, and as the package takes them.
import { fromBase64url } from '../format/base64url.js';
import { texts } from '../texts.js';

const t = texts.key;

/** Which kind of key a text is, where its form says so. */
export function kindOf(text) {
  if (/^\s*-----BEGIN /.test(text)) return 'pem';
  if (/^\s*\{/.test(text)) return 'jwk';
  return undefined;
}

/**
 * What the package takes for what was entered ({kind, text, keys}); undefined where nothing was.
 *
 * @throws an Error whose message says what to change
 */
export function keyFrom(entered) {
  if (!entered) return undefined;
  const { kind, text = '', key } = entered;
  if (kind === 'url' || kind === 'emulator') return key;
  if (text.trim() === '') return undefined;
  return READ[kind](text);
}

const READ = {
  secret: (secret) => ({ secret }),
  base64(text) {
    try {
      return { secret: fromBase64url(text.replace(/\s/g, '')) };
    } catch {
      throw new Error(t.noBase64);
    }
  },
  pem: (pem) => ({ pem }),
  jwk(text) {
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message would quote the key.
      throw new Error(t.noJson);
    }
  },
};
