// The geometry of the framer's oriented square, {centre, side, angle} in photo pixels and degrees, clockwise as seen.
// Put before framer.js.

const hundredth = (value) => Math.round(value * 100) / 100;
const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const distance = (a, b) => Math.max(1e-6, Math.hypot(a[0] - b[0], a[1] - b[1]));
const direction = (from, to) => (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;

/** A vector turned clockwise as seen. */
function turned([x, y], degrees) {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return [cos * x - sin * y, sin * x + cos * y];
}

/** From the square's own axes, whose edges lie at -0.5 and 0.5, to the photo; and back. */
function onPhoto({ centre, side, angle }, [u, v]) {
  const [x, y] = turned([u * side, v * side], angle);
  return [centre[0] + x, centre[1] + y];
}

function onSquare({ centre, side, angle }, point) {
  return turned(minus(point, centre), -angle).map((value) => value / side);
}

const corners = (square) => [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]].map((at) => onPhoto(square, at));

/** From a crop of `crop` pixels to photo pixels, as SVG and canvas write it: [a, b, c, d, e, f]. */
function matrix({ centre, side, angle }, crop) {
  const [cos, sin] = turned([side / crop, 0], angle);
  const [x, y] = onPhoto({ centre, side, angle }, [-0.5, -0.5]);
  return [cos, sin, -sin, cos, x, y];
}

/** The square shifted, grown and turned: its centre stays on the photo, its side between `least` and `most`. */
function changed(square, { by = [0, 0], grow = 1, turn = 0 }, { size, least, most }) {
  return {
    centre: square.centre.map((value, axis) => hundredth(clamp(value + by[axis], 0, size[axis]))),
    side: hundredth(clamp(square.side * grow, least, most)),
    angle: hundredth(((((square.angle + turn + 180) % 360) + 360) % 360) - 180),
  };
}
