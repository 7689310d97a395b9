const { test } = require("node:test");
const assert = require("node:assert/strict");
const { View, Points, arrow, toTheRight } = require("./load")(
  ["latent_map/view.js", "latent_map/points.js", "latent_map/markers.js"],
  ["View", "Points", "arrow", "toTheRight"],
);

function view() {
  const shown = new View();
  Object.assign(shown, { width: 416, height: 216 });
  shown.reset([-2, 2, -1, 1], [-2, 2, -1, 1]);
  return shown;
}

/** A file of points as the engine writes it. */
function file(xy, classes) {
  const buffer = new ArrayBuffer(4 + 9 * xy.length);
  const bytes = new DataView(buffer);
  bytes.setUint32(0, xy.length, true);
  xy.flat().forEach((value, i) => bytes.setFloat32(4 + 4 * i, value, true));
  classes.forEach((k, i) => bytes.setUint8(4 + 8 * xy.length + i, k));
  return buffer;
}

test("the whole extent fits with its margin, up is up, and the way back ends where it began", () => {
  const shown = view();
  assert.deepEqual(shown.toScreen([-2, 1]), [8, 8]);
  assert.deepEqual(shown.toScreen([2, -1]), [408, 208]);
  assert.deepEqual(shown.toData(shown.toScreen([0.5, -0.25])), [0.5, -0.25]);
});

test("zooming keeps what lies under the pointer, and never goes further out than the whole", () => {
  const shown = view();
  const at = [100, 60];
  const before = shown.toData(at);
  shown.zoomBy(3, at);
  shown.toData(at).forEach((value, axis) => assert.ok(Math.abs(value - before[axis]) < 1e-9));
  shown.zoomBy(0.0001);
  assert.deepEqual([shown.zoom, shown.x, shown.y], [1, 0, 0]);
  shown.zoomBy(1e9);
  assert.equal(shown.zoom, 40);
});

test("the view never leaves the extent", () => {
  const shown = view();
  shown.zoomBy(2);
  shown.shift(99, -99);
  assert.deepEqual([shown.x, shown.y], [1, -0.5]);
  assert.deepEqual(shown.inside([9, -9]), [2, -1]);
});

test("a map that does not fill its extent is shown as large as it fits, and a frame of another shape shows what lies beside it", () => {
  const shown = view();
  shown.reset([-2, 2, -1, 1], [-1, 1, -0.5, 0.5]);
  assert.deepEqual(shown.toScreen([-1, 0.5]), [8, 8]);
  assert.deepEqual(shown.inside([9, 0.75]), [2, 0.75]);
  Object.assign(shown, { width: 816, height: 216 });
  const [left, right, bottom, top] = shown.frame;
  assert.deepEqual([shown.toScreen([left, top]), shown.toScreen([right, bottom])], [[0, 0], [816, 216]]);
  assert.equal(right - left, 4.08);
});

test("the nearest point is that of a look at all of them", () => {
  const random = (i) => Math.abs((Math.sin(i * 127.1) * 43758.5453) % 1);
  const xy = Array.from({ length: 500 }, (_, i) => [4 * random(i) - 2, 2 * random(i + 1000) - 1]);
  const classes = xy.map((_, i) => i % 3);
  const points = new Points(file(xy, classes));
  for (let i = 0; i < 200; i++) {
    const at = [5 * random(i + 5000) - 2.5, 3 * random(i + 7000) - 1.5];
    const distances = xy.map((_, k) => (classes[k] === 1 ? Infinity : Math.hypot(points.at(k)[0] - at[0], points.at(k)[1] - at[1])));
    const best = distances.indexOf(Math.min(...distances));
    assert.equal(points.nearest(at, 0.2, (k) => k !== 1), distances[best] < 0.2 ? best : -1);
  }
});

test("pictures on a map keep their distance, and every point has one near it", () => {
  const { spread } = require("./load")(["latent_map/tiles.js"], ["spread"]);
  const random = (i) => Math.abs((Math.sin(i * 127.1) * 43758.5453) % 1);
  const points = new Points(file(Array.from({ length: 400 }, (_, i) => [4 * random(i) - 2, 2 * random(i + 1000) - 1]), Array(400).fill(0).map((_, i) => i % 2)));
  const shown = view();
  const apart = (i, k) => Math.hypot(...[0, 1].map((axis) => shown.toScreen(points.at(i))[axis] - shown.toScreen(points.at(k))[axis]));
  const chosen = spread(points, shown, 20, (k) => k === 0);
  assert.ok(chosen.every((i) => points.classes[i] === 0));
  chosen.forEach((i, n) => chosen.slice(n + 1).forEach((k) => assert.ok(apart(i, k) > 20)));
  for (let i = 0; i < 400; i += 2) assert.ok(chosen.some((k) => apart(i, k) <= 20 + 1e-9));
  shown.zoomBy(2);
  const before = spread(points, shown, 20, () => true);
  shown.shift(0.3, 0.1);
  assert.deepEqual(spread(points, shown, 20, () => true), before);
});

test("the needle stands where its zone says, and moves on with the distance", () => {
  const { needleAt } = require("./load")(["decoded_place/distance.js"], ["needleAt"]);
  const bounds = [0.1, 0.7];
  assert.deepEqual([0, 0.05, 0.1, 0.7, 99].map((distance) => needleAt(distance, bounds)), [0, 0.2, 0.4, 0.72, 1]);
  assert.ok(needleAt(0.71, bounds) > 0.72 && needleAt(2, bounds) < 1);
});

test("a class is named where its points are thickest and those of others few", () => {
  const xy = [[0, 0], [50, 50], [51, 50], [80, 80], [80, 81], [81, 80], [80, 79], [79, 80], [100, 100]];
  const points = new Points(file(xy, [4, 4, 4, 4, 0, 0, 0, 0, 0]));
  assert.deepEqual(points.middle(4), [50, 50]);
  assert.equal(points.middle(7), null);
});

test("the land lies round all points", () => {
  const points = new Points(file([[0, 5], [3, -1]], [0, 0]));
  assert.deepEqual(points.land(0.5), [-0.5, 3.5, -1.5, 5.5]);
});

test("a torn file of points is refused", () => {
  for (const buffer of [new ArrayBuffer(0), new ArrayBuffer(4), file([[1, 2]], [0]).slice(0, 12)]) {
    assert.throws(() => new Points(buffer), /not a file of points/);
  }
});

test("an arrow runs from ring to ring, and there is none where they touch", () => {
  assert.equal(arrow([[0, 0], [100, 0]]), "M10 0L90 0");
  assert.equal(arrow([[0, 0], [20, 0]]), "");
});

test("a label points away from the other marker unless it would leave the map", () => {
  const shown = { width: 400 };
  assert.ok(toTheRight([[200, 50], [100, 50]], 0, 80, shown));
  assert.ok(!toTheRight([[200, 50], [100, 50]], 1, 80, shown));
  assert.ok(!toTheRight([[390, 50], [100, 50]], 0, 80, shown));
  assert.ok(toTheRight([[390, 50], [20, 50]], 1, 80, shown));
});

test("a place by chance lies beside a point that is shown", () => {
  const points = new Points(file([[0, 0], [30, 0], [60, 30]], [0, 1, 1]));
  const lots = (...values) => () => values.shift();
  assert.deepEqual(points.byChance((k) => k === 0, lots(0.99, 0.5, 0.5)), [0, 0]);
  const [x, y] = points.byChance((k) => k === 1, lots(0.99, 1, 0));
  assert.ok(Math.abs(x - 60) <= 2 && Math.abs(x - 60) > 1 && Math.abs(y - 30) <= 2);
  assert.equal(points.byChance(() => false), null);
});

test("a cell of the sheet is counted from its upper left corner, and beyond the map it is the one at the rim", () => {
  const { cellOf } = require("./load")(["decoded_place/cells.js"], ["cellOf"]);
  const extent = [-2, 2, -1, 1];
  assert.deepEqual(cellOf([-2, 1], extent, 20), [0, 0]);
  assert.deepEqual(cellOf([0.01, -0.01], extent, 20), [10, 10]);
  assert.deepEqual(cellOf([2, -1], extent, 20), [19, 19]);
  assert.deepEqual(cellOf([9, 9], extent, 20), [19, 0]);
});
