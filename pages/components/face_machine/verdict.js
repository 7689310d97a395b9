// The row's verdict.

/** What the figures say, in words and behind a tap; nothing yet: they are on their way. */
function showVerdict(find, { verdict, figures, figures_note, methods, words }) {
  if (!verdict) return;
  const named = (name) => methods.find((one) => one.name === name);
  for (const [name, method] of Object.entries(verdict)) {
    const node = find(`.verdict .${name}`);
    node.style.setProperty("--c", named(method)?.colour ?? "transparent");
    write(node, named(method)?.short ?? "–");
  }
  const table = find(".sheet table");
  fillWith(table, 1 + figures.length, () => document.createElement("tr")); // kept: a word in it may be read just now
  const [head, ...lines] = table.children;
  fillWith(head, 3, () => draw(document.createElement("th"), { scope: "col" }));
  ["in-hole", "psnr", "sharpness"].forEach((key, column) => {
    const sentence = words[`glossary.${key}`];
    if (sentence) sayTerm(head.children[column], phrase(words, key), sentence);
    else write(head.children[column], phrase(words, key));
  });
  figures.forEach((row, i) => {
    fillWith(lines[i], row.length, () => figureCell(lines[i]));
    row.forEach((text, column) => write(lines[i].children[column], text));
  });
  write(find(".sheet p"), figures_note);
}

/** The next cell of a line: the first names it. */
function figureCell(line) {
  return line.children.length ? document.createElement("td") : draw(document.createElement("th"), { scope: "row" });
}
