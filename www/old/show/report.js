// The inspector's report: every outcome has a mark and a word, so that none is told by its colour alone.
import { element } from './element.js';
import { titled } from './members.js';

const OUTCOMES = { valid: '✓ Valid', invalid: '✗ Invalid', unverified: '○ Unverified' };
const MARKS = { fail: '✗ Fault', warn: '! Warning', skip: '○ Not checked', pass: '✓ Passed' };

/** Outcome and summary, in one line. */
export function reportLine({ outcome, summary }) {
  return [element('span', { class: `badge ${outcome}` }, OUTCOMES[outcome]), ' ', element('span', {}, summary)];
}

/** All checks in the report's order, but that the passed ones are folded away where others are to be read. */
export function checkList({ checks }) {
  const passed = checks.filter(({ outcome }) => outcome === 'pass');
  const others = checks.filter(({ outcome }) => outcome !== 'pass');
  const isGood = others.every(({ outcome }) => outcome === 'skip');
  return titled('Checks', others.length > 0 && list(others), passed.length > 0 && folded(passed, isGood));
}

function folded(passed, isOpen) {
  const line = `✓ ${passed.length} ${passed.length === 1 ? 'check' : 'checks'} passed`;
  return element('details', isOpen ? { open: '' } : {}, element('summary', {}, line), list(passed));
}

// The role, as some browsers forget that a list without bullets is one.
const list = (checks) => element('ul', { class: 'checks', role: 'list' }, checks.map(item));

function item({ id, outcome, message, fix, spec, at }) {
  const facts = [element('code', {}, id), at && at !== id && element('span', {}, 'at ', element('code', {}, at)), spec];
  return element(
    'li',
    { class: outcome },
    element('strong', { class: 'mark' }, MARKS[outcome]),
    element('div', {},
      element('p', {}, message),
      fix && outcome !== 'pass' && element('p', { class: 'fix' }, element('strong', {}, 'Fix: '), fix),
      element('p', { class: 'source' }, facts.filter(Boolean).map((fact) => element('span', {}, fact)))),
  );
}
