// "Cite this" wherever a quotation stands: a dialog with its citation in every form, its permalink and its QR code.
// All of it is taken from the citation's sheet, a page of this server that is complete without this script.
"use strict";

(() => {
  const ROOT = new URL("..", document.currentScript.src); // this file is served from ROOT/site/

  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // ---- the dialog -------------------------------------------------------------------------------------------------

  const heading = element("h2", { id: "mc-citation-title", tabIndex: -1, textContent: "Cite this" });
  const whose = element("p", { className: "mc-whose" });
  const select = element("select", { id: "mc-citation-form" });
  const copyText = element("button", { type: "button", textContent: "Copy" });
  const download = element("a", { textContent: "Download" });
  const text = element("pre", { tabIndex: 0, role: "region", "aria-label": "Citation" });
  const permalink = element("a", { className: "mc-permalink" });
  const copyLink = element("button", { type: "button", textContent: "Copy permalink" });
  const code = element("img", { width: 160, height: 160, alt: "" });
  const caption = element("figcaption");
  const print = element("a", { textContent: "Print view", target: "_blank", rel: "noopener" });
  const close = element("button", { type: "button", className: "mc-close", textContent: "Close" });
  const status = element("p", { className: "mc-status", role: "status" });
  const body = element(
    "div",
    { className: "mc-citation-body" },
    whose,
    element("p", { className: "mc-row" }, copyText, element("label", { htmlFor: select.id, textContent: "Format" }), select, download),
    text,
    element("p", { className: "mc-row" }, permalink, copyLink),
    element("figure", { className: "mc-code" }, code, caption),
  );
  const foot = element("p", { className: "mc-row mc-citation-foot" }, print, close);
  const dialog = element("dialog", { id: "mc-citation", "aria-labelledby": heading.id }, heading, status, body, foot);

  let opener = null; // has the focus back when the dialog closes
  let forms = new Map();
  let asked = 0;

  async function open(button) {
    opener = button;
    const sheet = sheetOf(button);
    if (!sheet) return;
    if (!dialog.isConnected) document.body.append(dialog);
    const mine = (asked += 1);
    body.hidden = true;
    print.href = sheet.href;
    say("Loading …");
    if (!dialog.open) dialog.showModal();
    heading.focus();
    const found = await fetchSheet(sheet);
    if (mine !== asked || !dialog.open) return; // another was opened meanwhile
    if (typeof found === "string") return say(found);
    fill(found, sheet);
    say("");
  }

  /** The address of the sheet of the quotation that a button stands beside. */
  function sheetOf(button) {
    if (button.dataset.sheet) return new URL(button.dataset.sheet, document.baseURI);
    const beside = button.closest(".mc-quotation, #mc-source")?.querySelector("a.mc-marker, a.mc-page");
    const href = beside?.getAttribute("href");
    if (!href) return null;
    const address = new URL(href, document.baseURI);
    return new URL(`${address.pathname}/sheet`, address);
  }

  async function fetchSheet(address) {
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      const sheet = new DOMParser().parseFromString(await answer.text(), "text/html");
      return answer.ok && sheet.querySelector("#sheet") ? sheet : `This citation could not be opened (${answer.status}).`;
    } catch {
      return "The server cannot be reached. Try again in a moment.";
    }
  }

  function fill(sheet, address) {
    const link = sheet.querySelector("#sheet-permalink");
    const image = sheet.querySelector(".qr img");
    permalink.href = new URL(link.getAttribute("href"), address).href;
    // A server without a public address gives the permalink's path; here it is reached under the page's own.
    permalink.textContent = link.textContent.startsWith("/") ? permalink.href : link.textContent;
    code.src = new URL(image.getAttribute("src"), address).href;
    code.alt = image.alt;
    caption.textContent = sheet.querySelector(".qr figcaption span").textContent;
    whose.replaceChildren(...sheet.querySelector("h1").cloneNode(true).childNodes);
    forms = new Map();
    select.replaceChildren();
    for (const form of sheet.querySelectorAll("[data-form]")) {
      forms.set(form.dataset.form, form);
      select.append(element("option", { value: form.dataset.form, textContent: form.querySelector("h2").textContent }));
    }
    showForm();
    body.hidden = false;
  }

  function showForm() {
    const form = forms.get(select.value);
    const kept = form.querySelector("a[download]");
    text.replaceChildren(...form.querySelector("pre").cloneNode(true).childNodes);
    text.setAttribute("aria-label", select.selectedOptions[0].textContent);
    download.href = new URL(kept.getAttribute("href"), ROOT).href;
    download.download = kept.download;
  }

  function say(told) {
    status.textContent = told;
  }

  // ---- copying ----------------------------------------------------------------------------------------------------

  async function copy(copied, button) {
    try {
      if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(copied);
      else copyByHand(copied, button);
      say("Copied");
    } catch {
      say("Could not be copied: select the text and copy it yourself.");
    }
  }

  function copyByHand(copied, button) {
    const area = element("textarea", { value: copied, className: "mc-copied" }); // pages without TLS have no clipboard
    dialog.append(area); // outside of an open dialog nothing can be selected
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    button.focus();
    if (!done) throw new Error("no clipboard");
  }

  // ---- listening --------------------------------------------------------------------------------------------------

  select.addEventListener("change", () => { say(""); showForm(); });
  copyText.addEventListener("click", () => void copy(text.textContent, copyText));
  copyLink.addEventListener("click", () => void copy(permalink.textContent, copyLink));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.stopPropagation(); // it closes this dialog, and not the panel beneath
  });
  dialog.addEventListener("close", () => {
    opener?.focus();
    opener = null;
  });

  // On the window, and so before the chat's own script, which copies at once where this one is missing.
  window.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.mc-cite") : null;
    if (button) {
      event.stopPropagation();
      open(button);
    } else if (event.target instanceof Element && event.target.closest("button.mc-print")) {
      window.print();
    }
  }, true);

  /** Links to sheets become buttons: with this script they open the dialog. */
  for (const link of document.querySelectorAll("a.mc-cite")) {
    const button = element("button", { type: "button", className: "mc-cite" }, ...link.childNodes);
    button.dataset.sheet = link.getAttribute("href");
    link.replaceWith(button);
  }
  for (const button of document.querySelectorAll("button.mc-print")) button.hidden = false;
  document.querySelector("#mc-source .mc-page")?.before(
    element("button", { type: "button", className: "mc-cite", textContent: "Cite this" }),
  );
})();
