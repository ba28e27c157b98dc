# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: starts 64 threads
import threading
import time

MARK = "BREACH" "-bomb-threads"
started = 0
for _ in range(64):
    try:
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
    except RuntimeError:
        break
    started += 1
raise RuntimeError(MARK if started else "held")
