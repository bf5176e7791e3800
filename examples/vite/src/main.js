// Says of a pasted token what it is, and why Canvas would refuse it. All of it happens in this page.
import { inspect, isTokenError, stringify } from 'canvas-lms-tokens/slim';

const form = document.forms[0];
const [summary, checks, claims] = document.querySelectorAll('#summary, #checks, #claims');
let latest = 0;

form.addEventListener('input', show);
// What was pasted while the package was loading.
show();

async function show() {
  const mine = (latest += 1);
  const { token, secret, endpoint } = Object.fromEntries(new FormData(form));
  const report = token.trim() === '' ? null : await examined(token, secret, endpoint);
  // Something else was pasted meanwhile.
  if (mine !== latest) return;
  summary.textContent = report?.summary ?? '';
  summary.className = report?.outcome ?? '';
  checks.replaceChildren(...(report?.checks ?? []).filter(({ outcome }) => outcome !== 'pass').map(item));
  // JSON.stringify throws for the bigints that large ids are.
  claims.textContent = report?.claims ? stringify(report.claims, 2) : '';
}

/** A report; of a secret or an address that cannot be used, one that says so. */
async function examined(token, secret, endpoint) {
  try {
    return await inspect(token, { key: secret ? { secret } : undefined, endpoint: endpoint || undefined });
  } catch (error) {
    if (!isTokenError(error)) throw error;
    return { summary: error.message, outcome: 'invalid', checks: [], claims: null };
  }
}

function item({ outcome, message, fix, spec }) {
  const element = document.createElement('li');
  element.className = outcome;
  element.textContent = [message, fix && `to change: ${fix}`, spec && `(${spec})`].filter(Boolean).join(' ');
  return element;
}
