// The components' scripts, which are no modules of their own: frontend.py joins them. Here they are joined likewise.

const fs = require("node:fs");
const path = require("node:path");

const FOLDER = path.join(__dirname, "..", "..", "..", "pages", "components");

/** What the scripts define under these names, component.js before them. */
module.exports = (scripts, names) => {
  const text = ["component.js", ...scripts].map((script) => fs.readFileSync(path.join(FOLDER, script), "utf8"));
  return new Function(`${text.join("\n")}\nreturn { ${names.join(", ")} };`)();
};
