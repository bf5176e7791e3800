// Copying. Without the clipboard (a page over plain http has none) the text is marked instead.
import { byId, element } from './element.js';

/** @param title what it copies, in the same words as above it */
export function copyButton(title, text) {
  const button = element('button', { type: 'button', class: 'small' }, 'Copy');
  button.append(element('span', { class: 'unseen' }, ` the ${title.toLowerCase()}`));
  button.addEventListener('click', async () => {
    const copied = await toClipboard(text);
    if (!copied) getSelection().selectAllChildren(button.closest('.titled').querySelector('.token'));
    say(copied ? 'Copied.' : 'Marked: press Ctrl+C or Command+C to copy.');
  });
  return button;
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

let timer;

function say(text) {
  clearTimeout(timer);
  byId('notice').textContent = text;
  timer = setTimeout(() => byId('notice').replaceChildren(), 3000);
}
