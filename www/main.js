// Starts the sections and connects them.
import { startDecode } from './sections/decode.js';
import { startExchange } from './sections/exchange.js';
import { startSign } from './sections/sign.js';

// Each section knows the other only by what it is told of it.
const exchange = startExchange({ signFor: (url) => sign.signFor(url) });
const sign = startSign({ signed: exchange.take, filled: exchange.fill });
startDecode();

document.documentElement.classList.add('ready');
