# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: signals to everybody and to whole groups (signal 0 only, which harms nobody where it does arrive)
import os

MARK = "BREACH" "-privilege-signals"
through = []
for name, attempt in {"kill": lambda: os.kill(-1, 0), "killpg": lambda: os.killpg(os.getpgrp(), 0), "parent": lambda: os.kill(os.getppid() or -1, 0)}.items():
    try:
        attempt()
        through.append(name)
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
