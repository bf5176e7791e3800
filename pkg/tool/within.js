// Waiting for what may never come.

/** What the promise resolves to; where it takes longer than so many milliseconds, the error that `tooLate` makes is thrown. */
export async function within(milliseconds, promise, tooLate) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
