// The path of the lessons. A phone folds it to one line.

class LessonPath {
  constructor(root) {
    Object.assign(this, { root, list: root.querySelector("ol"), folded: root.querySelector(".folded") });
    this.folded.addEventListener("click", () => this.open(!root.classList.contains("open")));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    this.list.addEventListener("click", (event) => {
      const stop = event.target.closest("a");
      if (!stop || event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
      event.preventDefault();
      this.open(false);
      this.trigger("go", stop.dataset.to);
    });
  }

  open(is) {
    this.root.classList.toggle("open", is);
    this.folded.setAttribute("aria-expanded", is);
  }

  update({ stops, teachers, here, label, language }) {
    this.root.lang = language;
    this.root.setAttribute("aria-label", label);
    write(this.folded.querySelector("span"), here);
    const all = [...stops, teachers];
    fillWith(this.list, all.length, lessonStop);
    all.forEach(({ name, to, link, done, here: isHere }, i) => {
      const stop = this.list.children[i].firstChild;
      setAddress(stop, link, "href");
      stop.dataset.to = to;
      stop.classList.toggle("done", done);
      stop.classList.toggle("teachers", i === stops.length);
      if (isHere) stop.setAttribute("aria-current", "step");
      else stop.removeAttribute("aria-current");
      write(stop.firstChild, i === stops.length ? "" : done ? "✓" : `${i + 1}`);
      write(stop.lastChild, name);
    });
  }
}

function lessonStop() {
  const node = document.createElement("li");
  const stop = document.createElement("a");
  stop.append(document.createElement("i"), document.createElement("span"));
  node.append(stop);
  return node;
}

export default component(".path", LessonPath);
