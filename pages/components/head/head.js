// The theme, and the link to what is on the page.

// What only changes what stands behind the "?" replaces the entry in the browser's history, so that Back leads to the
// page before and not to the stroke before: Streamlit would add one for each.
if (!history.pushState.kept) {
  const push = history.pushState;
  history.pushState = function (state, title, url) {
    const same = new URL(url ?? "", location.href).pathname === location.pathname;
    return (same ? history.replaceState : push).call(this, state, title, url);
  };
  history.pushState.kept = true;
}

// Streamlit has no call for its theme, but a menu: it is shut away, and what the visitor chooses here is chosen there.
// So nothing reloads, and nothing is lost. Streamlit keeps the choice for the address that was opened; here it is kept
// for every page.
const MENU = "[data-testid=stMainMenuButton]";
const SAID = 4000; // ms that a sentence stays
const opened = () => new URL(performance.getEntriesByType("navigation")[0].name).pathname;

class Head {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { theme: find(".theme"), choice: find("#themes"), copy: find(".copy"), status: find(".said") });
    this.language = find(".language");
    this.language.addEventListener("click", () => this.trigger("language", this.other.code));
    this.choice.addEventListener("toggle", (event) => event.newState === "open" && this.place());
    this.choice.addEventListener("keydown", (event) => this.step(event));
    this.copy.addEventListener("click", () => this.copyLink());
  }

  update({ themes, paths, shown, words, language, other }) {
    if (this.shown !== shown) laid();
    Object.assign(this, { themes, paths, shown, words });
    role(".st-key-pages", "navigation", words.pages); // Streamlit's containers have none
    for (const link of document.querySelectorAll(".st-key-pages a")) {
      if (link.textContent.endsWith(shown)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.choice.setAttribute("aria-label", words.theme);
    this.copy.querySelector(".word").textContent = words.copy;
    this.copy.setAttribute("aria-label", words.copy);
    this.other = other;
    document.documentElement.lang = language; // or the system draws Chinese in Japanese shapes
    this.language.hidden = !other.code;
    this.language.lang = other.code;
    this.language.textContent = other.short;
    this.language.setAttribute("aria-label", other.name);
    this.choice.replaceChildren(...Object.keys(themes).map((theme) => this.offer(theme)));
    this.show(kept(Object.keys(themes)));
  }

  leave() {
    clearTimeout(this.quiet);
  }

  offer(theme) {
    const one = document.createElement("button");
    Object.assign(one, { type: "button", className: "plain", role: "radio", textContent: this.themes[theme] });
    one.dataset.theme = theme;
    one.addEventListener("click", () => this.choose(theme));
    return one;
  }

  show(theme) {
    this.theme.querySelector(".word").textContent = this.themes[theme];
    this.theme.setAttribute("aria-label", `${this.words.theme}: ${this.themes[theme]}`);
    for (const one of this.choice.children) one.setAttribute("aria-checked", String(one.dataset.theme === theme));
  }

  place() {
    const { left, bottom } = this.theme.getBoundingClientRect();
    this.choice.style.left = `${Math.min(left, innerWidth - this.choice.offsetWidth - 8)}px`;
    this.choice.style.top = `${bottom + 4}px`;
    this.choice.querySelector("[aria-checked=true]")?.focus();
  }

  step(event) {
    const [across, down] = ARROWS[event.key] ?? [0, 0];
    if (!across && !down) return;
    event.preventDefault();
    const all = [...this.choice.children];
    all[(all.indexOf(event.target) + across + down + all.length) % all.length].focus();
  }

  async choose(theme) {
    this.choice.hidePopover();
    this.theme.focus();
    const item = `[data-testid="stMainMenuItem-theme-${theme}"]`;
    document.querySelector(MENU)?.click();
    const found = await until(() => document.querySelector(item));
    found?.click();
    await until(() => !found || kept(Object.keys(this.themes)) === theme); // Streamlit writes it down a moment later
    if (found) keep(this.paths);
    if (!(await until(() => !document.querySelector(item)))) document.querySelector(MENU)?.click();
    if (!found) return this.say(this.words["no-theme"]);
    this.show(theme);
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.say(this.words.copied);
    } catch {
      this.say(this.words["not-copied"]); // no permission, or neither https nor localhost
    }
  }

  say(sentence) {
    this.status.textContent = sentence;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => (this.status.textContent = ""), SAID);
  }
}

// Counts the pages that were opened: only the latest is waited for.
let opening = 0;

/** Mark the document once the page's script has ended and what it shows has its size; see page.css. */
async function laid() {
  const { classList } = document.documentElement;
  const [turn, main] = [++opening, document.querySelector(".stMainBlockContainer")];
  classList.remove("laid");
  for (let [still, before] = [0, 0]; still < 3; before = main.scrollHeight) {
    await new Promise(requestAnimationFrame);
    if (turn !== opening) return;
    const running = main.closest(".stApp").dataset.testScriptState !== "notRunning";
    const parts = [...main.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
    const empty = parts.some((part) => !part.shadowRoot?.querySelector(".part, canvas")); // the drawing canvas is not ours
    still = running || empty || main.querySelector("[data-testid=stSkeleton]") || main.scrollHeight !== before ? 0 : still + 1;
  }
  classList.add("laid");
}

function role(container, name, label) {
  const node = document.querySelector(container);
  node?.setAttribute("role", name);
  node?.setAttribute("aria-label", label);
}

// Streamlit's keys are `stActiveTheme-<path>-v<number>`; the system's theme has none.
const keyOf = (path) => Object.keys(localStorage).find((key) => key.startsWith(`stActiveTheme-${path}-v`));

function kept(themes) {
  const text = localStorage.getItem(keyOf(opened())) ?? "";
  return themes.find((theme) => theme !== "System" && text.includes(theme)) ?? "System";
}

function keep(paths) {
  const here = opened();
  const key = keyOf(here);
  for (const path of paths) {
    const other = here.replace(/[^/]*$/, path);
    if (key) localStorage.setItem(key.replace(`-${here}-`, `-${other}-`), localStorage.getItem(key));
    else if (keyOf(other)) localStorage.removeItem(keyOf(other));
  }
}

async function until(found) {
  for (const end = performance.now() + 1000; performance.now() < end; ) {
    const answer = found();
    if (answer) return answer;
    await new Promise((next) => setTimeout(next, 20));
  }
  return null;
}

export default component(".tools", Head);
