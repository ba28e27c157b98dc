# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: forks, at most 50 times (bounded, so that a broken sandbox does not take the machine with it)
import os
import time

MARK = "BREACH" "-bomb-fork"
born = 0
for _ in range(50):
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        time.sleep(5)
        os._exit(0)
    born += 1
raise RuntimeError(MARK if born else "held")
