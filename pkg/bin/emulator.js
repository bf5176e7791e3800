// The command emulator: a Canvas to test against, until it is interrupted.

import { once } from 'node:events';
import { Command } from 'commander';
import { createEmulator, serve } from '../emulator.js';
import { collect, integer, isObject, jsonFile, UsageError } from './input.js';
import { examples } from './output.js';

/** The command that serves the emulator. */
export function emulatorCommand() {
  return new Command('emulator')
    .description('Serves a Canvas to test against, until it is interrupted. /__state tells and changes what it knows.')
    .option('--port <number>', 'where it is taken, a free one is used', integer, 8931)
    .option('--host <address>', 'the address it listens on', '127.0.0.1')
    .option('--seeds <file>', 'what it knows: a JSON object of the options of createEmulator')
    .option('--fault <name=value>', 'such as dropAfter=0.05 or latency=200; may be given more than once', collect, [])
    .option('--cors', 'pages of every origin may call it, which no real Canvas allows')
    .option('--quiet', 'no line for each request')
    .addHelpText('after', examples(
      'canvas-lms-tokens emulator --seeds seeds.json', 'canvas-lms-tokens emulator --fault throttle=0.1 --fault latency=200',
      'curl http://localhost:8931/__state'))
    .action(async ({ port, host, seeds, fault, cors = false, quiet }) => {
      const options = seeds === undefined ? {} : jsonFile(seeds);
      if (!isObject(options)) throw new UsageError(`--seeds ${seeds}: expected a JSON object`);
      const faults = { ...options.faults, ...Object.fromEntries(fault.map(faultOf)) };
      const emulator = emulatorOf({ fetch: globalThis.fetch, ...options, faults, ...(quiet ? {} : { onAnswer: printRequest }) });
      const server = await serve(emulator, { port, host, cors, state: true }).catch(({ message }) => {
        throw new UsageError(`--host ${host} --port ${port}: ${message}`);
      });
      console.log(`A Canvas to test against is at ${server.url}, what it knows at ${server.url}/__state`);
      if (server.port !== port) console.log(`(port ${port} is taken)`);
      await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
      await server.close();
    });
}

/** The emulator; what is wrong with its options stands in the file of seeds. */
function emulatorOf(options) {
  try {
    return createEmulator(options);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message.replace(/^options\b/, 'the seeds')) : error;
  }
}

const FAULTS = ['dropBefore', 'dropAfter', 'serverError', 'throttle', 'latency', 'serverErrorStatus', 'throttleStatus', 'retryAfter'];

const PROBABILITIES = new Set(FAULTS.slice(0, 4));

function faultOf(text) {
  const [, name, value] = /^(\w+)=([0-9.]+)$/.exec(text) ?? [];
  if (!FAULTS.includes(name) || !Number.isFinite(Number(value))) throw new UsageError(`--fault ${text}: expected one of ${FAULTS.join(', ')}, and a number, such as dropAfter=0.05`);
  if (PROBABILITIES.has(name) && !(value <= 1)) throw new UsageError(`--fault ${text}: expected a probability, from 0 to 1`);
  return [name, Number(value)];
}

function printRequest({ method, url, status, reason, fault }) {
  const { pathname, search } = new URL(url);
  const notes = [reason, fault && `fault: ${typeof fault === 'string' ? fault : Object.keys(fault)[0]}`].filter(Boolean);
  console.log([`${status} ${method} ${pathname}${search}`, ...notes].join('  — '));
}
