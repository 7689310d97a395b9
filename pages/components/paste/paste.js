// A picture from the clipboard becomes an upload: it is put into the file input of Streamlit's own box.

const KINDS = ["image/png", "image/jpeg", "image/webp"]; // what browsers put into a clipboard

class Paste {
  constructor(root) {
    Object.assign(this, { root, status: root.querySelector("[role=status]"), button: root.querySelector("button") });
    this.button.hidden = !navigator.clipboard?.read; // only https and localhost have it
    this.button.addEventListener("click", () => this.ask());
    document.addEventListener("paste", this.pasted);
  }

  update({ upload, words }) {
    const fresh = this.words?.button !== words.button;
    Object.assign(this, { upload, words }); // upload: the selector of the box
    fillWords(this.root, words);
    if (fresh) write(this.status, phrase(words, this.button.hidden ? "keys" : "or"));
  }

  leave() {
    document.removeEventListener("paste", this.pasted);
  }

  pasted = (event) => {
    const file = [...event.clipboardData.files].find((one) => KINDS.includes(one.type));
    if (!file) return;
    event.preventDefault();
    this.hand(file);
  };

  async ask() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const kind = KINDS.find((one) => item.types.includes(one));
        if (kind) return this.hand(await item.getType(kind));
      }
      this.say("none");
    } catch {
      this.say("closed");
    }
  }

  hand(blob) {
    const input = document.querySelector(this.upload);
    if (!input) return;
    const given = new DataTransfer();
    given.items.add(new File([blob], `pasted.${blob.type.split("/")[1]}`, { type: blob.type }));
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    this.say("");
  }

  say(key) {
    write(this.status, key && phrase(this.words, key));
    this.status.classList.add("said");
  }
}

export default component(".paste", Paste);
