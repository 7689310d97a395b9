// Cards of sizes, and buttons of words under their label. The mark moves at once; Python is told.

class CopyChoice {
  constructor(root) {
    Object.assign(this, { root, label: root.querySelector(".label"), nodes: [] });
    root.addEventListener("click", (event) => this.choose(event.target.closest("button")));
  }

  update({ copies, chosen, words }) {
    const [title, why] = this.label.children;
    write(title, words.title);
    write(why, words.why);
    this.root.setAttribute("aria-label", words.title);
    copies.forEach(({ name, title: called, says, pictures }, i) => {
      const node = (this.nodes[i] ??= this.add(pictures.length));
      const [images, shown] = node.children;
      node.dataset.name = name;
      pictures.forEach((url, slot) => setAddress(images.children[slot], url));
      write(shown.firstChild, called);
      write(shown.lastChild, says);
    });
    this.mark(chosen);
  }

  /** A card with that many pictures; one without stands with the label. */
  add(pictures) {
    const [node, images, words] = ["button", "span", "span"].map((tag) => document.createElement(tag));
    node.type = "button";
    node.className = pictures ? "card" : "words-alone";
    images.className = "images";
    words.className = "words";
    words.append(document.createElement("b"), document.createElement("span"));
    fillWith(images, pictures, () => Object.assign(document.createElement("img"), { alt: "" }));
    node.append(images, words);
    (pictures ? this.root : this.label).append(node);
    return node;
  }

  mark(name) {
    for (const node of this.nodes) node.setAttribute("aria-pressed", node.dataset.name === name);
  }

  choose(node) {
    if (!node) return;
    this.mark(node.dataset.name);
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0, behavior: isStill() ? "instant" : "smooth" });
    this.trigger("took", node.dataset.name);
  }
}

export default component(".copies", CopyChoice);
