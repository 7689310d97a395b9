// A digit at the left, its numbers in the middle, what comes back at the right. A tap turns a number off or on.

class LessonCode {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, tile: find(".tile"), all: find(".key") });
    this.tile.addEventListener("click", (event) => {
      const cell = event.target.closest("button");
      if (cell) this.turn([...this.tile.children].indexOf(cell));
    });
    this.all.addEventListener("click", () => this.say([]));
  }

  turn(number) {
    const off = new Set(this.off);
    if (!off.delete(number)) off.add(number);
    this.say([...off]);
  }

  say(off) {
    this.off = off;
    this.show();
    this.state("off", off);
  }

  update(data) {
    this.data = data;
    this.off ??= data.off;
    this.show();
  }

  show() {
    const { pictures, values, words } = this.data;
    ["given", "answer"].forEach((side, i) => {
      const image = this.find(`.${side}`);
      setAddress(image, pictures[i]);
      image.alt = words[side];
      write(image.nextElementSibling, words[side]);
    });
    write(this.find(".middle span"), words.tile);
    write(this.all, words.all);
    this.tile.setAttribute("aria-label", words.tile);
    fillWith(this.tile, values.length, () => Object.assign(document.createElement("button"), { type: "button" }));
    values.forEach((value, i) => {
      const cell = this.tile.children[i];
      const off = this.off.includes(i);
      cell.style.setProperty("--a", `${Math.round(value * 100)}%`);
      cell.setAttribute("aria-pressed", off);
      cell.setAttribute("aria-label", words.cell.replace("{number}", i + 1));
    });
  }
}

export default component(".code-way", LessonCode);
