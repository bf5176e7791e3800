// Why a call failed, in plain words: what the package's report found, what Canvas's own words mean, or that there was no answer.
import { sentence } from '../../format/sentence.js';
import { texts } from '../../texts.js';

const t = texts.canvas.reasons;

/** {title, text, fix, own (Canvas's words)} of a run that failed. */
export function reasonOf(run) {
  const { error, canvasReason, isInPage, name } = run;
  const own = canvasReason;
  if (error.code === 'ERR_ARGUMENT' || error.code === 'ERR_TOKEN_INVALID') return { title: t.notSent, text: placed(error) };
  if (error.code === 'ERR_FETCH' && !isInPage) return { title: t.noAnswer, text: unreached(run.wire.at(-1)?.sent.url), isCors: true };
  if (error.code === 'ERR_FETCH') return { title: t.noAnswer, text: t.dropped };
  if (error.code === 'ERR_TIMEOUT') return { title: t.noAnswer, text: t.timeout };
  const title = error.status >= 500 ? t.down(error.status) : t.refused[name] ?? t.refused.other;
  const known = t.known.find(([pattern]) => pattern.test(own ?? ''));
  const fault = error.report?.checks.find(({ outcome }) => outcome === 'fail');
  if (fault) return { title, text: sentence(fault.message, fault.at), fix: fault.fix && sentence(fault.fix), own };
  if (known) return { title, text: known[1], fix: known[2], own };
  const unseen = error.report?.checks.find(({ id }) => id === 'unseen');
  if (unseen) return { title, text: sentence(unseen.message), fix: sentence(unseen.fix), own: own ?? error.oauthError };
  if (t.byCode[error.code]) return { title, text: t.byCode[error.code], own: own ?? error.message };
  return { title, text: sentence(error.message), own };
}

/** Why a server gave the page no answer, as far as a page can know. */
function unreached(url = 'https://the.server') {
  const { protocol, host, hostname } = new URL(url);
  const isOwn = hostname === 'localhost' || hostname === '127.0.0.1';
  return protocol === 'http:' && !isOwn ? t.plainHttp(host) : t.cors(host);
}

/** What is wrong with what was entered, at the field's own name. */
function placed({ message, at }) {
  const text = message.replace(/^[\w.[\]]+: /, '');
  return sentence(t.fields[at] ? `${t.fields[at]}: ${text}` : text);
}
