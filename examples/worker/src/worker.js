// A worker between a plagiarism checker and Canvas: what the checker found becomes an originality report, with an LTI 2 token.
import { cachedToken, Canvas, isTokenError, requestAccessToken, stringify, verifyJwtSync } from 'canvas-lms-tokens';

// One for each isolate, so that requests share the token.
let canvas;
function connect({ CANVAS_URL: baseUrl, ACCESS_TOKEN_URL: url, TOOL_GUID: sub, TOOL_SECRET: secret }) {
  // Requested when it is first needed, and again before it expires.
  return new Canvas({ baseUrl, accessToken: cachedToken(() => requestAccessToken({ url, sub, secret })) });
}

const answer = (status, body) =>
  new Response(stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

function refused(status, error) {
  if (!isTokenError(error)) throw error;
  console.error(error);
  return answer(status, { code: error.code, error: error.message });
}

export default {
  /** Takes a JWT of the checker, signed with the secret that they share: {aud: 'reports', exp, assignmentId, …}. */
  async fetch(request, env) {
    if (request.method !== 'POST') return answer(405, { error: 'only POST' });
    let found;
    try {
      const options = { audience: 'reports', algorithms: ['HS256'], requiredClaims: ['exp', 'assignmentId', 'submissionId'] };
      found = verifyJwtSync(await request.text(), { secret: env.CHECKER_SECRET }, options).claims;
    } catch (error) {
      return refused(401, error);
    }
    try {
      canvas ??= connect(env);
      const { assignmentId, submissionId, fileId, originalityScore } = found;
      return answer(201, await canvas.createOriginalityReport({ assignmentId, submissionId }, { fileId, originalityScore }));
    } catch (error) {
      // Where no token was granted, the cause says why.
      const reason = isTokenError(error.cause) ? error.cause : error;
      return refused(reason.code === 'ERR_ARGUMENT' ? 400 : 502, reason);
    }
  },
};
