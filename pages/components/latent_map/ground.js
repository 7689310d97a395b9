// What lies on the canvas of a latent map: an image, the sea, the points. Put before latent_map.js.

function paintGround(map) {
  const { pen, view, density, data, points, sheets } = map;
  const lay = (image, [left, right, bottom, top]) => {
    const [x0, y0] = view.toScreen([left, top]).map((value) => value * density);
    const [x1, y1] = view.toScreen([right, bottom]).map((value) => value * density);
    if (image) pen.drawImage(image, x0, y0, x1 - x0, y1 - y0);
  };
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  lay(sheets.at(data.background, () => map.redraw()), data.extent);
  pen.globalAlpha = data.background ? 0.6 : 1; // what the decoder draws out there is seen through it
  if (data.reach && points) lay((map.sea ??= charted(map)), view.frame);
  pen.globalAlpha = 1;
  if (points) stampPoints(map);
}

/** The sea in the colours of this theme. */
function charted({ pen, points, data, view }) {
  const { caretColor: water, outlineColor: hatching, color: coast } = getComputedStyle(pen.canvas);
  return seaRound(points, view.frame, data.reach, { water, hatching, coast });
}

/** The points themselves: as dots, or as many of their pictures as have room. */
function stampPoints(map) {
  const { pen, view, density, data, points, palette, legend } = map;
  const small = view.width < 420 ? 0.7 : 1; // on a phone they would run into each other
  const radius = Math.min(6, small * (points.count > 2000 ? 1.7 : 3) * view.zoom ** 0.4);
  if (data.drawn === "dots") points.stamp(pen, view, density, radius, palette, legend.visible);
  const sheet = data.drawn === "pictures" && map.sheets.at(data.sprite.url, () => map.redraw());
  if (sheet) stampTiles(pen, view, density, points, { sheet, ...data.sprite }, data.classes && palette, legend.visible);
}
