// Hide buttons: each is a small face with what it hides in black. The mark moves at once; Python is told.

class HoleChoice {
  constructor(root) {
    this.root = root;
    root.addEventListener("click", (event) => this.choose(event.target.closest("button")));
  }

  update({ holes, words, chosen, label }) {
    this.root.setAttribute("aria-label", label);
    const known = JSON.stringify([holes, words]);
    const chips = [...holes, ["random"], ["clear"]];
    if (this.known !== known) this.root.replaceChildren(...chips.map(([name, box]) => chip(name, words[name], box)));
    this.known = known;
    this.mark(chosen);
  }

  mark(name) {
    for (const node of this.root.querySelectorAll(":not(.act).chip")) {
      node.setAttribute("aria-pressed", node.dataset.hole === name);
    }
  }

  choose(node) {
    if (!node) return;
    this.mark(node.dataset.hole);
    this.trigger("took", node.dataset.hole);
  }
}

export default component(".hole-choice", HoleChoice);
