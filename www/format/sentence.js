// The package's messages as sentences.
import { texts } from '../texts.js';

const t = texts.checks;

/** Begins like a sentence, and ends like one. at: of the check, which says whether the message begins with a name. */
export function sentence(message, at = '') {
  const [, part, name] = /^(header|claims)\.(.+)$/.exec(at) ?? [];
  const begun = name && message.startsWith(`${name} `) ? t.named[part](name) + message.slice(name.length)
    : /^[a-z]+_|^[a-z]+\.[a-z]/.test(message) ? message : message.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
  return /[.!?:]$|https?:\/\/\S+$/.test(begun) ? begun : `${begun}.`;
}
