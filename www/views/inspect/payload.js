// A payload that is no claims set, as text.
import { fromBase64url } from '../../format/base64url.js';

/** {text, length in bytes} of what base64url stands for: no length where it is not base64url, no text where its bytes are none. */
export function payloadOf(base64url) {
  let length;
  try {
    const bytes = fromBase64url(base64url);
    ({ length } = bytes);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), length };
  } catch {
    return { text: undefined, length };
  }
}

/** Where the payload's text is wrong, by the check. */
export const faultIn = (text, checks) => faultAt(text, checks.find(({ at, outcome }) => at === 'payload' && outcome === 'fail')?.message ?? '');

/** The characters of a text that a message means by line and column; a name is marked whole. */
export function faultAt(text, message) {
  const [, line, column] = /line (\d+), column (\d+)/.exec(message) ?? [];
  if (!line) return undefined;
  const before = text.split('\n').slice(0, line - 1).join('\n');
  const place = Math.max(0, Math.min((before ? before.length + 1 : 0) + Number(column) - 1, text.length - 1));
  const [word] = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(place)) ?? [' '];
  return { start: place, end: place + word.length };
}
