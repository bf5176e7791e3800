// A page that uses one function, and no emulator.
import { unwrap } from 'canvas-lms-tokens';

globalThis.report = unwrap('ZXlKaGJHY2lPaUprYVhJaUxDSmxibU1pT2lKQk1qVTJSME5OSW4wLi5BQUFBLkFBQUEuQUFBQQ==');
