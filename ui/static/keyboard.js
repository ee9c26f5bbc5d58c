// A keyboard on the screen. The layouts are data: keyboards.json.
//
//   const keyboard = startKeyboard({ place, input, language, words, onAsk, onHide });
//
// place  the element that holds the keys; input() returns the text box they write into
// keyboard.show() draws it; keyboard.replace({ place, language, words }) puts it into another place and language
//
// The box keeps the focus while keys are touched, so that a keyboard of the visitor's own works beside this one. With
// the arrow keys one walks over the keys, which are one stop of the tabulator.

const UPPER = { ß: "ẞ" }; // the language's own capital, where JavaScript makes two letters of it

export function startKeyboard(given) {
  let { place, language, words } = given;
  const { input, onAsk, onHide } = given;
  let layouts = null;
  let layout = language;
  let shifted = false;
  let more = false;
  const loaded = load();

  async function load() {
    for (;;) {
      try {
        const answer = await fetch("/site/keyboards.json");
        if (answer.ok) {
          layouts = await answer.json();
          return;
        }
      } catch {
        // The server is away; a keyboard of the visitor's own works meanwhile.
      }
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }

  async function show() {
    await loaded;
    draw();
  }

  function replace(elements) {
    const spoken = elements.language !== language;
    ({ place = place, language = language, words = words } = elements);
    if (spoken) [layout, shifted, more] = [language, false, false];
    if (layouts && place.closest("[hidden]") === null) draw();
  }

  // ---- the keys ---------------------------------------------------------------------------------------------------------

  const chosen = () => layouts[layout] ?? layouts[Object.keys(layouts)[0]];
  const cased = (letter) => (shifted ? (UPPER[letter] ?? letter.toLocaleUpperCase(chosen().language)) : letter);

  function key(text, label, does, kind = "") {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: `key ${kind}`.trim(), textContent: text, tabIndex: -1 });
    if (label) made.setAttribute("aria-label", label);
    made.dataset.key = does;
    return made;
  }

  function row(...keys) {
    const made = document.createElement("div");
    made.className = "keys";
    made.append(...keys);
    return made;
  }

  function draw() {
    const held = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const { rows, signs, accents, name } = chosen();
    const letters = (line) => [...line].map((letter) => key(cased(letter), "", `letter:${letter}`));
    const shift = key("⇧", words.shift, "shift", "wide");
    shift.setAttribute("aria-pressed", String(shifted));
    const backspace = key("⌫", words.backspace, "backspace", "wide");
    const drawn = more
      ? [row(...letters("1234567890")), row(...letters(signs)), row(shift, ...letters(accents), backspace)]
      : [...rows.slice(0, -1).map((line) => row(...letters(line))), row(shift, ...letters(rows.at(-1)), backspace)];
    const other = key(name, `${words.layout} ${name}`, "layout", "wide name");
    drawn.push(
      row(
        key(more ? "abc" : "123 é", more ? words.letters : words.more, "more", "wide"),
        other,
        key("", words.space, "letter: ", "space"),
        key(",", "", "letter:,"),
        key("?", "", "letter:?"),
        key("▾", words.hide, "hide", "wide"),
      ),
    );
    place.replaceChildren(...drawn);
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", words.keyboard);
    place.lang = chosen().language;
    const again = held && [...place.querySelectorAll(".key")].find((made) => made.dataset.key === held);
    (again || place.querySelector(".key")).tabIndex = 0;
    again?.focus();
  }

  // ---- what they do -------------------------------------------------------------------------------------------------------

  function write(text) {
    const box = input();
    const room = box.maxLength - box.value.length + (box.selectionEnd - box.selectionStart);
    if (box.maxLength >= 0 && text.length > room) return;
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (shifted && text.trim()) {
      shifted = false;
      draw();
    }
  }

  function erase() {
    const box = input();
    let { selectionStart: start, selectionEnd: end } = box;
    if (start === end) start -= [...box.value.slice(0, start)].at(-1)?.length ?? 0;
    box.setRangeText("", start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function press(does) {
    if (does.startsWith("letter:")) return write(cased(does.slice("letter:".length)));
    if (does === "backspace") return erase();
    if (does === "hide") return onHide();
    if (does === "shift") shifted = !shifted;
    if (does === "more") more = !more;
    if (does === "layout") {
      const names = Object.keys(layouts);
      layout = names[(names.indexOf(layout) + 1) % names.length];
    }
    draw();
  }

  function walk(event) {
    const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const from = event.target.closest?.("#keyboard .key");
    if (!steps || !from) return;
    event.preventDefault();
    const lines = [...place.children].map((line) => [...line.children]);
    const y = lines.findIndex((line) => line.includes(from));
    const x = lines[y].indexOf(from);
    const line = lines[(y + steps[1] + lines.length) % lines.length];
    const to = line[Math.min((x + steps[0] + line.length) % line.length || 0, line.length - 1)];
    const kept = steps[1] ? line[Math.min(x, line.length - 1)] : to;
    from.tabIndex = -1;
    kept.tabIndex = 0;
    kept.focus();
  }

  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.("#keyboard")) event.preventDefault(); // the box keeps the focus, and the caret its place
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("#keyboard .key");
    if (pressed) press(pressed.dataset.key);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target === input() && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      onAsk();
    } else {
      walk(event);
    }
  });

  return { show, replace };
}
