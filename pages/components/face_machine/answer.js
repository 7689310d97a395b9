// The answer and the methods' thumbnails: each is the face with a patch laid on it that covers the hole.

const loaded = new Map(); // address -> Image, the latest ones
const MAX_LOADED = 80;

/** The picture at an address, decoded; null where there is none. */
async function picture(address) {
  if (!address) return null;
  if (!loaded.has(address)) {
    const image = new Image();
    image.src = address;
    loaded.set(address, image.decode().then(() => image, () => null));
    if (loaded.size > MAX_LOADED) loaded.delete(loaded.keys().next().value);
  }
  return loaded.get(address);
}

/** Draw the face and a patch {url, place: [left, top, side, side] in shares} over all of a square canvas. */
function paint(canvas, face, patch, image, side) {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(face, 0, 0, side, side);
  if (image) pen.drawImage(image, ...patch.place.map((share) => share * side));
}

class Answer {
  constructor(root) {
    this.root = root.querySelector(".answer");
    this.layers = [...this.root.querySelectorAll("canvas")];
    this.missing = this.root.querySelector(".missing");
  }

  /** Show one answer {patch} or {missing: a sentence}; resolves true once it is on the canvas. */
  async show(face, answer, label) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const [below, image] = await Promise.all([picture(face), picture(answer.patch?.url)]);
    if (turn !== this.turn || !below) return false; // another one came before
    const name = answer.missing ? "" : `${answer.patch?.id ?? "given"}`;
    write(this.missing, answer.missing ?? "");
    this.missing.hidden = !answer.missing;
    this.root.setAttribute("aria-label", label);
    this.root.classList.toggle("waits", Boolean(answer.waits));
    if (answer.waits) return false;
    if (this.root.dataset.picture === name && this.face === face) return true;
    this.face = face;
    const [old, fresh] = this.layers;
    paint(fresh, below, answer.patch, image, 512);
    this.layers.reverse();
    old.classList.remove("front");
    fresh.classList.add("front");
    this.root.dataset.picture = name;
    return true;
  }
}

/** A button that shows a method's answer small: its colour, its name, what it does in a sentence beside it when it is
 * pointed at or reached by Tab (a tap has it said above the answer), and what it waits for. */
function methodButton() {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "method";
  for (const part of ["span", "u", "b", "em"]) node.append(document.createElement(part));
  node.firstChild.append(document.createElement("canvas"));
  return node;
}

async function showMethod(node, face, method, chosen) {
  node.style.setProperty("--c", method.colour);
  const [name, why] = node.querySelectorAll("b, em");
  why.id = `why-${method.name}`;
  write(why, method.why);
  node.setAttribute("aria-describedby", why.id);
  node.setAttribute("aria-label", method.title);
  node.setAttribute("aria-pressed", method.name === chosen);
  node.dataset.method = method.name;
  write(name, method.short);
  const turn = (node.turn = (node.turn ?? 0) + 1);
  const { patch, missing, waits } = method;
  node.classList.toggle("missing", Boolean(missing));
  node.classList.toggle("asks", Boolean(method.asks));
  node.classList.toggle("waits", Boolean(waits));
  if (waits) return; // the old picture stays until the new one is there
  const [below, image] = await Promise.all([picture(face), picture(patch?.url)]);
  if (turn !== node.turn || !below) return;
  paint(node.querySelector("canvas"), below, patch, image, 256);
  node.dataset.picture = missing ? "" : (patch?.id ?? "given");
}
