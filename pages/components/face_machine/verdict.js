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
  const rows = [["in-hole", "psnr", "sharpness"].map((key) => phrase(words, key)), ...figures];
  table.replaceChildren(
    ...rows.map((row, i) => {
      const line = document.createElement("tr");
      line.append(
        ...row.map((text, column) => {
          const cell = document.createElement(i === 0 || column === 0 ? "th" : "td");
          if (i === 0 || column === 0) cell.scope = i === 0 ? "col" : "row";
          const sentence = i === 0 && words[`glossary.${["", "psnr", "sharpness"][column]}`];
          cell.append(sentence ? termOf(text, sentence) : text);
          return cell;
        }),
      );
      return line;
    }),
  );
  write(find(".sheet p"), figures_note);
}
