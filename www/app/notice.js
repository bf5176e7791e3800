// What is said once, to eyes and screen readers: copied, loaded, expired.
const SHOWN = 4000;

/** The live region that the frame shows; undefined before it does. */
let region, timer;

export const setRegion = (element) => void (region = element);

export function notify(text) {
  if (!region) return;
  clearTimeout(timer);
  region.textContent = text;
  timer = setTimeout(() => void (region.textContent = ''), SHOWN);
}
