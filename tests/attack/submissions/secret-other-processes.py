# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: counts other processes by signal 0 and looks at process groups, sessions and priorities
import os
import resource

MARK = "BREACH" "-secret-other-processes"
found = []
for pid in range(2, 40000):
    try:
        os.kill(pid, 0)
        found.append(pid)
    except ProcessLookupError:
        pass
    except PermissionError:
        pass
raise RuntimeError(f"{MARK} {found[:10]}" if [pid for pid in found if pid != os.getpid()] else "held")
