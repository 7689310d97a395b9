// The pictures of a latent map's points at their places, as many as have room. Put before latent_map.js.

const SIDE = 30; // of a small picture on the map, in screen pixels; one of more than `SMALL` pixels is shown larger
const SMALL = 32;
const APART = 0.8; // of a picture's side: the least distance between two
const AROUND = [-2, -1, 0, 1, 2]; // columns and rows of cells in which a near one can lie

/** Points (indices) that lie at least `apart` screen pixels from each other, the first in their order first: the same
 * ones wherever the view is pushed. */
function spread(points, view, apart, visible) {
  const [step, cells, chosen] = [apart / view.scale, new Map(), []];
  const cell = step / Math.SQRT2; // no two chosen ones lie in one
  for (let i = 0; i < points.count; i++) {
    if (!visible(points.classes[i])) continue;
    const place = points.at(i);
    const [column, row] = place.map((value) => Math.floor(value / cell));
    const taken = AROUND.some((dx) => AROUND.some((dy) => {
      const other = cells.get(`${column + dx} ${row + dy}`);
      return other && near(other, place, step);
    }));
    if (taken) continue;
    cells.set(`${column} ${row}`, place);
    chosen.push(i);
  }
  return chosen;
}

/** Their tiles: light ink on black becomes ink in the colour of its class, on nothing; without colours as they are. */
function stampTiles(pen, view, density, points, { sheet, columns, size }, colours, visible) {
  const side = size > SMALL ? 1.4 * SIDE : SIDE;
  const scratch = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const brush = scratch.getContext("2d", { willReadFrequently: true });
  for (const i of spread(points, view, APART * side, visible)) {
    const [u, v] = view.toScreen(points.at(i));
    if (u < -side || v < -side || u > view.width + side || v > view.height + side) continue;
    brush.globalCompositeOperation = "copy";
    brush.drawImage(sheet, (i % columns) * size, Math.floor(i / columns) * size, size, size, 0, 0, size, size);
    if (colours) ink(brush, size, colours[points.classes[i] % colours.length]);
    pen.drawImage(scratch, (u - side / 2) * density, (v - side / 2) * density, side * density, side * density);
  }
}

function ink(brush, size, colour) {
  const image = brush.getImageData(0, 0, size, size);
  for (let i = 0; i < image.data.length; i += 4) image.data[i + 3] = image.data[i];
  brush.putImageData(image, 0, 0);
  brush.globalCompositeOperation = "source-in";
  brush.fillStyle = colour;
  brush.fillRect(0, 0, size, size);
}
