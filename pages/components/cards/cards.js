// Cards that lead on: real links, so that a new tab works; a plain click keeps the visitor's session.

class Cards {
  constructor(root) {
    this.root = root;
    root.addEventListener("click", (event) => this.go(event));
  }

  /** Pictures come once and are named after that; those that got lost on the way are asked for. */
  update({ cards, named, pictures, label }) {
    if (pictures) this.kept = { named, pictures };
    if (this.kept?.named !== named) this.trigger("lacks", named);
    this.root.setAttribute("aria-label", label);
    fillWith(this.root, cards.length, card);
    cards.forEach(({ name, title, says, address }, i) => {
      const node = this.root.children[i];
      const [images, words] = node.children;
      node.dataset.name = name;
      setAddress(node, address, "href");
      write(words.querySelector("b"), title);
      write(words.querySelector("span"), says);
      const shown = this.kept?.pictures[i] ?? [];
      fillWith(images, shown.length, () => Object.assign(document.createElement("img"), { alt: "" }));
      shown.forEach((url, slot) => setAddress(images.children[slot], url));
    });
  }

  go(event) {
    const node = event.target.closest("a");
    if (!node || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const here = node.getAttribute("href").startsWith("?"); // another part of this page
    if (here) document.querySelector(".stTabs, .st-key-top")?.scrollIntoView({ behavior: isStill() ? "instant" : "smooth" });
    this.trigger("went", node.dataset.name);
  }
}

function card() {
  const node = document.createElement("a");
  const [images, words] = [document.createElement("span"), document.createElement("span")];
  images.className = "images";
  words.className = "words";
  words.append(document.createElement("b"), document.createElement("span"));
  const arrow = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": true });
  arrow.append(svg("path", { d: "M5 12h14M13 6l6 6-6 6" }));
  node.append(images, words, arrow);
  return node;
}

export default component(".cards", Cards);
