// The bodies of requests, bounded in size and time before anything is made of them.
import { failure } from './failure.js';

// A parameter of a login or launch has at most 64 KiB; a notice's batch is longer.
export const FORM_BYTES = 256 * 1024;
export const NOTICES_BYTES = 1024 * 1024;
const MILLISECONDS = 10_000;

/** The body as text; `code` is that of the error where it is too long. */
export async function textOf(request, limit, code) {
  const tooLong = () => failure(code, `a body of more than ${limit} bytes`, { status: 413 });
  const body = request.body ?? (await wholeOf(request));
  if (!body) return '';
  const reader = body.getReader();
  let timer;
  const tooLate = () => failure('ERR_TIMEOUT', `the body of the request did not come within ${MILLISECONDS} ms`, { status: 408 });
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), MILLISECONDS);
  });
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  try {
    if (Number(request.headers.get('content-length')) > limit) throw tooLong();
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return text + decoder.decode();
      length += value.byteLength;
      if (length > limit) throw tooLong();
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    // Whether the sender hears of it does not matter: nothing more is read.
    reader.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The body where the platform has none of a request's as a stream, as in a worker of Firefox's. */
const wholeOf = async (request) => ('body' in request ? null : (await request.blob()).stream());

/** The parameters of a request, as text: the query of a GET, else the form in the body. */
export async function formOf(request, url, code) {
  if (request.method === 'GET') return url.search;
  const type = request.headers.get('content-type') ?? '';
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return textOf(request, FORM_BYTES, code);
  throw failure(code, 'the body is no form, expected application/x-www-form-urlencoded', { status: 415 });
}
