// A payload that is no claims set, as text.

/** {text (undefined for bytes that are no text), length in bytes} of what base64url stands for. */
export function payloadOf(base64url) {
  const bytes = Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0));
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), length: bytes.length };
  } catch {
    return { text: undefined, length: bytes.length };
  }
}

/** Where the payload's text is wrong, by the line and column that the check names: a name is marked whole. */
export function faultIn(text, checks) {
  const check = checks.find(({ at, outcome }) => at === 'payload' && outcome === 'fail');
  const [, line, column] = /line (\d+), column (\d+)/.exec(check?.message ?? '') ?? [];
  if (!line) return undefined;
  const before = text.split('\n').slice(0, line - 1).join('\n');
  const place = Math.min((before ? before.length + 1 : 0) + Number(column) - 1, text.length - 1);
  const [word] = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(place)) ?? [' '];
  return { start: place, end: place + word.length };
}
