// Debian packages: one look at what is installed, one install for all that is missing.
import { SetupError, capture, run, say, which } from './shell.mjs';

export const hasApt = () => which('apt-get') !== undefined && which('dpkg-query') !== undefined;

/** Installs those of the packages that are missing, having said so. */
export function installPackages(packages) {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !which('sudo')) throw new SetupError(`packages are missing; as root, run: ${command}`);
  say(`changing this system: ${command} (usually 1-2 minutes)`);
  const apt = (...args) => {
    const line = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args];
    // Given through env, as sudo would drop our variables; it gets the terminal, as it may have to ask for a password.
    const [program, ...rest] = [...(isRoot ? [] : ['sudo']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l'];
    run(program, [...rest, ...line], isRoot ? {} : { stdio: 'inherit' });
  };
  apt('update');
  apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...missing);
}

const isInstalled = (name) => capture('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]) === 'installed';
