// What the decoder draws at the place under the hand: at once the nearest of the pictures that came with the map, and
// over it the exact one as soon as Python has drawn it.

class DecodedPlace {
  hand = null; // where it is, in data units; null before the first pick

  constructor(root) {
    Object.assign(this, { root, exact: root.querySelector("img"), glimpse: root.querySelector("canvas") });
    this.picked = ({ detail }) => detail.map === this.data.map && this.follow(detail.at);
    addEventListener("latentmap:pick", this.picked);
  }

  leave() {
    removeEventListener("latentmap:pick", this.picked);
  }

  update(data) {
    if (this.data?.map !== data.map) Object.assign(this, { hand: null, sheet: new Image() });
    this.data = data;
    this.root.style.setProperty("--height", `${data.height}px`);
    this.root.classList.toggle("pixelated", data.pixelated);
    setAddress(this.sheet, appAddress(data.grid));
    const another = this.exact.getAttribute("src") !== data.url;
    setAddress(this.exact, data.url);
    this.exact.decode().then(() => this.uncover(another), () => {});
  }

  /** The exact picture is there: it is shown unless the hand has gone on since it was asked for. */
  uncover(another) {
    const { at, extent } = this.data;
    if (this.hand && !near(this.hand, at, (extent[1] - extent[0]) / 1e4)) return;
    this.glimpse.hidden = true;
    if (another) requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("decoded:exact")));
  }

  follow(at) {
    this.hand = at;
    const { extent, cells } = this.data;
    const side = this.sheet.naturalWidth / cells;
    if (!side) return; // the sheet is still on its way: the exact picture will do
    const [column, row] = cellOf(at, extent, cells);
    Object.assign(this.glimpse, { width: side, height: side, hidden: false });
    this.glimpse.getContext("2d").drawImage(this.sheet, column * side, row * side, side, side, 0, 0, side, side);
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("decoded:glimpsed")));
  }
}

export default component(".decoded", DecodedPlace);
