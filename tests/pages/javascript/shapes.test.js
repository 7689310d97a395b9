const { test } = require("node:test");
const assert = require("node:assert/strict");
const { boxBetween, moved, stretched, around, distanceToLine, covers, grasp, Trail, pointsOf } = require("./load")(
  ["box_pad/shapes.js"],
  ["boxBetween", "moved", "stretched", "around", "distanceToLine", "covers", "grasp", "Trail", "pointsOf"],
);

const box = { box: [40, 50, 20, 10] };
const stroke = { stroke: { width: 6, points: [[10, 10], [30, 10]] } };

test("a box lies between two corners whichever way it was drawn, and is at least a pixel", () => {
  assert.deepEqual(boxBetween([40, 50], [60, 60], 128), box);
  assert.deepEqual(boxBetween([60, 60], [40, 50], 128), box);
  assert.deepEqual(boxBetween([128, 128], [128, 128], 128), { box: [127, 127, 1, 1] });
});

test("what is moved stops at the edge and keeps its size", () => {
  assert.deepEqual(moved(box, 5, -3, 128), { box: [45, 47, 20, 10] });
  assert.deepEqual(moved(box, 500, -500, 128), { box: [108, 0, 20, 10] });
  assert.deepEqual(moved(stroke, -50, 0.4, 128).stroke.points, [[0, 10.5], [20, 10.5]]); // to half pixels
  assert.deepEqual(moved({ boxes: [[0, 0, 5, 5], [10, 10, 5, 5]] }, 200, 0, 128), {
    boxes: [[113, 0, 5, 5], [123, 10, 5, 5]],
  });
  assert.deepEqual(box, { box: [40, 50, 20, 10] }, "it was changed in place");
});

test("a box is stretched at its right and lower edge, inside the picture", () => {
  assert.deepEqual(stretched(box, 3, -2, 128), { box: [40, 50, 23, 8] });
  assert.deepEqual(stretched(box, 999, -999, 128), { box: [40, 50, 88, 1] });
});

test("around boxes lies the smallest box that holds them", () => {
  assert.deepEqual(around([[1, 2, 3, 4], [10, 0, 1, 1]]), [1, 0, 10, 6]);
});

test("the distance to a line is that to its nearest point", () => {
  assert.equal(distanceToLine([20, 17], stroke.stroke.points), 7);
  assert.equal(distanceToLine([33, 14], stroke.stroke.points), 5); // beyond its end
  assert.equal(distanceToLine([3, 4], [[0, 0]]), 5);
});

test("a shape covers what lies on it", () => {
  assert.ok(covers(box, [41, 51]) && !covers(box, [39, 51]));
  assert.ok(covers(stroke, [20, 14]) && !covers(stroke, [20, 14.1])); // half its width and a pixel
});

test("a pointer takes a corner of the selected box, else what lies uppermost, else nothing", () => {
  const shapes = [box, { box: [50, 55, 40, 40] }];
  assert.deepEqual(grasp(shapes, 0, [60.5, 50], 4), { kind: "resize", index: 0, corner: 1 });
  assert.deepEqual(grasp(shapes, -1, [55, 57], 4), { kind: "move", index: 1 });
  assert.deepEqual(grasp(shapes, 0, [55, 57], 1), { kind: "move", index: 0 }); // the selected one comes first
  assert.deepEqual(grasp(shapes, 0, [120, 120], 4), { kind: "new", index: -1 });
});

test("a box smaller than a fingertip can still be moved", () => {
  const tiny = [{ box: [60, 60, 4, 4] }];
  assert.equal(grasp(tiny, 0, [62, 62], 24).kind, "move");
  assert.equal(grasp(tiny, 0, [66, 66], 24).kind, "resize");
});

const walk = (trail, count) => {
  const far = Array.from({ length: count }, (_, i) => [i, 2 * (i % 2)]);
  return far.filter((point) => trail.reach(point)).length;
};

test("a long way of the brush is several strokes that hang together, and loses no point", () => {
  const trail = new Trail(4, 10, 50, 1000);
  assert.equal(walk(trail, 100), 100);
  const strokes = trail.shapes("stroke");
  assert.ok(strokes.every(({ stroke }) => stroke.points.length <= 10 && stroke.width === 4));
  strokes.slice(1).forEach(({ stroke }, i) => assert.deepEqual(stroke.points[0], strokes[i].stroke.points.at(-1)));
  const all = strokes.flatMap(({ stroke }, i) => stroke.points.slice(i ? 1 : 0));
  assert.deepEqual(all.map(([x]) => x), Array.from({ length: 100 }, (_, i) => i));
});

test("a drawing ends where its room does, in points and in shapes, and a point too near is none", () => {
  for (const [room, kind] of [[37, "stroke"], [38, "erase"], [1000, "stroke"]]) {
    const trail = new Trail(4, 10, 5, room);
    walk(trail, 500);
    const shapes = trail.shapes(kind);
    assert.ok(pointsOf(shapes) <= room && pointsOf(shapes) > Math.min(room, 50) - 2);
    assert.ok(shapes.length <= 5 && shapes[0][kind]);
  }
  const trail = new Trail(16, 10, 5, 100);
  assert.deepEqual([[0, 0], [1.5, 0], [2, 0]].map((point) => trail.reach(point)), [true, false, true]);
  assert.equal(pointsOf([{ box: [0, 0, 1, 1] }, ...trail.shapes("erase")]), 2);
});
