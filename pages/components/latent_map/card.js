// The card of the point under the pointer: its class, its number, its picture. Put before latent_map.js.

class Card {
  constructor(root) {
    this.node = root.querySelector(".card");
    [this.canvas, this.name, this.number] = ["canvas", "strong", "span"].map((tag) => this.node.querySelector(tag));
  }

  /** sprite: {columns, size} of the tiles, or null; image: the sheet, once it is there. */
  write(index, name, sprite, image) {
    this.name.textContent = name;
    this.number.textContent = `No. ${index}`;
    this.canvas.hidden = !sprite;
    if (!sprite) return;
    const { columns, size } = sprite;
    Object.assign(this.canvas, { width: size, height: size }); // and thereby empty
    const [x, y] = [(index % columns) * size, Math.floor(index / columns) * size];
    if (image) this.canvas.getContext("2d").drawImage(image, x, y, size, size, 0, 0, size, size);
  }

  /** Beside a place of the view, inside it; the halo, a circle, is drawn round the place. */
  place([x, y], view, halo) {
    draw(halo, { cx: x, cy: y });
    const { offsetWidth, offsetHeight } = this.node;
    const left = x + 12 + offsetWidth > view.width ? x - 12 - offsetWidth : x + 12;
    const top = clamp(y - offsetHeight / 2, 4, view.height - offsetHeight - 4);
    this.node.style.translate = `${Math.max(4, left)}px ${top}px`;
  }
}

/** Images by their addresses, each fetched once. */
class Sheets {
  images = new Map();

  /** The image once it has arrived, until then null; `then` is called when it does. */
  at(url, then) {
    if (!url) return null;
    if (!this.images.has(url)) {
      const image = new Image();
      image.addEventListener("load", then, { once: true });
      image.src = appAddress(url);
      this.images.set(url, image);
    }
    const image = this.images.get(url);
    return image.complete && image.naturalWidth ? image : null;
  }
}
