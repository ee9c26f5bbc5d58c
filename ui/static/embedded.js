// The page in the frame: the conversation, and its height told to the page that holds the frame (see embed.js).

import { startTalk } from "./talk.js";

const SHEET_HEIGHT = 640; // pixels: what a record laid over the conversation needs to be read in
const byId = (id) => document.getElementById(id);
const [head, scroller, content, opening, log, form, box, sheet, anew] = [
  "head", "scroller", "content", "opening", "log", "ask", "question", "sheet", "anew",
].map(byId);

const talk = startTalk({
  door: document.body.dataset.door,
  log,
  live: byId("live"),
  sheet,
  language: document.documentElement.lang,
  words: JSON.parse(byId("words").textContent),
  onChange: (state) => {
    opening.hidden = state !== "empty";
    anew.hidden = state === "empty";
  },
  onUntaken: (question) => {
    if (!box.value) box.value = question;
    box.focus();
  },
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value;
  if (!question.trim()) {
    box.focus();
    return;
  }
  box.value = "";
  talk.ask(question);
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
for (const control of document.querySelectorAll("main :disabled")) control.disabled = false; // what is done before is lost
anew.addEventListener("click", () => {
  talk.end("start-over");
  scroller.scrollTop = 0;
  box.focus();
});

// ---- the height ---------------------------------------------------------------------------------------------------------

// To whom it is told: the page that holds the frame, by the address that the browser gave with the request for this one.
const framed = window.parent !== window && /^https?:/.test(document.referrer);
const holder = framed ? new URL(document.referrer).origin : null;
let told = 0;

function tellHeight() {
  const own = head.offsetHeight + content.offsetHeight + form.offsetHeight;
  const height = Math.ceil(sheet.open ? Math.max(own, SHEET_HEIGHT) : own);
  if (height === told) return;
  told = height;
  window.parent.postMessage({ type: "memcon:height", height, title: document.title }, holder);
}

if (holder) {
  const watch = new ResizeObserver(tellHeight);
  for (const part of [head, content, form]) watch.observe(part);
  new MutationObserver(tellHeight).observe(sheet, { attributes: true, attributeFilter: ["open"] });
}
