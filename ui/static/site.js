// The chat page's own script: sources beside the conversation, suggested questions, copying, saving, announcements.
// Nothing here makes HTML of text: words arrive rendered and escaped by the server, or through textContent.
"use strict";

(() => {
  const NARROW = window.matchMedia("(max-width: 62rem)");
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  function scrollTo(target, block) {
    target.scrollIntoView({ block, behavior: STILL.matches ? "auto" : "smooth" });
  }

  // ---- one polite live region -------------------------------------------------------------------------------------

  const live = element("div", { id: "mc-announce", className: "mc-unseen", role: "status", "aria-live": "polite" });

  function announce(text) {
    live.textContent = text;
  }

  // ---- asking -----------------------------------------------------------------------------------------------------

  const box = () => document.querySelector("#mc-ask textarea");

  function ask(question) {
    const input = box();
    if (!input || input.disabled) return;
    input.value = question;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    window.requestAnimationFrame(() => document.querySelector("#mc-ask button.submit-button")?.click());
  }

  // ---- what changes in the conversation ---------------------------------------------------------------------------

  let announced = "";

  function look() {
    const log = document.querySelector("#mc-conversation [role=log]");
    if (log && log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off"); // ours speaks instead
    for (const message of all("#mc-conversation [data-testid=user], #mc-conversation [data-testid=bot]")) {
      const label = message.dataset.testid === "user" ? "Question" : "Answer";
      if (message.getAttribute("aria-label") !== label) {
        message.setAttribute("aria-label", label); // Gradio's own is the whole markup of the message
        message.setAttribute("role", "group");
      }
    }
    const outcomes = all("#mc-conversation .mc-outcome");
    const last = outcomes.at(-1);
    const state = last ? `${outcomes.length} ${last.textContent}` : "";
    if (document.querySelector("#mc-conversation .mc-pending")) {
      announced = live.textContent = ""; // what comes is news, even where it says what stood there before
    } else if (state !== announced) {
      announced = state;
      if (last) announceOutcome(last);
    }
    document.body.classList.toggle("mc-conversing", outcomes.length > 0 || all("#mc-conversation .mc-question").length > 0);
  }

  function announceOutcome(outcome) {
    const said = all(".mc-fixed, :scope > .mc-quotation .mc-words, :scope > .mc-quotation .mc-where", outcome);
    announce(said.map((part) => part.textContent).join(" "));
    const question = all("#mc-conversation .mc-question").at(-1);
    if (question) scrollTo(question.closest(".message-row") ?? question, "start");
  }

  // ---- the source beside the conversation -------------------------------------------------------------------------

  const heading = element("h2", { id: "mc-source-title", tabIndex: -1, textContent: "In the record" });
  const previous = element("button", { type: "button", className: "mc-step", textContent: "Previous quotation" });
  const next = element("button", { type: "button", className: "mc-step", textContent: "Next quotation" });
  const page = element("a", { className: "mc-page", textContent: "Open as a page", target: "_blank", rel: "noopener" });
  const close = element("button", { type: "button", className: "mc-close", textContent: "Close" });
  const body = element("div", { className: "mc-source-body", tabIndex: 0, role: "region", "aria-label": "Text of the record" });
  const panel = element(
    "dialog",
    { id: "mc-source", "aria-labelledby": "mc-source-title" },
    element("div", { className: "mc-source-head" }, heading, element("div", { className: "mc-source-tools" }, previous, next, page, close)),
    body,
  );
  let opener = null; // the marker that has the focus back when the panel closes
  let asked = 0;

  const markers = () => all("#mc-conversation .mc-marker");
  const address = (link) => new URL(link.getAttribute("href"), document.baseURI);

  async function openSource(marker) {
    opener = marker;
    const url = address(marker);
    page.href = url.href;
    steps();
    if (!panel.open) {
      if (NARROW.matches) panel.showModal();
      else panel.show();
      document.body.classList.add("mc-with-source");
    }
    for (const other of markers()) other.removeAttribute("aria-current");
    marker.setAttribute("aria-current", "true");
    const mine = (asked += 1);
    body.setAttribute("aria-busy", "true");
    const found = await fetchView(url);
    if (mine !== asked || !panel.open) return; // another was opened meanwhile
    body.removeAttribute("aria-busy");
    body.replaceChildren(found);
    heading.textContent = found.dataset?.title ?? "In the record";
    heading.focus({ preventScroll: true });
    const mark = body.querySelector("mark");
    if (mark) scrollTo(mark, "center");
    else body.scrollTop = 0;
  }

  async function fetchView(url) {
    try {
      const answer = await fetch(url, { headers: { accept: "text/html" } });
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      const view = parsed.querySelector("#record");
      if (answer.ok && view) return document.adoptNode(view);
      return element("p", { className: "mc-fixed", textContent: `This place could not be opened (${answer.status}).` });
    } catch {
      return element("p", { className: "mc-fixed", textContent: "The server cannot be reached. Try again in a moment." });
    }
  }

  function closeSource() {
    if (panel.open) panel.close();
  }

  function steps() {
    const among = markers();
    const place = among.indexOf(opener);
    previous.disabled = place <= 0;
    next.disabled = place < 0 || place >= among.length - 1;
  }

  function step(by) {
    const among = markers();
    const marker = among[among.indexOf(opener) + by];
    if (!marker) return;
    marker.closest("details")?.setAttribute("open", "");
    openSource(marker);
  }

  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  close.addEventListener("click", closeSource);
  panel.addEventListener("close", () => {
    document.body.classList.remove("mc-with-source");
    for (const other of markers()) other.removeAttribute("aria-current");
    body.replaceChildren();
    (opener?.isConnected ? opener : box())?.focus();
    opener = null;
  });
  NARROW.addEventListener("change", closeSource);

  // ---- copying and saving -----------------------------------------------------------------------------------------

  async function copyCitation(button) {
    const marker = button.closest(".mc-quotation")?.querySelector(".mc-marker");
    if (!marker) return;
    const id = address(marker).pathname.replace(/^.*?\/cite\//, "");
    try {
      const answer = await fetch(new URL(`api/v1/citations/${id}?format=text`, document.baseURI));
      if (!answer.ok) throw new Error(String(answer.status));
      await copy(await answer.text());
      confirmOn(button, "Copied");
    } catch {
      confirmOn(button, "Could not be copied");
    }
  }

  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = element("textarea", { value: text, className: "mc-unseen" }); // pages without TLS have no clipboard
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus({ preventScroll: true });
    if (!done) throw new Error("no clipboard");
  }

  function confirmOn(button, text) {
    const usual = button.dataset.usual ?? button.textContent;
    button.dataset.usual = usual;
    button.textContent = text;
    announce(text);
    window.setTimeout(() => { button.textContent = usual; }, 2500);
  }

  async function save(form, button) {
    const turns = all("#mc-conversation .mc-question").map((question) => question.textContent);
    if (document.querySelector("#mc-conversation :is(.mc-problem, .mc-pending)")) turns.pop(); // not answered
    if (turns.length === 0) return confirmOn(button, "Nothing to save yet");
    try {
      const answer = await fetch(new URL(`api/v1/conversation.${form}`, document.baseURI), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ turns }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: `conversation.${form}` });
      document.body.append(link);
      link.click();
      link.remove();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      announce("Saved");
    } catch {
      confirmOn(button, "Could not be saved");
    }
  }

  // ---- one listener each ------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const marker = target.closest("#mc-conversation .mc-marker");
    if (marker && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      event.preventDefault();
      event.stopPropagation();
      openSource(marker);
      return;
    }
    const question = target.closest("#mc-conversation .mc-ask");
    const byKeyboard = event.detail === 0; // the button goes, the focus must not; under a finger no keyboard should rise
    if (question) {
      ask(question.textContent);
      if (byKeyboard) box()?.focus({ preventScroll: true });
      return;
    }
    const copied = target.closest("#mc-conversation .mc-copy");
    if (copied) return void copyCitation(copied);
    const saved = target.closest("#mc-save-md, #mc-save-json");
    if (saved) return void save(saved.id === "mc-save-md" ? "md" : "json", saved);
    if (target.closest("#mc-clear")) {
      closeSource();
      if (byKeyboard) box()?.focus({ preventScroll: true });
    }
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open) {
      event.preventDefault();
      closeSource();
    }
  });

  document.body.append(live, panel);
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})();
