const { test } = require("node:test");
const assert = require("node:assert/strict");
const { Lens } = require("./load")(["box_pad/lens.js"], ["Lens"]);

const lens = () => Object.assign(new Lens(), { size: 128 });

test("the whole picture is in view at first, and never less than all of it", () => {
  const shown = lens();
  assert.deepEqual(shown.box, [0, 0, 128, 128]);
  shown.zoomBy(0.01);
  shown.shift(40, -40);
  assert.deepEqual(shown.box, [0, 0, 128, 128]);
});

test("zooming keeps what lies under the pointer", () => {
  const shown = lens();
  const at = [0.3, 0.7];
  const before = shown.toPicture(at);
  shown.zoomBy(2.5, at);
  shown.toPicture(at).forEach((value, axis) => assert.ok(Math.abs(value - before[axis]) < 1e-9));
  shown.zoomBy(1e9);
  assert.equal(shown.zoom, 8);
});

test("what is shown never leaves the picture", () => {
  const shown = lens();
  shown.zoomBy(4);
  shown.shift(999, -999);
  assert.deepEqual(shown.box, [96, 0, 32, 32]);
});

test("keys zoom, move where something is out of sight, and show all again", () => {
  const shown = lens();
  assert.equal(shown.type("ArrowLeft"), false);
  assert.ok(shown.type("+") && shown.zoom === 1.5);
  const [x] = shown.box;
  assert.ok(shown.type("ArrowRight") && shown.box[0] > x);
  assert.ok(shown.type("0"));
  assert.deepEqual(shown.box, [0, 0, 128, 128]);
  assert.equal(shown.type("q"), false);
});
