const { test } = require("node:test");
const assert = require("node:assert/strict");
const { placeOn, facesAt } = require("./load")(["dial_machine/track.js"], ["placeOn", "facesAt"]);

test("a value between two faces is drawn as both, the upper one by its share", () => {
  assert.deepEqual(facesAt(placeOn(-4, -4, 4, 17)), [[0, 1]]);
  assert.deepEqual(facesAt(placeOn(0, -4, 4, 17)), [[8, 1]]);
  assert.deepEqual(facesAt(placeOn(0.125, -4, 4, 17)), [[8, 1], [9, 0.25]]);
  assert.deepEqual(facesAt(placeOn(4, -4, 4, 17)), [[16, 1]]);
});

test("beyond its ends a track shows its ends, and one of no length its only face", () => {
  assert.equal(placeOn(9, -4, 4, 17), 16);
  assert.equal(placeOn(-9, -4, 4, 17), 0);
  assert.equal(placeOn(2, 2, 2, 17), 0);
});
