const { mock, test } = require("node:test");
const assert = require("node:assert/strict");
const { Post, component, clamp } = require("./load")([], ["Post", "component", "clamp"]);

test("a value is held between two others", () => {
  assert.deepEqual([-1, 0.5, 7].map((value) => clamp(value, 0, 1)), [0, 0.5, 1]);
});

test("of a quick run of messages the first goes at once, the last a pause later, none between", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 1000;
  t.mock.method(performance, "now", () => now);
  let value = 0;
  const sent = [];
  const post = new Post(() => sent.push(value), 90);
  for (; value < 5; value++) {
    post.sometimes();
    now += 10;
    t.mock.timers.tick(10);
  }
  value = 4;
  assert.deepEqual(sent, [0]);
  now += 40;
  t.mock.timers.tick(40);
  assert.deepEqual(sent, [0, 4]);
});

test("a settled message waits for the last movement, and what is dropped is never sent", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const send = mock.fn();
  const post = new Post(send, 250);
  post.settled();
  t.mock.timers.tick(200);
  post.settled();
  t.mock.timers.tick(200);
  assert.equal(send.mock.callCount(), 0);
  t.mock.timers.tick(50);
  assert.equal(send.mock.callCount(), 1);
  post.settled();
  post.drop();
  t.mock.timers.tick(1000);
  assert.equal(send.mock.callCount(), 1);
});

test("a part is made once for its element, hears every run and leaves with it", () => {
  const heard = [];
  class Part {
    constructor(root) {
      heard.push(["made", root]);
    }
    update(data) {
      heard.push(data);
      this.state("name", data);
    }
    leave() {
      heard.push("left");
    }
  }
  const root = {};
  const parentElement = { querySelector: (selector) => (selector === ".part" ? root : null) };
  const run = component(".part", Part);
  const setStateValue = (name, value) => heard.push([name, value]);
  run({ data: [1], parentElement, setStateValue });
  run({ data: [2], parentElement, setStateValue })();
  assert.deepEqual(heard, [["made", root], 1, ["name", 1], 2, ["name", 2], "left"]);
});
