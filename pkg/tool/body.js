// The bodies of requests, bounded in size and time before anything is made of them.
import { argument, failure } from './failure.js';
import { within } from './within.js';

// A parameter of a login or launch has at most 64 KiB; a notice's batch is longer.
export const FORM_BYTES = 256 * 1024;
export const NOTICES_BYTES = 1024 * 1024;
const MILLISECONDS = 10_000;

/** The body as text; `code` is that of the error where it is too long, or breaks off. */
export async function textOf(request, limit, code) {
  if (request.bodyUsed || request.body?.locked) throw readBefore();
  const body = request.body ?? (await wholeOf(request));
  if (!body) return '';
  const reader = body.getReader();
  const tooLate = () => failure('ERR_TIMEOUT', `the body of the request did not come within ${MILLISECONDS} ms`, { status: 408 });
  try {
    const said = Number(request.headers.get('content-length'));
    if (said > limit) throw tooLong(limit, code);
    const text = await within(MILLISECONDS, readAll(reader, limit, code), tooLate);
    if (text === '' && said > 0) throw readBefore();
    return text;
  } catch (error) {
    // Whether the sender hears of it does not matter: nothing more is read.
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

async function readAll(reader, limit, code) {
  // The sender has gone; or, in Node, a parser has taken the body before, which the adapter says only so.
  const brokenOff = (cause) => { throw failure(code, 'the body broke off, or a parser of bodies stands before the tool', { cause }); };
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > limit) throw tooLong(limit, code);
    text += decoder.decode(value, { stream: true });
  }
}

const readBefore = () => argument('request', 'its body was read before; expected the tool in front of every parser of bodies');
const tooLong = (limit, code) => failure(code, `a body of more than ${limit} bytes`, { status: 413 });

/** The body where the platform has none of a request's as a stream, as in a worker of Firefox's. */
const wholeOf = async (request) => ('body' in request ? null : (await request.blob()).stream());

/** The parameters of a request, as text: the query of a GET, else the form in the body. */
export async function formOf(request, url, code) {
  if (request.method === 'GET') return url.search;
  const type = request.headers.get('content-type') ?? '';
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return textOf(request, FORM_BYTES, code);
  throw failure(code, 'the body is no form, expected application/x-www-form-urlencoded', { status: 415 });
}
