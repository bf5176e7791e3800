// Light or dark: the system's, until somebody chooses. The choice is all that this page ever stores.
const KEY = 'theme';
const THEMES = ['system', 'light', 'dark'];

export const theme = () => THEMES.find((name) => name === stored()) ?? 'system';

export function choose(name) {
  apply(name);
  try {
    if (name === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, name);
  } catch {
    // Storage may be blocked: the choice then lasts as long as the page.
  }
}

export function apply(name = theme()) {
  if (name === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
