// Canvas's leaky bucket: full at the high-water mark, capped at the maximum, a reserve for each request under way.

import { plain, refusal } from './answers.js';
import { bearerOf, sessionOf } from './auth.js';
import { readJws } from './jose.js';

const DEFAULTS = { maximum: 800, highWaterMark: 600, outflow: 10, upFront: 50, cost: 0.05, status: 403 };
const TEXTS = {
  403: '403 Forbidden (Rate Limit Exceeded)\n',
  429: '429 Too Many Requests (Rate Limit Exceeded)\n',
};

export const throttled = (status = DEFAULTS.status) => {
  const answer = plain(status, TEXTS[status]);
  answer.headers['x-rate-limit-remaining'] = '0.0';
  return answer;
};

/** @param options false, or any of DEFAULTS */
export function createThrottle(canvas, options = {}) {
  const settings = { ...DEFAULTS, ...options };
  const buckets = new Map();

  function pour(bucket, amount) {
    const now = canvas.now();
    const left = Math.max(0, bucket.count - (now - bucket.touched) * settings.outflow);
    bucket.count = Math.min(settings.maximum, Math.max(0, left + amount));
    bucket.touched = now;
  }

  /** Carries a request out, or not, and adds what it cost to its sender's bucket. */
  return async function throttle(call, carryOut) {
    const client = options === false ? null : clientOf(canvas, call);
    if (!client) return carryOut();
    if (!buckets.has(client)) buckets.set(client, { count: 0, touched: canvas.now() });
    const bucket = buckets.get(client);
    pour(bucket, settings.upFront);
    if (bucket.count >= settings.highWaterMark) {
      pour(bucket, -settings.upFront);
      throw refusal(throttled(settings.status), 'throttled');
    }
    const answer = await carryOut();
    const cost = settings.cost + (call.cost ?? 0);
    pour(bucket, cost - settings.upFront);
    answer.headers['x-request-cost'] = decimal(cost);
    answer.headers['x-rate-limit-remaining'] = decimal(settings.highWaterMark - bucket.count);
    return answer;
  };
}

// A bucket for each token, which LTI 1.3's tools share between all of theirs, else for each logged-in user. Canvas counts the
// rest by address, which is unknown here.
function clientOf(canvas, call) {
  const bearer = bearerOf(call);
  if (bearer) return ltiClientOf(call, bearer) ?? `token:${bearer}`;
  const session = sessionOf(canvas, call);
  return session && `user:${session.userId}`;
}

function ltiClientOf({ url }, bearer) {
  if (!url.pathname.startsWith('/api/lti/')) return null;
  try {
    const { sub, scopes } = readJws(bearer).claims;
    return typeof scopes === 'string' ? `lti:${sub}` : null;
  } catch {
    return null;
  }
}

// Ruby writes a float's fraction always.
const decimal = (value) => {
  const text = String(Number(value.toFixed(6)));
  return text.includes('.') ? text : `${text}.0`;
};
