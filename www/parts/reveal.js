// Brings into view what a press has changed further down. On a wide screen it stands beside what was pressed.
const wide = matchMedia('(min-width: 960px)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const frame = () => new Promise((done) => { requestAnimationFrame(done); });

/** @param find a function that gives the element, once it is there */
export async function reveal(find) {
  if (wide.matches) return;
  // The components in it have their height a frame after they are told what to show.
  await frame();
  await frame();
  find()?.scrollIntoView({ behavior: calm.matches ? 'auto' : 'smooth', block: 'start' });
}
