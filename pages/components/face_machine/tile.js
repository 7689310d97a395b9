// The tile of 300 numbers: blue is less than most faces have, orange more; a ring is a number that the hole moved.

const LEVELS = 5; // of colour, one every half deviation
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;

class Tile {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, tile: find(".tile"), words: find(".how .words"), waist: find(".waist") });
    fillWith(this.tile, 300, () => document.createElement("i"));
    this.cells = [...this.tile.children];
    for (const way of ["pointerover", "pointerdown"]) {
      this.tile.addEventListener(way, (event) => this.point(this.cells.indexOf(event.target)));
    }
    this.tile.addEventListener("pointerleave", () => this.point(-1));
  }

  /** numbers: {values, intact, moved}, the first two in hundredths of a deviation; null where a method has none. */
  show(numbers, hidden) {
    if (this.numbers === numbers) return;
    const moved = new Set(numbers?.moved);
    this.numbers = numbers;
    this.cells.forEach((cell, i) => {
      const value = (numbers?.values[i] ?? 0) / 100;
      const level = Math.min(LEVELS, Math.round(Math.abs(value) * 2));
      const name = `${value < 0 ? "less" : "more"} level${level}${moved.has(i) ? " moved" : ""}`;
      if (cell.className !== name) cell.className = name;
    });
    this.said = !numbers
      ? "not used: it knows no faces"
      : !hidden
        ? "nothing hidden, none moved"
        : `the hole moved ${moved.size} of 300`;
    this.root.classList.toggle("numberless", !numbers);
    write(this.root.querySelector(".many b"), numbers ? "300" : "0");
    this.tile.setAttribute("aria-label", numbers ? `300 numbers, ${moved.size} of them moved by the hole` : "No numbers");
    this.point(-1);
  }

  /** What a cell is, in the line under the tile; -1: what all of them are. */
  point(i) {
    const { numbers } = this;
    if (i < 0 || !numbers) return write(this.words, this.said ?? "");
    const [now, before] = [numbers.values[i] / 100, numbers.intact[i] / 100];
    const from = numbers.moved.includes(i) ? `, unhidden ${signed(before)}` : "";
    write(this.words, `number ${i + 1}: ${signed(now)}${from}`);
  }

  /** One pulse through the lines of both funnels. */
  pulse() {
    if (isStill()) return;
    this.waist.classList.remove("go");
    void this.waist.offsetWidth; // so that the animation begins anew
    this.waist.classList.add("go");
  }
}
