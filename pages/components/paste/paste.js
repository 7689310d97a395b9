// A picture from the clipboard becomes an upload: it is put into the file input of Streamlit's own box.

const KINDS = ["image/png", "image/jpeg", "image/webp"]; // what browsers put into a clipboard

const pastes = new WeakMap(); // root element -> the selector of the box, and how to leave

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".paste");
  if (!pastes.has(root)) pastes.set(root, start(root));
  const paste = pastes.get(root);
  paste.upload = data.upload;
  return () => paste.leave(); // called once, when the part leaves the page
}

function start(root) {
  const paste = { upload: "", leave: () => document.removeEventListener("paste", pasted) };
  const status = root.querySelector("[role=status]");
  const say = (words) => {
    status.textContent = words;
    status.classList.add("said");
  };
  const hand = (blob) => {
    const input = document.querySelector(paste.upload);
    if (!input) return;
    const given = new DataTransfer();
    given.items.add(new File([blob], `pasted.${blob.type.split("/")[1]}`, { type: blob.type }));
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    say("");
  };
  const pasted = (event) => {
    const file = [...event.clipboardData.files].find((one) => KINDS.includes(one.type));
    if (!file) return;
    event.preventDefault();
    hand(file);
  };
  const ask = async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const kind = KINDS.find((one) => item.types.includes(one));
        if (kind) return hand(await item.getType(kind));
      }
      say("There is no picture in the clipboard: copy one first.");
    } catch {
      say("The browser does not show this page its clipboard: press Ctrl+V.");
    }
  };

  const button = root.querySelector("button");
  button.hidden = !navigator.clipboard?.read; // only https and localhost have it
  if (button.hidden) status.textContent = "Ctrl+V pastes a picture.";
  button.addEventListener("click", ask);
  document.addEventListener("paste", pasted);
  return paste;
}
