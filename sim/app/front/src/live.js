// Entry of the classroom page: the same player, and a line to the computer that runs the world.
import { S, capital, plain, say } from './strings.js';
import { Player, refuse } from './main.js';
import { Unplayable, check } from './recording.js';
import { fingerprint } from './state.js';
import { el } from './dom.js';

const root = document.getElementById('app'), settings = JSON.parse(document.getElementById('settings').textContent);
window.mobilise = { fingerprint };

class Line {
  constructor() {
    this.choices = {};
    this.socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/line?token=${encodeURIComponent(settings.token)}`);
    this.socket.addEventListener('open', () => this.ask({ do: 'start' }));
    this.socket.addEventListener('message', (event) => this.hear(event.data));
    this.socket.addEventListener('close', () => this.lose());
  }

  ask(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return this.lose();
    if (this.waiting) return undefined;
    this.waiting = true;
    this.say(S.working);
    this.socket.send(JSON.stringify(message));
  }

  hear(text) {
    this.waiting = false;
    this.say('');
    try {
      const answer = JSON.parse(text);
      if (answer.problem) return this.player ? this.say(answer.problem) : refuse(root, new Unplayable(answer.problem));
      this.levers = answer.levers;
      this.policies = answer.policies;
      const recording = check(answer.recording);
      if (this.player) this.player.load(recording); else this.player = window.player = new Player(root, recording, this);
      if (answer.at !== undefined) { this.player.tab = 'levers'; this.player.seek(answer.at); this.player.setTab('levers'); this.player.play(); }
      document.documentElement.dataset.ready = 'yes';
    } catch (problem) { refuse(root, problem); }
  }

  say(text) {
    this.status = text;
    const place = document.getElementById('line-says');
    if (place) place.textContent = text;
  }

  lose() {
    if (!this.player) return refuse(root, new Unplayable(S.lost));
    if (!document.querySelector('.banner')) document.body.prepend(el('p', { class: 'banner', role: 'alert' }, S.lost));
  }

  // The quarter a change begins in: the one on screen, or the last that can still be played.
  from(player) { return Math.min(player.t, player.world.quarters - 1); }

  follow(player) {
    const button = document.getElementById('branch');
    if (button) button.textContent = S.go(this.from(player));
  }

  controls(player) {
    const rows = (this.levers ?? []).map((lever) => this.row(lever));
    const policy = el('label', {}, S.policyLever, el('select', { id: 'lever-policy', onchange: (e) => { this.choices.policy = e.target.value; } }, (this.policies ?? []).map(({ name }) => el('option', { value: name, selected: name === (this.choices.policy ?? player.world.runs[0].policy) }, capital(say(name))))));
    return el('div', { class: 'change' }, el('h3', { class: 'minor' }, S.change), el('p', { class: 'hint' }, S.changeHint, (player.world.marks ?? []).some(({ kind }) => kind === 'programme') && ` ${S.changeProgrammes}`), el('p', { class: 'hint', id: 'line-says', role: 'status' }, this.status ?? ''), policy, el('p', { class: 'row' }, el('button', { class: 'main', id: 'branch', onclick: () => this.ask({ do: 'branch', at: this.from(player), policy: this.choices.policy ?? player.world.runs[0].policy, settings: this.choices.settings ?? {} }) }, S.go(this.from(player))), el('button', { onclick: () => { this.choices = {}; this.ask({ do: 'start' }); } }, S.reset)), ...rows);
  }

  row({ key, low, high, value, text, unit, whole }) {
    const now = this.choices.settings?.[key] ?? value, out = el('output', {}, plain(now));
    const slide = (event) => { this.choices.settings = { ...this.choices.settings, [key]: Number(event.target.value) }; out.textContent = plain(Number(event.target.value)); };
    return el('label', {}, el('span', {}, `${capital(say(key.replace('.', ' ')))}: `, out, ` ${unit === '1' ? '' : unit}`), el('input', { type: 'range', min: low, max: high, step: whole ? 1 : (high - low) / 100, value: now, oninput: slide }), el('span', { class: 'hint' }, text));
  }
}

new Line();
