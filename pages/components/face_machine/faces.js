// The faces to choose from: a strip of them around the chosen one, and all of them in a dialog.

const ROOM = 8; // faces in the strip

class Faces {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { strip: find(".faces"), dialog: find(".everybody"), list: find(".everybody .list") });
    this.one = find(".one"); // of a phone, in the place of the strip
    this.one.addEventListener("click", () => this.open());
    for (const place of [this.strip, this.list]) {
      place.addEventListener("click", (event) => this.take(event.target.closest("button")));
      place.addEventListener("keydown", (event) => this.step(event));
    }
    find(".everybody > button").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  /** What the machine hears of another face. */
  taken() {}

  /** sheet: {names, url, columns}, all faces in one picture; chosen: the number of the one on the page. */
  update(sheet, chosen, words) {
    const said = words.all === this.words?.all;
    if (said && sheet === this.sheet && chosen === this.chosen && chosen === this.here) return;
    Object.assign(this, { sheet, chosen, here: chosen, words });
    this.show();
  }

  show() {
    const { strip, chosen, words } = this;
    const { names } = this.sheet;
    const first = clamp(chosen - (ROOM >> 1), 0, Math.max(0, names.length - ROOM));
    const shown = names.map((_, i) => i).slice(first, first + ROOM);
    const rest = names.length > ROOM;
    fillWith(strip, shown.length + rest, () => faceButton());
    shown.forEach((i, slot) => this.fill(strip.children[slot], i));
    if (rest) fillAll(strip.lastChild, names.length, words);
    this.fill(this.one, chosen);
  }

  fill(node, i) {
    const { names, url, columns } = this.sheet;
    const chosen = i === this.chosen;
    node.classList.remove("all");
    node.dataset.face = i;
    if (node !== this.one) {
      node.setAttribute("role", "radio");
      node.setAttribute("aria-checked", chosen);
      node.setAttribute("aria-label", names[i]);
      node.title = names[i];
      node.tabIndex = chosen ? 0 : -1;
    }
    const place = node.querySelector(".of");
    const rows = Math.ceil(names.length / columns);
    const share = (at, count) => (count > 1 ? (at / (count - 1)) * 100 : 0);
    place.style.backgroundImage = `url("${url}")`;
    place.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
    place.style.backgroundPosition = `${share(i % columns, columns)}% ${share(Math.floor(i / columns), rows)}%`;
  }

  open() {
    const { names } = this.sheet;
    fillWith(this.list, names.length, () => faceButton());
    [...this.list.children].forEach((node, i) => {
      this.fill(node, i);
      write(node.querySelector(".called"), names[i]);
    });
    if (!this.dialog.open) this.dialog.showModal();
    this.list.querySelector("[aria-checked=true]")?.focus();
  }

  take(node) {
    if (!node) return;
    if (node.matches(".all")) return this.open();
    this.dialog.close();
    if (+node.dataset.face !== this.here) this.taken(+node.dataset.face);
  }

  /** The arrow keys go from face to face, around the ends. */
  step(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    const from = +event.target.closest("[role=radio]")?.dataset.face;
    if (!way || Number.isNaN(from)) return;
    event.preventDefault();
    const count = this.sheet.names.length;
    this.chosen = (from + way + count) % count;
    const { open } = this.dialog;
    if (open) this.open();
    else this.show();
    (open ? this.list : this.strip).querySelector("[aria-checked=true]")?.focus({ preventScroll: !open });
    clearTimeout(this.later);
    this.later = setTimeout(() => this.taken(this.chosen), 250); // a held key asks once
  }
}
