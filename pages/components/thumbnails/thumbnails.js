// A strip of thumbnails, a radio group. Nodes stay where they are: focus and scroll position outlive every rerun.
// A choice is marked at once and sent; what Python says meanwhile about an earlier one does not take it back.

const PAUSE = 250; // ms after the last key until the choice is sent: whoever holds an arrow passes many
const PATIENCE = 4000; // ms until a choice that Python has not confirmed gives way to what Python says
const SPARE = 76; // screen pixels kept in view beside the chosen one: its neighbour

class Strip {
  marked = null; // the number that is ringed
  wanted = null; // the visitor's choice that Python has not confirmed
  sent = false; // whether it knows of it

  constructor(root) {
    Object.assign(this, { root, line: root.querySelector(".strip"), ways: root.querySelectorAll("[data-way]") });
    this.line.addEventListener("click", (event) => this.choose(this.numberOf(event)));
    this.line.addEventListener("keydown", (event) => this.type(event));
    this.line.addEventListener("scroll", () => this.edges(), { passive: true });
    for (const way of this.ways) {
      way.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays where it is
      way.addEventListener("click", () => this.scroll(this.line.scrollLeft + 0.8 * +way.dataset.way * this.line.clientWidth));
    }
    this.sizes = new ResizeObserver(() => this.show(false));
    this.sizes.observe(root);
  }

  leave() {
    this.sizes.disconnect();
    clearTimeout(this.timer);
  }

  update(data) {
    const { line } = this;
    this.data = data;
    line.setAttribute("aria-label", data.label);
    fillWith(line, data.pictures.length, thumb);
    data.pictures.forEach((picture, i) => fill(line.children[i], picture));
    if (this.wanted === null || (this.sent && this.wanted === data.chosen)) this.settle();
    this.edges();
  }

  settle() {
    clearTimeout(this.timer);
    this.wanted = null;
    this.mark(this.data.chosen);
  }

  choose(number, pause = 0) {
    if (number < 0 || number === this.marked) return;
    Object.assign(this, { wanted: number, sent: false });
    this.mark(number);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sent = true;
      this.timer = setTimeout(() => this.settle(), PATIENCE);
      this.trigger("chosen", number);
    }, pause);
  }

  type(event) {
    const from = this.numberOf(event);
    if (from < 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const count = this.line.children.length;
    const [dx, dy] = ARROWS[event.key] ?? [];
    const to = { Home: 0, End: count - 1 }[event.key] ?? (from + dx + dy + count) % count;
    if (Number.isNaN(to)) return;
    event.preventDefault(); // the page stays where it is
    this.line.children[to].focus({ preventScroll: true });
    this.choose(to, PAUSE);
  }

  numberOf = (event) => [...this.line.children].indexOf(event.target.closest("[role=radio]"));

  /** Ring one; it alone is reached by the Tab key. */
  mark(number) {
    [...this.line.children].forEach((node, i) => {
      node.setAttribute("aria-checked", i === number);
      node.tabIndex = i === number ? 0 : -1;
    });
    if (number === this.marked) return;
    const first = this.marked === null;
    this.marked = number;
    this.show(!first);
  }

  /** Bring the ringed one into view, as little as is needed; only the strip scrolls, never the page. */
  show(smoothly) {
    const { line } = this;
    const node = line.children[this.marked];
    if (!node) return;
    const [low, high] = [node.offsetLeft - SPARE, node.offsetLeft + node.offsetWidth + SPARE];
    this.root.classList.toggle("whole", line.scrollWidth <= this.root.clientWidth);
    this.scroll(Math.min(low, Math.max(high - line.clientWidth, line.scrollLeft)), smoothly);
    this.edges();
  }

  scroll(left, smoothly = true) {
    const behavior = smoothly && !isStill() ? "smooth" : "instant";
    this.line.scrollTo({ left, behavior }); // to where it is: ends another that runs
  }

  /** What lies beyond an edge fades there, and its button can be pressed. */
  edges() {
    const { scrollLeft, clientWidth, scrollWidth } = this.line;
    const more = { "-1": scrollLeft > 2, 1: scrollLeft + clientWidth < scrollWidth - 2 };
    this.line.classList.toggle("before", more[-1]);
    this.line.classList.toggle("after", more[1]);
    for (const way of this.ways) way.setAttribute("aria-disabled", !more[way.dataset.way]);
  }
}

function thumb() {
  const [node, image] = [document.createElement("button"), document.createElement("img")];
  node.type = "button";
  node.setAttribute("role", "radio");
  image.alt = ""; // the button has the name
  image.decoding = "sync";
  node.append(image);
  return node;
}

function fill(node, { name, url }) {
  const image = node.firstChild;
  if (node.title !== name) {
    node.title = name;
    node.setAttribute("aria-label", name);
  }
  setAddress(image, url);
}

export default component(".thumbs", Strip);
