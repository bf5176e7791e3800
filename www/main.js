// Starts the sections and connects them.
import { startExchange } from './sections/exchange.js';
import { startInspect } from './sections/inspect.js';
import { startReport } from './sections/report.js';
import { startSign } from './sections/sign.js';
import { startTokens } from './sections/tokens.js';

// Each section knows the others only by what it is told of them.
const inspect = startInspect();
const report = startReport();
const exchange = startExchange({ signFor: (url) => sign.signFor(url), inspect: inspect.take, report: report.take });
const sign = startSign({ signed: exchange.take, filled: exchange.fill, inspect: inspect.take });
startTokens({ inspect: inspect.take });

document.documentElement.classList.add('ready');
