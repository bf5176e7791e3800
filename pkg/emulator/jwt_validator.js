// What Canvas asks of the claims of an assertion, with its own texts for what is wrong.

const REQUIRED = ['sub', 'aud', 'exp', 'iat', 'jti'];

const isNumeric = (value) => typeof value === 'number' || typeof value === 'bigint';

/**
 * The rules in Canvas's order. One that finds something silences those after it, but for a time that is no number;
 * `isThorough` lets all speak unless a claim is missing.
 * @param {string | string[]} endpoint one of which the audience has to be
 * @returns {string} what is wrong, or nothing
 */
export function claimsProblem(claims, endpoint, now, { required = REQUIRED, isThorough = false, oldest = 300 } = {}) {
  const found = [];
  const add = (when, text) => when && found.push(text);
  const absent = required.filter((name) => !Object.hasOwn(claims, name));
  if (absent.length) add(true, absentText(absent));
  const isSilenced = () => found.length > 0 && (!isThorough || absent.length > 0);

  const accepted = [endpoint].flat();
  if (!isSilenced()) add(![claims.aud].flat().some((aud) => accepted.includes(aud)), "the 'aud' is invalid");
  for (const [name, rule] of [['exp', expiryRule], ['iat', issueRule]]) {
    // Canvas lets a null through to an exception; it is refused as not a number here.
    const isWrong = Object.hasOwn(claims, name) && !isNumeric(claims[name]);
    add(isWrong, `the '${name}' must be a number`);
    if (!isWrong && !isSilenced()) rule(Number(claims[name]), now, add, oldest);
  }
  return found.join(' | ');
}

const absentText = (names) => `the following assertions are missing: ${names.join(',')}`;

function expiryRule(exp, now, add) {
  add(exp < now, 'the JWT has expired');
}

function issueRule(iat, now, add, oldest) {
  add(iat < now - oldest, `the 'iat' must be less than ${oldest} seconds old`);
  add(iat > now + 30, "the 'iat' must not be in the future");
}

/** The validator of 2017: one audience, a minute of life at most, no clock ahead of Canvas's. */
export function oldClaimsProblem(claims, endpoint, now) {
  const absent = REQUIRED.filter((name) => !Object.hasOwn(claims, name));
  if (absent.length) return absentText(absent);
  const { aud, exp, iat } = claims;
  if (aud !== endpoint) return "the 'aud' must be the LTI Authorization endpoint";
  if (!isNumeric(exp)) return "the 'exp' must be a number";
  if (exp > now + 60) return "the 'exp' must not be any further than 60 seconds in the future";
  if (exp < now) return 'the JWT has expired';
  if (!isNumeric(iat)) return "the 'iat' must be a number";
  if (iat < now - 300) return "the 'iat' must be less than 300 seconds old";
  return iat > now ? "the 'iat' must not be in the future" : '';
}
