// Black shapes on a picture: their geometry, and how they look as SVG. Put before pad.js.
// A shape is {box: [x, y, width, height]}, {boxes: [box, ...]} (a mask from a file), {stroke: {width, points: [[x, y],
// ...]}} or {erase: {width, points}}, which shows again what it passes over of all before it; in picture pixels, and
// never changed in place: undo keeps the old lists as they are.

const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]]; // of a box, as fractions of its width and height

const half = (value) => Math.round(value * 2) / 2;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The box between two opposite corners, whichever way it was drawn; at least one pixel wide and high. */
function boxBetween([ax, ay], [bx, by], size) {
  const [left, right] = [ax, bx].map(Math.round).sort((a, b) => a - b);
  const [top, bottom] = [ay, by].map(Math.round).sort((a, b) => a - b);
  const [x, y] = [Math.min(left, size - 1), Math.min(top, size - 1)];
  return { box: [x, y, Math.max(1, right - x), Math.max(1, bottom - y)] };
}

/** The shape shifted by (dx, dy), stopped at the edges of the picture. */
function moved(shape, dx, dy, size) {
  if (!shape.stroke) {
    const boxes = boxesOf(shape);
    const [left, top, width, height] = around(boxes);
    const sx = clamp(Math.round(left + dx), 0, size - width) - left;
    const sy = clamp(Math.round(top + dy), 0, size - height) - top;
    const shifted = boxes.map(([x, y, w, h]) => [x + sx, y + sy, w, h]);
    return shape.box ? { box: shifted[0] } : { boxes: shifted };
  }
  const [xs, ys] = [0, 1].map((axis) => shape.stroke.points.map((point) => point[axis]));
  dx = half(clamp(dx, -Math.min(...xs), size - Math.max(...xs)));
  dy = half(clamp(dy, -Math.min(...ys), size - Math.max(...ys)));
  return { stroke: { ...shape.stroke, points: shape.stroke.points.map(([x, y]) => [x + dx, y + dy]) } };
}

/** The box with its right and lower edge shifted by (dx, dy). */
function stretched({ box: [x, y, w, h] }, dx, dy, size) {
  return { box: [x, y, clamp(w + dx, 1, size - x), clamp(h + dy, 1, size - y)] };
}

const cornersOf = ([x, y, w, h]) => CORNERS.map(([u, v]) => [x + u * w, y + v * h]);

const boxesOf = (shape) => shape.boxes ?? [shape.box];

/** The smallest box that holds all of them. */
function around(boxes) {
  const [left, top] = [0, 1].map((axis) => Math.min(...boxes.map((box) => box[axis])));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...boxes.map((box) => box[axis] + box[axis + 2])));
  return [left, top, right - left, bottom - top];
}

/** How many points all strokes have. */
const pointsOf = (shapes) => shapes.reduce((sum, one) => sum + ((one.stroke ?? one.erase)?.points.length ?? 0), 0);

/** The way of a brush of one width: a stroke of at most `most` points, and where it is longer, `strokes` of them. */
class Trail {
  done = []; // lists of points
  points = [];

  /** left: points that the drawing has room for */
  constructor(width, most, strokes, left) {
    Object.assign(this, { width, most, strokes, left });
  }

  /** Go on to a point; false where that changes nothing: it is too near, or there is no more room. */
  reach(point) {
    const last = this.points.at(-1);
    const step = Math.max(0.5, this.width / 8); // closer points would not change what is painted
    if (this.left < 2 || (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < step)) return false;
    if (this.points.length === this.most) {
      if (this.done.length + 1 === this.strokes) return false;
      this.done.push(this.points);
      this.points = [last];
      this.left -= 1;
    }
    this.points = [...this.points, point];
    this.left -= 1;
    return true;
  }

  shapes(kind) {
    return [...this.done, this.points].map((points) => ({ [kind]: { width: this.width, points } }));
  }
}

/** How far a point lies from a brush stroke's middle line. */
function distanceToLine([px, py], points) {
  let least = Infinity;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[i + 1] ?? [ax, ay];
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = length2 ? clamp(((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length2, 0, 1) : 0;
    least = Math.min(least, Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay)));
  });
  return least;
}

function covers(shape, point) {
  if (shape.erase) return false; // nothing to take hold of
  if (shape.stroke) return distanceToLine(point, shape.stroke.points) <= shape.stroke.width / 2 + 1;
  return boxesOf(shape).some(
    ([x, y, w, h]) => point[0] >= x && point[0] <= x + w && point[1] >= y && point[1] <= y + h,
  );
}

/**
 * What a pointer at `point` takes hold of: a corner of the selected box within `reach`, else the uppermost shape
 * under it, else nothing. Nearer to the middle of a small box than to its corner means the box itself, so that a
 * box smaller than a fingertip can still be moved.
 */
function grasp(shapes, selected, point, reach) {
  const box = shapes[selected]?.box;
  if (box) {
    const toCorner = cornersOf(box).map(([x, y]) => Math.hypot(point[0] - x, point[1] - y));
    const corner = toCorner.indexOf(Math.min(...toCorner));
    const toMiddle = Math.hypot(point[0] - box[0] - box[2] / 2, point[1] - box[1] - box[3] / 2);
    const inside = covers({ box }, point);
    if (toCorner[corner] <= reach && !(inside && toMiddle < toCorner[corner])) {
      return { kind: "resize", index: selected, corner };
    }
    if (inside) return { kind: "move", index: selected };
  }
  const index = shapes.findLastIndex((shape) => covers(shape, point));
  return index >= 0 ? { kind: "move", index } : { kind: "new", index: -1 };
}

// ---- SVG

let masksMade = 0;

/** All shapes as SVG, back to front; an erasure is a mask around what lies under it, and goes where masks go. */
function layers(shapes, size) {
  let drawn = [];
  const masks = [];
  for (const shape of shapes) {
    if (shape.erase) {
      const id = `erased-${(masksMade += 1)}`;
      const mask = svg("mask", { id, maskUnits: "userSpaceOnUse", x: 0, y: 0, width: size, height: size });
      const rubbed = svg("path", { d: line(shape.erase.points), "stroke-width": shape.erase.width });
      mask.append(svg("rect", { width: size, height: size, fill: "#fff" }), rubbed);
      masks.push(mask);
      const under = svg("g", { mask: `url(#${id})` });
      under.append(...drawn);
      drawn = [under];
    } else drawn.push(element(shape));
  }
  return { drawn, masks };
}

function element({ box, boxes, stroke }) {
  if (boxes) {
    const d = boxes.map(([x, y, w, h]) => `M${x},${y}h${w}v${h}h${-w}z`).join("");
    return svg("path", { class: "area", d });
  }
  if (box) return svg("rect", { x: box[0], y: box[1], width: box[2], height: box[3] });
  return svg("path", { d: line(stroke.points), "stroke-width": stroke.width });
}

function outline({ box, boxes, stroke }) {
  if (stroke) return ["under", "dash"].map((name) => svg("path", { class: name, d: line(stroke.points) }));
  const [x, y, width, height] = box ?? around(boxes);
  const edges = ["under", "dash"].map((name) => svg("rect", { class: name, x, y, width, height }));
  if (boxes) return edges; // its size is what the file says
  const handle = (corner) => ["rim", "dot"].map((name) => svg("path", { class: name, d: line([corner]) }));
  const handles = cornersOf(box).flatMap(handle);
  return [...edges, ...handles];
}
