/* <memcon-chat>: memcon's conversation in a page of yours.

     <script src="https://memcon.museum.example/embed.js" async></script>
     <memcon-chat src-lang="de">
       <a href="https://memcon.museum.example/">Ask the archive</a>   (where scripts do not run)
     </memcon-chat>

   Attributes, all optional, all followed when they change:
     src-lang  en, ru, de, fr or es; without it the visitor's browser decides
     theme     light or dark; without it the visitor's browser decides
     height    the least height in pixels, 420 where it is not stated; the frame grows with the conversation
     label     the frame's title, for those who hear the page; without it the page in the frame gives one
   Style: memcon-chat::part(frame) is the frame. It is as wide as the element, and at most as high as 90vh.

   Messages: the page in the frame posts {type: "memcon:height", height, title} to the page that holds it, to its origin
   alone: the height in pixels that shows all of the conversation, and what the frame may be called. Nothing is posted
   the other way. This listens only to the window of its own frame, and only while that shows a page of this server. */

(() => {
  "use strict";
  const ADDRESS = new URL("embed", document.currentScript.src);
  const LEAST = 420;
  const MOST = 100000;
  const STYLE = `
    :host { display: block; }
    :host([hidden]) { display: none; }
    iframe { display: block; box-sizing: border-box; inline-size: 100%; max-block-size: max(90vh, 20rem); border: 0; }
  `;

  class MemconChat extends HTMLElement {
    static observedAttributes = ["src-lang", "theme", "height", "label"];
    #frame = document.createElement("iframe");
    #wanted = 0;
    #title = "memcon";

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#frame.part = "frame";
      this.#frame.loading = "lazy";
      this.#frame.referrerPolicy = "origin"; // by which the page in the frame knows whom to tell its height
      root.append(this.#frame);
    }

    connectedCallback() {
      addEventListener("message", this.#hear);
      this.#open();
      this.#show();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
    }

    attributeChangedCallback() {
      if (!this.isConnected) return;
      this.#open();
      this.#show();
    }

    #open() {
      const address = new URL(ADDRESS);
      for (const [parameter, attribute] of [["lang", "src-lang"], ["theme", "theme"]]) {
        const stated = this.getAttribute(attribute);
        if (stated) address.searchParams.set(parameter, stated);
      }
      if (this.#frame.getAttribute("src") !== address.href) this.#frame.src = address.href;
    }

    #show() {
      const stated = Number.parseInt(this.getAttribute("height") ?? "", 10);
      const least = stated > 0 ? stated : LEAST;
      const edges = this.#frame.offsetHeight - this.#frame.clientHeight; // a border that the page around it gave it
      this.#frame.style.blockSize = `${Math.min(Math.max(least, this.#wanted + edges), MOST)}px`;
      this.#frame.title = this.getAttribute("label") || this.#title;
    }

    #hear = (event) => {
      if (event.origin !== ADDRESS.origin || event.source !== this.#frame.contentWindow) return;
      const { type, height, title } = event.data ?? {};
      if (type !== "memcon:height" || !Number.isFinite(height)) return;
      this.#wanted = Math.ceil(height);
      if (typeof title === "string" && title) this.#title = title;
      this.#show();
    };
  }

  if (!customElements.get("memcon-chat")) customElements.define("memcon-chat", MemconChat);
})();
