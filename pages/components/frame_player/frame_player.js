// Films side by side under one slider. Each sheet is fetched once; a frame is one drawImage away.

const states = new WeakMap(); // root element -> what is shown and where the slider stands

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".film");
  const state = states.get(root) ?? prepare(root);
  state.unit = data.unit;
  state.last = Math.max(1, ...data.reels.map((reel) => reel.notes.length));
  const position = state.touched ? Math.min(Number(state.slider.value), state.last) : state.last;
  state.slider.max = state.last;
  state.slider.value = position;
  state.slider.setAttribute("aria-label", `${capital(data.unit)} of ${state.last}`);

  const stills = data.stills.map((still) => ({ ...still, notes: [still.note], columns: 1 }));
  const row = root.querySelector(".row");
  const pictures = [...stills, ...data.reels];
  while (row.children.length > pictures.length) row.lastChild.remove();
  while (row.children.length < pictures.length) row.append(figure());
  state.films = pictures.map((film, i) => ({ ...film, node: row.children[i], sheet: sheet(state, film.url) }));
  state.show();
}

function prepare(root) {
  const state = { films: [], last: 1, touched: false, sheets: new Map(), timer: 0, slider: root.querySelector("input") };
  const play = root.querySelector("button");
  const output = root.querySelector("output");
  states.set(root, state);

  state.show = () => {
    const now = Number(state.slider.value);
    output.textContent = `${state.unit} ${now} of ${state.last}`;
    for (const film of state.films) draw(film, Math.min(now, film.notes.length), state.unit);
  };
  const stop = () => {
    clearInterval(state.timer);
    state.timer = 0;
    play.setAttribute("aria-pressed", "false");
  };
  state.slider.addEventListener("input", () => {
    state.touched = true;
    stop();
    state.show();
  });
  play.addEventListener("click", () => {
    if (state.timer) return stop();
    state.touched = true;
    if (Number(state.slider.value) === state.last) state.slider.value = 1;
    state.show();
    play.setAttribute("aria-pressed", "true");
    state.timer = setInterval(() => {
      state.slider.value = Number(state.slider.value) + 1;
      state.show();
      if (Number(state.slider.value) >= state.last || !root.isConnected) stop();
    }, 150);
  });
  return state;
}

/** The picture that holds all frames; whoever waits for it is drawn when it has come. */
function sheet(state, url) {
  if (!state.sheets.has(url)) {
    const image = new Image();
    image.addEventListener("load", () => state.show());
    image.src = url;
    state.sheets.set(url, image);
  }
  return state.sheets.get(url);
}

function figure() {
  const node = document.createElement("figure");
  node.setAttribute("role", "listitem");
  const note = document.createElement("p");
  note.className = "note quiet";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  node.append(document.createElement("figcaption"), canvas, note);
  return node;
}

function draw({ node, caption, notes, columns, sheet }, number, unit) {
  const canvas = node.querySelector("canvas");
  node.querySelector("figcaption").textContent = caption;
  node.querySelector(".note").textContent = notes[number - 1];
  canvas.setAttribute("aria-label", notes.length > 1 ? `${caption}, ${unit} ${number}` : caption);
  if (!sheet.complete || !sheet.naturalWidth) return;
  const side = sheet.naturalWidth / columns;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const [column, line] = [(number - 1) % columns, Math.floor((number - 1) / columns)];
  canvas.getContext("2d").drawImage(sheet, column * side, line * side, side, side, 0, 0, side, side);
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}
