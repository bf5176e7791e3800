// What the rules of retrying make of a call's faults, told by its requests in the emulator's log.
const RETRIES = 2;
const CODES = { throttle: 'ERR_THROTTLED', serverError: 'ERR_HTTP_STATUS', dropBefore: 'ERR_FETCH', dropAfter: 'ERR_FETCH' };
const isDropped = (fault) => fault === 'dropBefore' || fault === 'dropAfter';

/** Everything that is wrong with a call and its requests; nothing is right. */
export function problemsOf({ repeatable, isSettled, value, error, name }, requests) {
  const problems = [];
  if (!isSettled) problems.push('never settled');
  if (requests.length === 0) return [...problems, 'no request'];
  requests.forEach(({ fault }, index) => {
    const isLast = index === requests.length - 1;
    const mayGoOn = fault !== null && index < RETRIES && (repeatable || !isDropped(fault));
    if (!isLast && !mayGoOn) problems.push(`sent again after ${fault}`);
    if (isLast && mayGoOn) problems.push(`given up after ${fault}`);
  });
  const { fault, status } = requests.at(-1);
  const isDone = requests.filter((request) => request.status >= 200 && request.status < 300).length;
  if (isDone > 1 && !repeatable) problems.push(`carried out ${isDone} times`);
  if (fault === null && (error || !(status >= 200 && status < 300))) problems.push(`answered ${status}, but ${error?.code}`);
  if (fault === null && (value === undefined) !== (name === 'deleteSubscription')) problems.push('the answer was lost');
  if (fault !== null && error?.code !== CODES[fault]) problems.push(`${fault} is ${error?.code}`);
  return problems;
}
