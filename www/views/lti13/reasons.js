// Why Canvas or the tool said no, in plain words, with what to do, and the words that they have for it themselves.
import { sentence } from '../../format/sentence.js';
import { texts } from '../../texts.js';

const t = texts.lti13.reasons;

/** {title, text, fix, own} of a refusal. */
export function reasonOf({ by, error, own = '', message }) {
  const title = t.by[by];
  const words = [error?.code, error?.oauthError, error?.claim, own].filter(Boolean).join(' ');
  const known = t.known.find(([pattern]) => pattern.test(words));
  const said = own || message;
  if (known) return { title, text: known[1], fix: known[2], own: said };
  const fault = error?.report?.checks.find(({ outcome }) => outcome === 'fail');
  if (fault) return { title, text: sentence(fault.message, fault.at), fix: fault.fix && sentence(fault.fix), own: said };
  return { title, text: sentence(said) };
}
