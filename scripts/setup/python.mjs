// Sets of PyPI's packages, each in a virtual environment of its own.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SetupError, cache, capture, root, run, say, which } from './shell.mjs';

const PROBE = 'import ensurepip, sys, venv; print(sys.version, sys.base_prefix)';
const python = () => which(['python3', 'python']);

/** The version and the place of a Python that can make virtual environments; undefined where there is none. */
export const pythonWithVenv = () => (python() ? capture(python(), ['-c', PROBE]) : undefined);

/**
 * The set that a requirements file pins, each package by its hashes. It is kept in the user's cache folder, once for all
 * clones: {install(), program()}, the latter being its Python.
 */
export function pythonSet(requirements, { name, cost }) {
  // Found when it is asked for, as set-up may install Python.
  const folder = () => {
    const made = pythonWithVenv();
    if (!made) throw new SetupError('Python 3 with venv is missing (Debian: python3-venv)');
    const hash = createHash('sha256').update(readFileSync(requirements)).update(made);
    return join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  };
  const pythonOf = (place) =>
    (process.platform === 'win32' ? join(place, 'Scripts', 'python.exe') : join(place, 'bin', 'python'));
  return {
    program: () => pythonOf(folder()),
    /** Installs it if it is not there. */
    install() {
      const place = folder();
      if (existsSync(place)) return;
      // Made beside its place and renamed, so that an interrupted run leaves nothing half made: its Python finds what is
      // beside it wherever that is.
      const unfinished = `${place}.${process.pid}`;
      say(`pip install of ${relative(root, requirements)} in ${place} (once, ${cost})`);
      mkdirSync(cache, { recursive: true });
      try {
        run(python(), ['-m', 'venv', unfinished]);
        // Nothing is built here: what is built runs the code of packages that no hash pins.
        const pins = ['--require-hashes', '--only-binary', ':all:', '--requirement', requirements];
        run(pythonOf(unfinished), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pins]);
        renameSync(unfinished, place);
      } catch (error) {
        // Another process may have been faster.
        if (!existsSync(place)) throw error;
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
    },
  };
}
