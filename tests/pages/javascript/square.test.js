const { test } = require("node:test");
const assert = require("node:assert/strict");
const { changed, corners, matrix, onPhoto, onSquare, turned } = require("./load")(
  ["framer/square.js"],
  ["changed", "corners", "matrix", "onPhoto", "onSquare", "turned"],
);

const square = { centre: [100, 80], side: 40, angle: 30 };
const limits = { size: [400, 300], least: 8, most: 800 };
const close = (a, b) => a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-9, `${a} is not ${b}`));

test("a quarter turn clockwise takes right to below", () => close(turned([1, 0], 90), [0, 1]));

test("the way to the photo and back ends where it began", () => {
  for (const place of [[0, 0], [0.5, -0.5], [-0.2, 0.9]]) close(onSquare(square, onPhoto(square, place)), place);
});

test("the corners lie around the centre at half a diagonal", () => {
  for (const [x, y] of corners(square)) {
    assert.ok(Math.abs(Math.hypot(x - 100, y - 80) - 20 * Math.SQRT2) < 1e-9);
  }
  close(corners({ ...square, angle: 0 })[0], [80, 60]);
});

test("the matrix takes a crop's corners to the square's", () => {
  const [a, b, c, d, e, f] = matrix(square, 128);
  [[0, 0], [128, 0], [128, 128], [0, 128]].forEach(([x, y], i) => {
    close([a * x + c * y + e, b * x + d * y + f], corners(square)[i]);
  });
});

test("a square is shifted, grown and turned, and held on the photo", () => {
  assert.deepEqual(changed(square, { by: [5, -5], grow: 2, turn: 10 }, limits), { centre: [105, 75], side: 80, angle: 40 });
  assert.deepEqual(changed(square, { by: [-999, 999], grow: 1000 }, limits), { centre: [0, 300], side: 800, angle: 30 });
  assert.equal(changed(square, { grow: 0 }, limits).side, 8);
});

test("an angle stays between half a turn and half a turn, whatever is added", () => {
  assert.equal(changed(square, { turn: 160 }, limits).angle, -170);
  assert.equal(changed(square, { turn: -390 }, limits).angle, 0);
  assert.equal(changed(square, { turn: 150 }, limits).angle, -180);
});
