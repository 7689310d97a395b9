// What lies under the hand on a map. The picture follows at once, as the nearest of those that came with the map; over
// it comes the exact one as soon as Python has drawn it, with the distance and the neighbours.

const written = (value) => (Math.round(value * 100) / 100 || 0).toFixed(2).replace("-", "−");

class Place {
  hand = null; // where it is, in data units; null before the first pick

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, exact: find("img"), glimpse: find("canvas"), frame: find(".decoded"), save: find(".save") });
    Object.assign(this, { numbers: root.querySelectorAll(".numbers b"), needle: find(".needle"), verdict: find(".verdict b") });
    Object.assign(this, { limits: root.querySelectorAll(".scale b"), row: find("ol") });
    this.picked = ({ detail }) => detail.map === this.data.map && this.follow(detail.at);
    addEventListener("latentmap:pick", this.picked);
  }

  leave() {
    removeEventListener("latentmap:pick", this.picked);
  }

  update(data) {
    if (this.data?.map !== data.map) Object.assign(this, { hand: null, sheet: new Image() });
    this.data = data;
    this.root.classList.toggle("pixelated", data.pixelated);
    this.root.classList.toggle("blank", !data.url);
    if (data.url) this.show(data);
    fillWords(this.root, data.words);
    if (!this.hand) this.write(data.at);
    this.measure(data);
    fillWith(this.row, data.neighbours.length, neighbourNode);
    data.neighbours.forEach((neighbour, i) => writeNeighbour(this.row.children[i], neighbour, data.sprite));
  }

  show({ grid, url, file }) {
    setAddress(this.sheet, appAddress(grid));
    const another = this.exact.getAttribute("src") !== url;
    setAddress(this.exact, url);
    draw(this.save, { href: url, download: file });
    this.exact.decode().then(() => this.uncover(another), () => {});
  }

  /** The exact picture is there: it is shown unless the hand has gone on since it was asked for. */
  uncover(another) {
    const { at, extent } = this.data;
    if (this.hand && !near(this.hand, at, (extent[1] - extent[0]) / 1e4)) return;
    this.glimpse.hidden = true;
    if (another) onScreen(() => performance.mark("decoded:exact"));
  }

  follow(at) {
    this.hand = at;
    this.write(at);
    const { extent, cells } = this.data;
    const side = this.sheet.naturalWidth / cells;
    if (!side) return; // the sheet is still on its way, or there is none: the exact picture will do
    const [column, row] = cellOf(at, extent, cells);
    Object.assign(this.glimpse, { width: side, height: side, hidden: false });
    this.glimpse.getContext("2d").drawImage(this.sheet, column * side, row * side, side, side, 0, 0, side, side);
    onScreen(() => performance.mark("decoded:glimpsed"));
  }

  /** The two numbers; blue below zero, orange above. */
  write(at) {
    at.forEach((value, axis) => {
      write(this.numbers[axis], written(value));
      this.numbers[axis].className = value < 0 ? "less" : "more";
    });
  }

  measure({ distance, bounds }) {
    this.needle.style.left = `${100 * needleAt(distance, bounds)}%`;
    write(this.verdict, written(distance));
    bounds.forEach((bound, i) => write(this.limits[i], written(bound)));
  }
}

function neighbourNode() {
  const node = document.createElement("li");
  node.append(draw(document.createElement("i"), { "aria-hidden": true }), document.createElement("span"));
  return node;
}

/** Its tile, cut out of the sheet by percentages of what is left and above of it. */
function writeNeighbour(node, { number, label }, { url, columns, rows }) {
  const [tile, words] = node.children;
  const share = (index, count) => `${(100 * index) / Math.max(1, count - 1)}%`;
  tile.style.backgroundImage = `url("${appAddress(url)}")`;
  tile.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
  tile.style.backgroundPosition = `${share(number % columns, columns)} ${share(Math.floor(number / columns), rows)}`;
  write(words, label);
}

export default component(".place", Place);
