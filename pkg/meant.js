// What an unknown name was probably meant to be, for messages.

/** The known name of which at most half of the letters differ, whatever their case, else all there are. */
export function meant(name, names) {
  const [nearest] = names.map((known) => ({ known, far: distance(name.toLowerCase(), known.toLowerCase()) }))
    .sort((one, other) => one.far - other.far);
  return nearest.far * 2 <= Math.max(name.length, nearest.known.length) ? `perhaps ${nearest.known}` : `one of ${names.join(', ')}`;
}

/** How many letters have to be changed, added or taken away (Levenshtein). */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[other.length];
}
