// A row of equal, square pictures. Nodes stay where they are: an <img> gets a new `src` only when its picture
// changed, and shows the old one until the new one is decoded, so nothing flickers.

class PictureRow {
  updates = 0;

  constructor(root) {
    Object.assign(this, { root, row: root.querySelector(".row"), dialog: root.querySelector("dialog") });
    const { dialog } = this;
    dialog.querySelector("button").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside the picture
  }

  update(data) {
    const { root, row } = this;
    const update = ++this.updates;
    this.name(data.words);
    root.classList.toggle("pixelated", data.pixelated);
    row.style.setProperty("--least", `${data.least}px`);
    row.style.setProperty("--count", data.pictures.length);
    fillWith(row, data.pictures.length, () => figure(data.tap && ((node) => this.enlarge(node))));
    const changed = data.pictures.filter((picture, i) => fill(row.children[i], picture, data.words));
    if (!changed.length) return;
    const images = [...row.querySelectorAll("figure:not(.missing) img")];
    const painted = () => performance.mark("pictures:painted", { detail: data.name });
    Promise.allSettled(images.map((image) => image.decode())).then(() => {
      // Two frames later the browser has put on screen what was changed before the first.
      if (this.updates === update) onScreen(painted);
    });
  }

  name({ enlarged, close }) {
    const button = this.dialog.querySelector("button");
    this.dialog.setAttribute("aria-label", enlarged);
    button.setAttribute("aria-label", close);
    button.title = `${close} (Esc)`;
  }

  enlarge(node) {
    const image = node.querySelector("img");
    fill(this.dialog.querySelector("figure"), {
      caption: node.querySelector("figcaption").textContent,
      note: node.querySelector(".note").textContent,
      more: node.querySelector(".more").textContent,
      url: image.getAttribute("src"),
      alt: image.alt,
    });
    this.dialog.showModal();
  }
}

/** An empty picture: caption, frame (or more words), note. With `tap` the frame is a button that calls it. */
function figure(tap) {
  const node = document.createElement("figure");
  node.setAttribute("role", "listitem");
  const frame = document.createElement(tap ? "button" : "div");
  const image = document.createElement("img");
  const [note, more] = [document.createElement("p"), document.createElement("p")];
  frame.className = "frame";
  note.className = "note quiet";
  more.className = "more quiet";
  image.decoding = "sync";
  if (tap) {
    frame.type = "button";
    frame.addEventListener("click", () => tap(node));
  }
  frame.append(image);
  node.append(document.createElement("figcaption"), frame, more, note);
  return node;
}

/** Bring a figure up to date; true when its picture is another one. */
function fill(node, { caption, url, note, alt, more }, words) {
  const [image, button] = [node.querySelector("img"), node.querySelector("button")];
  node.classList.toggle("missing", !url);
  write(node.querySelector("figcaption"), caption);
  write(node.querySelector(".note"), note);
  write(node.querySelector(".more"), more);
  image.alt = alt;
  if (!url) return false;
  button?.setAttribute("aria-label", words.enlarge.replace("{alt}", alt));
  const another = image.getAttribute("src") !== url;
  setAddress(image, url);
  return another;
}

export default component(".gallery", PictureRow);
