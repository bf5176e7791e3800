// A field whose text is hidden until it is asked for.
import { byId } from '../show/element.js';

export function secretField(id) {
  const [field, show] = [byId(id), byId(`${id}-show`)];
  show.addEventListener('change', () => void (field.type = show.checked ? 'text' : 'password'));
  return field;
}
