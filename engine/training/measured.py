"""What every file of measured figures begins with: the command, the machine, the day and how long it took."""

import time
from datetime import date
from typing import Any

from engine.models import model_card


def made_by(command: str, began: float) -> dict[str, Any]:
    """For a run of `command` that began at `began` (`time.perf_counter`), when it has ended."""
    return {
        "command": command,
        "hardware": model_card.hardware("cpu"),
        "date": date.today().isoformat(),
        "seconds": round(time.perf_counter() - began),
    }
