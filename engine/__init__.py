"""Everything that thinks: networks, data, figures, pictures. Never imports streamlit.

import engine
engine.restore("photo.jpg", (50, 76, 28, 28)).save("restored.png")
"""

from typing import TYPE_CHECKING, Any

from engine.problem import Problem

if TYPE_CHECKING:
    from engine.restoration.restored_picture import restore

__version__ = "0.2.0"
__all__ = ["Problem", "restore"]


def __getattr__(name: str) -> Any:
    """`engine.restore` is fetched when it is asked for: whoever imports one room does not wait for all of them."""
    if name != "restore":
        raise AttributeError(f"module 'engine' has no attribute '{name}'")
    from engine.restoration.restored_picture import restore

    return restore
