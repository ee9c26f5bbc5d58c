// The kiosk: an attract state, a visit, and the way back. The conversation itself is talk.js, the keys are keyboard.js.
//
// Nothing of a visit outlives it: the page holds no storage and no history, and a visit's end forgets it on the server,
// empties the page at once, and loads it anew as soon as the server can be reached.

import { startTalk } from "./talk.js";
import { startKeyboard } from "./keyboard.js";

const SECONDS_SHOWN = 12; // of a quotation, before the next one opens
const TICK = 250; // milliseconds between looks at the clock
const RETRY = 2000; // milliseconds between looks for the server after a visit
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const HOME = location.pathname + location.search; // the address that staff chose, its language included

const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const root = document.documentElement;
const read = (page) => JSON.parse(page.querySelector("#words").textContent);

let words = read(document);
let visiting = false;
let touched = Date.now(); // when somebody last did anything
let asked = null; // when it was asked whether they still read; null while it is not
let shown = Date.now(); // when the quotation that opens the page came up

const talk = startTalk({
  door: "/kiosk",
  log: one("#log"),
  live: one("#live"),
  sheet: one("#sheet"),
  language: root.lang,
  words: words.talk,
  onChange,
  onUntaken: (question) => {
    type();
    box().value = question;
  },
});
const keyboard = startKeyboard({
  place: one("#keyboard"),
  input: () => one("#question"),
  language: root.lang,
  words: words.keyboard,
  onAsk: send,
  onHide: hideTyping,
});

// ---- what is seen -----------------------------------------------------------------------------------------------------

const box = () => one("#question");

function begin(language) {
  if (visiting) return;
  visiting = true;
  touch();
  one("#attract").hidden = true;
  one("#visit").hidden = false;
  show("home");
  talk.begin();
  if (language && language !== root.lang) speak(language);
}

function show(id) {
  const view = one(`#${id}`);
  if (!view) return;
  for (const other of all(".view")) other.hidden = other !== view;
  for (const button of all("[data-do=show]")) {
    if (button.dataset.view === id) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  hideTyping();
  one("#main").scrollTop = 0;
  if (id === "talk") one("#log").lastElementChild?.scrollIntoView({ block: "start" });
  view.querySelector("h1")?.focus({ preventScroll: true });
}

function current() {
  return one(".view:not([hidden])")?.id ?? "home";
}

function onChange(state) {
  touch();
  const button = one("[data-do=show][data-view=talk]");
  button.disabled = state === "empty";
  if (state !== "empty" && state !== "untaken" && current() !== "talk") show("talk");
  one("#main").setAttribute("aria-busy", String(state === "asking" || state === "trying"));
}

function foldPeople() {
  for (const button of all("[data-do=person]")) {
    button.setAttribute("aria-expanded", "false");
    one(`#${button.getAttribute("aria-controls")}`).hidden = true;
  }
}

function person(button) {
  const opens = button.getAttribute("aria-expanded") !== "true";
  foldPeople();
  talk.stopSound();
  button.setAttribute("aria-expanded", String(opens));
  one(`#${button.getAttribute("aria-controls")}`).hidden = !opens;
  if (opens) button.scrollIntoView({ block: "start", behavior: STILL.matches ? "auto" : "smooth" });
}

function toggle(name) {
  const on = !(name in root.dataset);
  if (on) root.dataset[name] = "";
  else delete root.dataset[name];
  for (const button of all(`[data-do=${name}]`)) button.setAttribute("aria-pressed", String(on));
}

// ---- typing -----------------------------------------------------------------------------------------------------------

function type() {
  if (!one("#asking").hidden) return hideTyping();
  one("#asking").hidden = false;
  one("[data-do=type]").setAttribute("aria-expanded", "true");
  keyboard.show();
  box().focus();
}

function hideTyping() {
  if (one("#asking").hidden) return;
  const held = one("#asking").contains(document.activeElement);
  one("#asking").hidden = true;
  one("[data-do=type]").setAttribute("aria-expanded", "false");
  if (held) one("[data-do=type]").focus();
}

function send() {
  const question = box().value;
  if (!question.trim()) return box().focus();
  box().value = "";
  hideTyping();
  talk.ask(question);
}

// ---- language -----------------------------------------------------------------------------------------------------------

async function speak(language) {
  one("dialog#tongues").close();
  if (language === root.lang) return;
  try {
    const answer = await fetch(`/kiosk?${new URLSearchParams({ lang: language })}`, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (visiting) draw(page);
  } catch {
    one("#live").textContent = words.unspoken;
  }
}

// Put the page of another language in the place of this one; what was said and typed stays.
function draw(page) {
  const [view, typed, typing] = [current(), box().value, !one("#asking").hidden];
  const pressed = all("[aria-pressed=true][data-do]").map((button) => button.dataset.do);
  const talked = !one("[data-do=show][data-view=talk]").disabled;
  root.lang = page.documentElement.lang;
  document.title = page.title;
  words = read(page);
  document.body.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
  one("#attract").hidden = true;
  one("#visit").hidden = false;
  box().value = typed;
  for (const name of pressed) one(`[data-do=${name}]`)?.setAttribute("aria-pressed", "true");
  one("[data-do=show][data-view=talk]").disabled = !talked;
  talk.replace({ log: one("#log"), live: one("#live"), sheet: one("#sheet") });
  keyboard.replace({ place: one("#keyboard"), language: root.lang, words: words.keyboard });
  show(view);
  if (typing) type();
  talk.speak(root.lang, words.talk);
}

// ---- the time-out ---------------------------------------------------------------------------------------------------------

function touch() {
  touched = Date.now();
  if (asked === null) return;
  asked = null;
  one("#still").close();
}

function tick() {
  const now = Date.now();
  if (!visiting) {
    if (now - shown >= SECONDS_SHOWN * 1000) nextOpening();
    return;
  }
  if (talk.isReading()) touched = now; // aloud: who listens does not touch
  const { idle, countdown } = document.body.dataset;
  if (asked === null && now - touched >= idle * 1000) {
    asked = now;
    one("#still").showModal();
  }
  if (asked === null) return;
  const left = Math.ceil(countdown - (now - asked) / 1000);
  one("#seconds").textContent = String(Math.max(left, 0));
  one("#still").style.setProperty("--left", String(Math.max(0, 1 - (now - asked) / (countdown * 1000))));
  if (left <= 0) end("time-out");
}

function nextOpening() {
  shown = Date.now();
  const openings = all(".opening");
  if (openings.length < 2) return;
  const at = openings.findIndex((opening) => !opening.hidden);
  openings[at].hidden = true;
  openings[(at + 1) % openings.length].hidden = false;
}

// Forget everything. The page is as new at once, whatever becomes of the requests; as soon as the server can be reached it
// is loaded anew, so that nothing is left in its memory either. Where somebody begins before that, it waits for their end.
async function end(how) {
  if (!visiting) return;
  visiting = false;
  asked = null;
  const forgotten = talk.end(how);
  for (const dialog of all("dialog[open]")) dialog.close();
  box().value = "";
  for (const name of ["larger", "contrast"]) if (name in root.dataset) toggle(name);
  foldPeople();
  show("home");
  one("#visit").hidden = true;
  one("#attract").hidden = false;
  window.getSelection()?.removeAllRanges();
  await forgotten;
  while (!visiting && !(await reachable())) await new Promise((resolve) => setTimeout(resolve, RETRY));
  if (!visiting) location.replace(HOME);
}

async function reachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false; // the page waits, and shows its quotations meanwhile
  }
}

// ---- what is touched ------------------------------------------------------------------------------------------------------

const DOES = {
  begin: (button) => begin(button.dataset.language),
  show: (button) => show(button.dataset.view),
  person,
  type,
  send,
  tongues: () => one("dialog#tongues").showModal(),
  "close-tongues": () => one("dialog#tongues").close(),
  speak: (button) => speak(button.dataset.language),
  larger: () => toggle("larger"),
  contrast: () => toggle("contrast"),
  over: () => end("start-over"),
  "go-on": touch,
};

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button");
    if (!visiting) begin(button?.dataset.do === "begin" ? button.dataset.language : undefined);
    else if (button && !button.disabled) DOES[button.dataset.do]?.(button);
  },
  true, // before talk.js asks what a quotation on the first screen offers
);

// Any sign of a visitor counts. While it is asked whether they still read, a finger that comes down begins the countdown
// anew, and what it touches decides when it leaves: else the touch would fall through to what is behind the question.
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "input"]) {
  document.addEventListener(
    sign,
    (event) => {
      if (sign === "keydown" && away(event)) event.preventDefault();
      if (sign === "pointermove" && !event.movementX && !event.movementY) return; // told where the page moved, not the hand
      if (asked === null) touch();
      else asked = Date.now();
    },
    { capture: true, passive: sign === "wheel" },
  );
}
document.addEventListener("scroll", () => asked === null && touch(), true);
document.addEventListener("click", (event) => asked !== null && !event.target.closest("[data-do=over]") && touch());

// Keys that would lead out of the page; those of the window belong to whoever starts the browser.
function away(event) {
  const chord = (event.ctrlKey || event.metaKey) && !["a", "c", "v", "x", "z"].includes(event.key.toLowerCase());
  const side = event.altKey && ["ArrowLeft", "ArrowRight", "Home"].includes(event.key);
  return chord || side || /^(F\d+|BrowserBack|BrowserForward|BrowserHome|ContextMenu)$/.test(event.key);
}

for (const lead of ["contextmenu", "dragstart", "dragover", "drop", "auxclick"]) {
  document.addEventListener(lead, (event) => event.preventDefault(), true);
}
document.addEventListener("cancel", (event) => event.target.id === "still" && touch(), true); // Esc goes on reading
window.addEventListener("pageshow", (event) => event.persisted && location.replace(HOME));
window.addEventListener("keydown", (event) => {
  if (!visiting) {
    if (event.key.length === 1 || event.key === "Enter") {
      event.preventDefault();
      begin();
    }
    return;
  }
  if (event.key === "Escape" && !one("dialog[open]")) hideTyping();
});

window.setInterval(tick, TICK);
