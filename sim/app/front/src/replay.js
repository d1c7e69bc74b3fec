// Entry of the single-file replay.
import { begin, fingerprint, refuse } from './main.js';
import { Unplayable } from './recording.js';
import { S } from './strings.js';

const root = document.getElementById('app'), data = document.getElementById('recording');
window.mobilise = { fingerprint };
// A late notice of a changed size comes as an event without an error; it is no reason to stop.
window.addEventListener('error', (event) => { if (event.error) refuse(root, event.error); });
window.addEventListener('unhandledrejection', (event) => refuse(root, event.reason));
if (data) begin(root, data.textContent).then(() => { document.documentElement.dataset.ready = 'yes'; });
else refuse(root, new Unplayable(S.errors.empty));
