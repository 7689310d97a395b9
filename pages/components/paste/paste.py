"""Paste a picture: Ctrl+V anywhere on the page, or a button, hands a picture from the clipboard to the upload box."""

from pages.components.frontend import frontend
from pages.parts.say import sayings

_mount = frontend("paste")


def paste(upload: str) -> None:
    """Show the button, for the file uploader whose key is `upload`; Streamlit has no way to paste into it.

    The picture takes the way of every upload: nothing of it passes through this part, and the box's own limit of size
    holds.
    """
    box = f".st-key-{upload.replace(' ', '-')} input[type=file]"
    _mount(data={"upload": box, "words": sayings("paste")}, key=f"paste {upload}")
