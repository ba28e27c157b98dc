# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: subprocess with and without a shell
import subprocess
import sys

MARK = "BREACH" "-bomb-subprocess"
through = []
for command in (["/bin/true"], [sys.executable or "python3", "-c", "pass"], ["id"]):
    for options in ({}, {"close_fds": False}, {"start_new_session": True}):
        try:
            subprocess.run(command, timeout=5, capture_output=True, **options)
            through.append(command[0])
        except (OSError, subprocess.SubprocessError):
            pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
