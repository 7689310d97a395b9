// A tile of numbers, walked by keyboard: arrow keys go from cell to cell, Enter presses one.

/** point(i): what a pointer on the cell would do, -1: on none of them; says: the node whose words tell of it. */
function walkCells(tile, says, point, press = () => {}) {
  const cells = [...tile.children];
  let at = 0;
  draw(tile, { role: "slider", tabindex: 0, "aria-valuemin": 1, "aria-valuemax": cells.length, "aria-valuenow": 1 });
  const show = (on) => {
    cells.forEach((cell, i) => cell.classList.toggle("walked", on && i === at));
    point(on ? at : -1);
    draw(tile, { "aria-valuenow": at + 1, "aria-valuetext": says.textContent });
  };
  tile.addEventListener("focus", () => tile.matches(":focus-visible") && show(true));
  tile.addEventListener("blur", () => show(false));
  tile.addEventListener("keydown", (event) => {
    if (event.key === "Enter") press(at);
    else if (event.key in ARROWS) {
      const columns = cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length;
      const [across, down] = ARROWS[event.key];
      at = clamp(at + across + down * columns, 0, cells.length - 1);
      show(true);
    } else return;
    event.preventDefault();
  });
}
