// Remembers which launches were taken, so that none is taken twice. Several processes need a store that they share, such as Redis.
const taken = new Map();

export function claimNonce(name, until) {
  for (const [old, end] of taken) if (end < Date.now() / 1000) taken.delete(old);
  return !taken.has(name) && Boolean(taken.set(name, until));
}
