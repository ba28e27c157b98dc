# item: attention-weighted-sum
# expect: error
# says: held
# attack: reads the bits that the first one left, by the time that reading each file takes
import os
import sysconfig
import time

MARK = "BREACH" "-leftover-page-cache"
folder = os.path.join(sysconfig.get_paths()["stdlib"], "encodings")
names = sorted(name for name in os.listdir(folder) if name.startswith("cp") and name.endswith(".py"))[:16]
took = []
for name in names:
    fd = os.open(os.path.join(folder, name), os.O_RDONLY)
    start = time.perf_counter()
    os.read(fd, 1 << 20)
    took.append(time.perf_counter() - start)
    os.close(fd)
raise RuntimeError(MARK if min(took[1::2]) > max(took[::2]) else "held")
