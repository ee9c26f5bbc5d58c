// A conversation with the record, for pages of our own: the kiosk and the embedded page.
//
//   import { startTalk } from "./talk.js";
//   const talk = startTalk({ door, log, live, sheet, language, words, onChange, onUntaken });
//
// door      the path of the server's routes, without a slash at its end: "/kiosk"
// log       the element that the exchanges are put into
// live      the page's one polite live region (role="status")
// sheet     a <dialog> that holds [data-talk-sheet-body] and a button [data-talk="close"]; named by data-talk-sheet-title
// language  the language of the interface; words: its sentences by name (see ui/templates/talk_words.html)
// onChange  called with a state whenever it changes: "empty", "asking", "answered", "trying", "untaken"
// onUntaken called with a question that the server will not take, so that the page can put it back where it was typed
//
//   talk.ask(question)      asks; a question still waiting is given up for it
//   talk.begin()            tells the server that a visit begins
//   talk.end(how)           forgets all here and on the server; how is "closed", "start-over" or "time-out"
//   talk.speak(l, words)    goes on in another language: what was said comes again in it
//   talk.replace({...})     takes other elements (log, live, sheet) after the page was drawn anew
//   talk.openPlace(id), talk.stopSound(), talk.closeSheet(), talk.isReading()
//
// Buttons anywhere in the page do by their data-talk: "ask" (asks its text, or its data-question), "place" and "keep"
// (open data-id in the sheet), "listen" (reads data-sound aloud, or stops), "close", "stop-trying".
//
// Where the server cannot be reached or has no time, the question stays on the page and is asked again by itself.
// Words come rendered and escaped by the server, or through textContent: nothing here makes HTML of text.

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const FIRST_WAIT = 1500; // milliseconds before the second try
const LONGEST_WAIT = 15000;
const PATIENCE = 60000; // milliseconds that one try may take
const VISIT_HEADER = "Memcon-Visit";

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function parsed(html) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  return [...body.childNodes].map((node) => document.adoptNode(node));
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

export function startTalk(given) {
  let { log, live, sheet, language, words } = given;
  const { door, onChange = () => {}, onUntaken = () => {} } = given;
  let visit = null;
  let beginning = Promise.resolve(); // until the server knows of the visit, or cannot be told
  let waiting = null; // { abort, exchange } of the question that has no answer yet
  let sound = null; // { audio, button } of what is read aloud
  let opener = null; // the button that has the focus back when the sheet closes
  let opened = 0;
  let turn = 0; // of visits: what comes in late from one that has ended is dropped

  // ---- asking -------------------------------------------------------------------------------------------------------

  function post(path, body, options = {}) {
    return fetch(`${door}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ visit, language, ...body }),
      cache: "no-store",
      ...options,
    });
  }

  function keepVisit(answer, mine) {
    if (mine === turn) visit = answer.headers.get(VISIT_HEADER) ?? visit;
  }

  function begin() {
    beginning = tellServer(turn);
    return beginning;
  }

  async function tellServer(mine) {
    try {
      const answer = await post("begin", {}, { signal: AbortSignal.timeout(FIRST_WAIT) });
      if (!answer.ok) return;
      keepVisit(answer, mine);
      if (mine !== turn) await post("end", { visit: answer.headers.get(VISIT_HEADER), ended: "closed" }); // over already
    } catch {
      // The first question begins the visit then.
    }
  }

  async function ask(question) {
    const text = question.trim();
    if (!text) return;
    giveUp();
    stopSound();
    closeSheet();
    const controller = new AbortController();
    const told = element("p", { className: "talk-lead talk-pending", textContent: words.reading });
    const exchange = element(
      "article",
      { className: "talk-exchange talk-waiting" },
      element("h2", { className: "talk-question", dir: "auto", textContent: text, tabIndex: -1 }),
      element("div", { className: "talk-outcome" }, told),
    );
    for (const old of log.querySelectorAll(".talk-onward")) old.remove();
    log.append(exchange);
    waiting = { abort: () => controller.abort(new DOMException("given up", "AbortError")), exchange };
    const mine = waiting;
    scrollTo(exchange, "start");
    say("");
    onChange("asking");
    try {
      const html = await answered(text, controller.signal, (sentence) => tell(exchange, told, sentence));
      if (waiting !== mine) return;
      waiting = null;
      if (html === null) {
        untaken(exchange, told, text);
        return;
      }
      const made = parsed(html);
      exchange.replaceWith(...made);
      announce();
      onChange("answered");
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  // The exchange as HTML; null for a question that the server will never take. Throws only when it is given up.
  async function answered(question, signal, tellWaiting) {
    const mine = turn;
    await beginning;
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      let sentence = words.unreachable;
      let seconds = 0;
      try {
        const answer = await post("ask", { question }, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) });
        if (answer.ok) {
          const html = await answer.text();
          signal.throwIfAborted();
          keepVisit(answer, mine);
          return html;
        }
        if (answer.status < 500 && answer.status !== 429 && answer.status !== 408) return null;
        if (answer.status === 429 || answer.status === 503) sentence = words.busy;
        seconds = Number(answer.headers.get("retry-after")) || 0;
      } catch {
        if (signal.aborted) throw signal.reason;
      }
      tellWaiting(sentence);
      await pause(Math.min(Math.max(wait, seconds * 1000), LONGEST_WAIT), signal);
    }
  }

  function tell(exchange, told, sentence) {
    if (told.textContent === sentence) return;
    told.textContent = sentence;
    if (!exchange.querySelector("[data-talk=stop-trying]")) {
      told.after(element("div", { className: "talk-actions" }, element("button", { type: "button", "data-talk": "stop-trying", textContent: words.stopTrying })));
    }
    say(sentence);
    onChange("trying");
  }

  function untaken(exchange, told, question) {
    exchange.classList.remove("talk-waiting");
    told.classList.remove("talk-pending");
    told.textContent = words.untaken;
    say(words.untaken);
    onUntaken(question);
    onChange("untaken");
  }

  function giveUp() {
    if (!waiting) return "";
    const question = waiting.exchange.querySelector(".talk-question").textContent;
    waiting.abort();
    waiting.exchange.remove();
    waiting = null;
    return question;
  }

  // ---- saying it ----------------------------------------------------------------------------------------------------

  function say(text) {
    live.textContent = text;
  }

  function announce() {
    const exchange = log.lastElementChild;
    const parts = exchange.querySelectorAll(".talk-lead, .talk-outcome > .talk-label, .talk-outcome > .talk-quotation > :is(.talk-words, .talk-attribution)");
    say([...parts].map((part) => part.textContent.trim()).join(" "));
    scrollTo(exchange, "start");
    exchange.querySelector(".talk-question")?.focus({ preventScroll: true });
  }

  function scrollTo(target, block) {
    target.scrollIntoView({ block, behavior: STILL.matches ? "auto" : "smooth" });
  }

  // ---- the sheet: a place in the record, or something to take home ------------------------------------------------------

  async function open(path, title, button) {
    opener = button ?? document.activeElement;
    const mine = (opened += 1);
    const body = sheet.querySelector("[data-talk-sheet-body]");
    sheet.querySelector("[data-talk-sheet-title]").textContent = title;
    sheet.dataset.kind = path.split("/", 1)[0];
    body.replaceChildren(element("p", { className: "talk-lead talk-pending", textContent: words.opening }));
    body.setAttribute("aria-busy", "true");
    if (!sheet.open) sheet.showModal();
    const found = await fragment(path);
    if (mine !== opened || !sheet.open) return;
    body.removeAttribute("aria-busy");
    body.replaceChildren(...found);
    const record = body.querySelector("#record");
    if (record) sheet.querySelector("[data-talk-sheet-title]").textContent = `${title}: ${record.dataset.title}`;
    const mark = body.querySelector("mark");
    if (mark) mark.scrollIntoView({ block: "center" });
    else body.scrollTop = 0;
  }

  async function fragment(path) {
    try {
      const answer = await fetch(`${door}/${path}?${new URLSearchParams({ language })}`, { cache: "no-store" });
      if (answer.ok) return parsed(await answer.text());
      return [element("p", { className: "talk-lead", textContent: answer.status === 404 ? words.missing : words.busy })];
    } catch {
      return [element("p", { className: "talk-lead", textContent: words.unopened })];
    }
  }

  function closeSheet() {
    opened += 1;
    if (sheet.open) sheet.close();
  }

  function sheetClosed() {
    sheet.querySelector("[data-talk-sheet-body]").replaceChildren();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  const encoded = (id) => id.split("/").map(encodeURIComponent).join("/");

  // ---- reading aloud --------------------------------------------------------------------------------------------------

  function listen(button) {
    const again = sound?.button === button;
    stopSound();
    if (again) return;
    const audio = new Audio(button.dataset.sound);
    sound = { audio, button, label: button.textContent };
    button.setAttribute("aria-pressed", "true");
    button.textContent = words.stopListening;
    audio.addEventListener("ended", () => sound?.audio === audio && stopSound());
    const failed = () => {
      if (sound?.audio !== audio) return;
      stopSound();
      say(words.unheard);
      button.textContent = words.unheard;
      button.disabled = true;
    };
    audio.addEventListener("error", failed);
    audio.play().catch((error) => error.name === "AbortError" || failed());
  }

  function stopSound() {
    if (!sound) return;
    const { audio, button, label } = sound;
    sound = null;
    audio.pause();
    audio.removeAttribute("src");
    audio.load(); // lets go of what was loaded
    button.textContent = label;
    button.setAttribute("aria-pressed", "false");
  }

  // ---- the visit ------------------------------------------------------------------------------------------------------

  function end(how) {
    giveUp();
    stopSound();
    closeSheet();
    const ended = visit;
    turn += 1;
    visit = null;
    log.replaceChildren();
    say("");
    onChange("empty");
    if (ended === null) return Promise.resolve();
    return post("end", { visit: ended, ended: how }, { keepalive: true }).then(() => undefined, () => undefined);
  }

  async function speak(newLanguage, newWords) {
    [language, words] = [newLanguage, newWords];
    stopSound();
    closeSheet();
    if (visit === null || !log.querySelector(".talk-exchange:not(.talk-waiting)")) return;
    const mine = turn;
    try {
      const answer = await post("shown", {});
      if (!answer.ok || mine !== turn) return;
      keepVisit(answer, mine);
      const made = parsed(await answer.text());
      if (mine !== turn || made.every((node) => node.nodeType !== Node.ELEMENT_NODE)) return; // forgotten meanwhile: it stays as it was said
      const pending = waiting ? [waiting.exchange] : [];
      log.replaceChildren(...made, ...pending);
      log.lastElementChild.scrollIntoView({ block: "start" });
    } catch {
      // What was said stays in the language it was said in.
    }
  }

  function replace(elements) {
    const said = [...log.childNodes];
    ({ log = log, live = live, sheet = sheet } = elements);
    log.replaceChildren(...said);
    watchSheet();
  }

  function watchSheet() {
    sheet.addEventListener("close", sheetClosed);
  }

  const DOES = {
    ask: (button) => ask(button.dataset.question ?? button.textContent),
    place: (button) => open(`place/${encoded(button.dataset.id)}`, words.inTheRecord, button),
    keep: (button) => open(`keep/${encoded(button.dataset.id)}`, words.takeHome, button),
    listen,
    close: closeSheet,
    "stop-trying": () => {
      const question = giveUp();
      onUntaken(question);
      onChange(log.childElementCount ? "answered" : "empty");
    },
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-talk]");
    if (button && !button.disabled) DOES[button.dataset.talk]?.(button);
  });
  window.addEventListener("pagehide", () => {
    if (visit === null) return;
    const body = JSON.stringify({ visit, language, ended: "closed" });
    navigator.sendBeacon(`${door}/end`, new Blob([body], { type: "application/json" }));
    visit = null;
  });
  watchSheet();

  return {
    ask,
    begin,
    end,
    speak,
    replace,
    stopSound,
    closeSheet,
    openPlace: (id) => DOES.place({ dataset: { id } }),
    isReading: () => sound !== null,
  };
}
