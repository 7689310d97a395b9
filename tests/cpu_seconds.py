"""Run a command and say what it took: `python -m tests.cpu_seconds make lint`.

CPU seconds are user and system time of the command and of all its children that have ended and were waited for, the
browser and the servers of the tests among them. The clock says how busy the machine was with other things; the CPU
says what the tests cost.
"""

import os
import resource
import subprocess
import sys
import time


def main(words: list[str]) -> int:
    """Run the words as a command; its exit status is returned and the sentence goes to standard error."""
    began = time.monotonic()
    with subprocess.Popen(words) as process:
        while True:
            try:
                status = process.wait()
                break
            except KeyboardInterrupt:
                continue  # the command has heard it, too, and says goodbye in its own way
    used, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    print(
        f"CPU seconds: {used.ru_utime + used.ru_stime:.0f} "
        f"(user {used.ru_utime:.0f}, system {used.ru_stime:.0f}); {clock:.0f} s by the clock on {os.cpu_count()} cores",
        file=sys.stderr,
    )
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
