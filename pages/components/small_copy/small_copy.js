// Three pictures of one size with their titles; under them what is invented, and the proof that both faces are one copy.

class SmallCopy {
  constructor(root) {
    const all = (selector) => [...root.querySelectorAll(selector)];
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, titles: all(".title .said"), squares: all(".square > img:first-child"), find });
    Object.assign(this, { truth: find(".truth"), photo: find(".photo"), seg: find(".seg"), same: all(".same figure") });
    whileHeld(find(".hold"), (on) => (this.photo.hidden = !on));
    this.seg.addEventListener("click", (event) => this.choose(event.target.closest("button")));
  }

  update({ pictures, told, photo, tiny, faces, chosen, words }) {
    const { find, root } = this;
    root.classList.toggle("pixels", Boolean(tiny));
    pictures.forEach(({ caption, note, url, alt }, i) => {
      const [title, says] = this.titles[i].children;
      write(title.lastElementChild ?? title, caption);
      write(says, note);
      setAddress(this.squares[i], url);
      this.squares[i].alt = alt;
    });
    setAddress(this.photo, photo);
    write(find(".hold span"), words.hold);
    this.truth.hidden = !tiny;
    if (tiny) setAddress(this.truth.firstElementChild, tiny);
    write(this.truth.lastElementChild, words.size);
    write(find(".share"), told.share);
    write(find(".why"), told.why);
    find(".same").hidden = !told.same.length;
    told.same.forEach(({ caption, url, alt }, i) => {
      const [image, says] = this.same[i].children;
      setAddress(image, url);
      image.alt = alt;
      write(says, caption);
    });
    this.seg.hidden = !faces.length;
    this.seg.setAttribute("aria-label", words.faces);
    fillWith(this.seg, faces.length, () => Object.assign(document.createElement("button"), { type: "button", className: "key" }));
    faces.forEach((name, i) => {
      write(this.seg.children[i], name);
      this.seg.children[i].value = i;
    });
    this.mark(chosen);
  }

  mark(number) {
    [...this.seg.children].forEach((node, i) => node.setAttribute("aria-pressed", i === number));
  }

  choose(node) {
    if (!node) return;
    this.mark(Number(node.value));
    this.trigger("face", Number(node.value));
  }
}

export default component(".small-copy", SmallCopy);
