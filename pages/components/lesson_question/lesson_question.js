// The question of a step and the way on. A wrong option stays marked, says why, and one may go on trying or go on.

const HOLDS = "input, select, textarea, button, [role=slider], [role=spinbutton], [role=radio], [role=option], summary, canvas";

class LessonQuestion {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, options: find(".options"), check: find(".check"), steps: find(".steps") });
    this.options.addEventListener("click", (event) => {
      const node = event.target.closest("button");
      if (node) this.answer(Number(node.value));
    });
    for (const side of ["before", "after"]) {
      find(`.${side}`).addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.go(side);
      });
    }
    this.press = (event) => this.listen(event);
    document.addEventListener("keydown", this.press);
  }

  leave() {
    document.removeEventListener("keydown", this.press);
    this.away = true;
  }

  listen(event) {
    if (!this.root.isConnected) return this.leave();
    const side = { ArrowLeft: "before", ArrowRight: "after" }[event.key];
    const held = event.composedPath().some((node) => node.matches?.(HOLDS) && !this.options.contains(node));
    if (side && !held && !event.altKey && !event.ctrlKey && !event.metaKey && !event.defaultPrevented) this.go(side);
  }

  go(side) {
    const { to } = this.data[side];
    if (to) this.trigger("go", to);
  }

  answer(option) {
    this.tried = [...this.tried.filter((one) => one !== option), option];
    this.show();
    this.state("answer", option);
  }

  update(data) {
    if (this.away) document.addEventListener("keydown", this.press);
    this.away = false;
    this.data = data;
    this.tried ??= data.tried;
    this.root.lang = data.language;
    this.show();
  }

  show() {
    const { question, where, steps, code } = this.data;
    write(this.find("h2"), question.text);
    fillWith(this.options, question.options.length, answerButton);
    question.options.forEach((text, i) => {
      const node = this.options.children[i];
      const known = this.tried.includes(i);
      node.value = i;
      node.className = known ? (i === question.answer ? "option right" : "option wrong") : "option";
      node.setAttribute("aria-pressed", i === this.tried.at(-1));
      write(node.firstChild, known ? (i === question.answer ? "✓" : "✕") : "");
      write(node.lastChild, text);
    });
    const last = this.tried.at(-1);
    write(this.check, last === undefined ? question.idle : question.checks[last]);
    this.check.classList.toggle("idle", last === undefined);
    write(this.find(".code"), code);
    this.find(".code").hidden = !code;
    write(this.find(".where > span"), where);
    this.find(".foot").setAttribute("aria-label", where);
    fillWith(this.steps, steps[1], () => document.createElement("i"));
    [...this.steps.children].forEach((mark, i) => (mark.className = i + 1 < steps[0] ? "done" : i + 1 === steps[0] ? "now" : ""));
    for (const side of ["before", "after"]) this.showWay(side);
  }

  showWay(side) {
    const node = this.find(`.${side}`);
    const { name, to, link, label } = this.data[side];
    node.hidden = !to;
    setAddress(node, link, "href");
    node.setAttribute("aria-label", label);
    write(node.querySelector("span"), name);
  }
}

function answerButton() {
  const node = Object.assign(document.createElement("button"), { type: "button" });
  node.append(document.createElement("i"), document.createElement("span"));
  return node;
}

export default component(".lesson-end", LessonQuestion);
