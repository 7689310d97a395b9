// A row of equal, square pictures. Nodes stay where they are: an <img> gets a new `src` only when its picture
// changed, and shows the old one until the new one is decoded, so nothing flickers.

const rows = new WeakMap(); // root element -> how many updates it has had

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".gallery");
  const row = root.querySelector(".row");
  if (!rows.has(root)) prepare(root);
  const update = (rows.get(root) ?? 0) + 1;
  rows.set(root, update);

  root.classList.toggle("pixelated", data.pixelated);
  row.style.setProperty("--least", `${data.least}px`);
  row.style.setProperty("--count", data.pictures.length);
  while (row.children.length > data.pictures.length) row.lastChild.remove();
  while (row.children.length < data.pictures.length) row.append(figure(data.tap, root));

  const changed = data.pictures.filter((picture, i) => fill(row.children[i], picture));
  if (!changed.length) return;
  const images = [...row.querySelectorAll("figure:not(.missing) img")];
  Promise.allSettled(images.map((image) => image.decode())).then(() => {
    if (rows.get(root) === update) afterPaint(() => performance.mark("pictures:painted", { detail: data.name }));
  });
}

/** An empty picture: caption, frame (or more words), note. With `tap` the frame is a button that enlarges it. */
function figure(tap, root) {
  const node = document.createElement("figure");
  node.setAttribute("role", "listitem");
  const caption = document.createElement("figcaption");
  const frame = document.createElement(tap ? "button" : "div");
  const image = document.createElement("img");
  const [note, more] = [document.createElement("p"), document.createElement("p")];
  frame.className = "frame";
  note.className = "note quiet";
  more.className = "more quiet";
  image.decoding = "sync";
  if (tap) {
    frame.type = "button";
    frame.addEventListener("click", () => enlarge(root, node));
  }
  frame.append(image);
  node.append(caption, frame, more, note);
  return node;
}

/** Bring a figure up to date; true when its picture is another one. */
function fill(node, { caption, url, note, alt, more }) {
  const image = node.querySelector("img");
  node.classList.toggle("missing", !url);
  write(node.querySelector("figcaption"), caption);
  write(node.querySelector(".note"), note);
  write(node.querySelector(".more"), more);
  image.alt = alt;
  if (!url) return false;
  const button = node.querySelector("button");
  if (button) button.setAttribute("aria-label", `Enlarge: ${alt}`);
  if (image.getAttribute("src") === url) return false;
  image.setAttribute("src", url);
  return true;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function prepare(root) {
  const dialog = root.querySelector("dialog");
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside the picture
}

function enlarge(root, node) {
  const dialog = root.querySelector("dialog");
  const image = node.querySelector("img");
  fill(dialog.querySelector("figure"), {
    caption: node.querySelector("figcaption").textContent,
    note: node.querySelector(".note").textContent,
    more: node.querySelector(".more").textContent,
    url: image.getAttribute("src"),
    alt: image.alt,
  });
  dialog.showModal();
}

/** Two frames later the browser has put on screen what was changed before the first. */
function afterPaint(action) {
  requestAnimationFrame(() => requestAnimationFrame(action));
}
