// Notices of the Platform Notification Service, as a platform posts them to the tool's handler.
import { isTokenError, parse, verifyNotice } from 'canvas-lms-tokens';
import { NOTICES_BYTES, textOf } from './body.js';
import { failure } from './failure.js';
import { statusOfError } from './pages.js';

const CODE = 'ERR_LTI_MESSAGE_INVALID';
// Each is verified, whoever sent it: without a bound one request would keep a process busy for minutes.
const MOST = 100;

const json = (value, status) => Response.json(value, { status, headers: { 'cache-control': 'no-store' } });

/**
 * Verifies each and hands it on. All are tried; the answer tells of those that failed, as a platform may log it, and so is `heard`
 * told. What else a handler throws is thrown in the end.
 */
export async function answerNotices(request, { verifying, take, heard }) {
  const [errors, thrown] = [[], []];
  let list;
  try {
    list = await listOf(request);
  } catch (error) {
    if (!isTokenError(error)) throw error;
    await heard(error);
    return json({ errors: [told(error)] }, statusOfError(error));
  }
  for (const [index, { jwt }] of list.entries()) {
    let notice;
    try {
      notice = await verifyNotice(jwt, verifying);
      await take(notice);
    } catch (error) {
      if (isTokenError(error)) {
        await heard(error);
        // What went wrong in the tool is not the sender's to know.
        errors.push({ index, ...(notice ? { code: error.code } : told(error)), status: statusOfError(error) });
      } else {
        thrown.push(error);
      }
    }
  }
  if (thrown.length > 0) throw thrown[0];
  return errors.length === 0 ? json({}, 200) : json({ errors }, Math.max(...errors.map(({ status }) => status)));
}

const told = ({ code, message }) => ({ code, message });

async function listOf(request) {
  let body;
  const text = await textOf(request, NOTICES_BYTES, CODE);
  try {
    body = parse(text);
  } catch (cause) {
    throw failure(CODE, `the body is no JSON: ${cause.message}`, { cause });
  }
  const { notices } = Object(body);
  const isList = Array.isArray(notices) && notices.every((notice) => typeof Object(notice).jwt === 'string');
  if (!isList) throw failure(CODE, 'the body has no notices, expected {"notices": [{"jwt": "…"}]}');
  if (notices.length > MOST) throw failure(CODE, `${notices.length} notices, expected at most ${MOST}`, { status: 413 });
  return notices;
}
