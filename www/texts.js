// Every text of the page that people read, but the package's own sentences: a translation is another folder like texts/.
import { canvas } from './texts/canvas.js';
import { claims } from './texts/claims.js';
import { inspect } from './texts/inspect.js';
import { lti13 } from './texts/lti13.js';
import { shared } from './texts/shared.js';
import { sign } from './texts/sign.js';

export const texts = { ...shared, inspect, sign, lti13, canvas, known: claims };
