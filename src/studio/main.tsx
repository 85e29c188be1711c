/** Entry point of the page. */
import { render } from 'preact';
import { Shell } from './shell.js';

render(<Shell />, document.getElementById('page')!);

// For offline use. Where it is not allowed, the page needs its host every time.
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('./sw.js').catch(() => {});
