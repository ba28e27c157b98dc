# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: a pool of processes, and a manager that would open a socket
import multiprocessing

MARK = "BREACH" "-bomb-multiprocessing"
through = []
for method in ("fork", "spawn", "forkserver"):
    try:
        process = multiprocessing.get_context(method).Process(target=print)
        process.start()
        process.join(5)
        through.append(method)
    except Exception:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
