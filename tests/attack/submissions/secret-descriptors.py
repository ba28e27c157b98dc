# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: looks for inherited descriptors: folders, files, listening sockets, anything besides one socket and stdio
import os
import stat

MARK = "BREACH" "-secret-descriptors"
kinds = []
for fd in range(3, 65536):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    kinds.append((fd, stat.filemode(mode)[0]))
sockets = [fd for fd, kind in kinds if kind == "s"]
others = [(fd, kind) for fd, kind in kinds if kind != "s"]
raise RuntimeError(f"{MARK} {kinds}" if others or len(sockets) > 1 else "held")
