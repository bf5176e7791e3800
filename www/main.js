// Starts the page: the frame, which loads each view when it is first shown.
import './app/frame.js';

document.documentElement.lang = 'en';
