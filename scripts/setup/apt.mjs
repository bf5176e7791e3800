// Debian packages: one look at what is installed, one install for all that is missing.
import { SetupError, canBeRoot, capture, runAsRoot, say, which } from './shell.mjs';

const FORMAT = '${Package} ${db:Status-Status}\\n';

export const hasApt = () => which('apt-get') !== undefined && which('dpkg-query') !== undefined;

/** Those of the packages that are not installed. */
export function missingPackages(packages) {
  if (packages.length === 0) return [];
  // dpkg-query fails when it does not know one of the names, but lists the others.
  const list = capture('sh', ['-c', 'dpkg-query -W -f "$0" "$@" || true', FORMAT, ...packages]);
  const installed = new Set((list ?? '').split('\n').filter((line) => line.endsWith(' installed'))
    .map((line) => line.split(' ')[0]));
  return packages.filter((name) => !installed.has(name));
}

/** Installs the packages, having said so. */
export function installPackages(packages) {
  const missing = missingPackages([...new Set(packages)]);
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  if (!canBeRoot()) throw new SetupError(`packages are missing; as root, run: ${command}`);
  say(`changing this system: ${command} (usually 1-2 minutes)`);
  // The two variables are given through env, as sudo would drop ours.
  const apt = (...args) => runAsRoot('env', [
    'DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l',
    'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args,
  ]);
  apt('update');
  apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...missing);
}
