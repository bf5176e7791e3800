#!/usr/bin/env node
// The command line. What is wrong with its use is exit status 2, what is refused 1.
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { isTokenError } from '../node.js';
import { NoTokenError, UsageError } from './input.js';
import { printChecks } from './output.js';
import { program } from './program.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const commands = program(version);

/** Where help on what was tried is found. */
function help() {
  const tried = commands.commands.find((command) => command.name() === process.argv[2]);
  return ['Try canvas-lms-tokens', tried?.name(), '--help'].filter(Boolean).join(' ');
}

try {
  await commands.parseAsync();
} catch (error) {
  // Commander has said it already; help and version are no errors.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof UsageError || error instanceof NoTokenError || isTokenError(error)) {
    console.error(`canvas-lms-tokens: ${error.message}`);
    if (error.report) printChecks(error.report.checks.filter(({ outcome }) => ['fail', 'warn'].includes(outcome)), process.stderr);
    const isWrongUse = error instanceof UsageError || error.code === 'ERR_ARGUMENT';
    if (isWrongUse) console.error(help());
    process.exitCode = isWrongUse ? 2 : 1;
  } else {
    throw error;
  }
}
