// Small pictures to choose one of. The mark moves at once; Python is told.

class PictureChoice {
  constructor(root) {
    this.root = root;
    root.addEventListener("click", (event) => this.choose(event.target.closest("button")));
  }

  update({ choices, chosen, label, pixelated, filled }) {
    const { root } = this;
    root.setAttribute("aria-label", label);
    root.classList.toggle("pixelated", pixelated);
    root.classList.toggle("filled", filled);
    fillWith(root, choices.length, choice);
    choices.forEach(({ name, url, label, says }, i) => {
      const node = root.children[i];
      const [image, words] = node.children;
      node.dataset.name = name;
      node.title = says;
      node.setAttribute("aria-label", says || label);
      setAddress(image, url);
      write(words, label);
      words.hidden = !label;
    });
    this.mark(chosen);
  }

  mark(name) {
    for (const node of this.root.children) node.setAttribute("aria-pressed", node.dataset.name === name);
  }

  choose(node) {
    if (!node) return;
    this.mark(node.dataset.name);
    this.trigger("took", node.dataset.name);
  }
}

function choice() {
  const node = document.createElement("button");
  node.type = "button";
  node.append(Object.assign(document.createElement("img"), { alt: "" }), document.createElement("span"));
  return node;
}

export default component(".choices", PictureChoice);
