# item: measured-attention
# expect: error
# says: held
# attack: has its own peak counted anew, or its pages put away, while it is measured
MARK = "BREACH-tamper-measured-peak"
import ctypes
import errno
import mmap
import os

libc = ctypes.CDLL(None, use_errno=True)
worked = []
for name in (
    "/proc/self/clear_refs",
    "/proc/1/clear_refs",
    f"/proc/{os.getpid()}/clear_refs",
    "/proc/thread-self/clear_refs",
):
    try:
        os.write(os.open(name, os.O_WRONLY), b"5")
        worked.append(name)
    except OSError:
        pass
for number in range(4, 1024):
    try:
        os.write(number, b"5")
        worked.append(number)
    except OSError:
        pass
if libc.prctl(4, 1, 0, 0, 0) == 0:
    worked.append("dumpable")
pages = mmap.mmap(-1, 1 << 20)
start = ctypes.addressof(ctypes.c_char.from_buffer(pages))
for advice in (12, 20, 21, 25):  # mergeable, cold, page out, collapse
    if libc.madvise(ctypes.c_void_p(start), 1 << 20, advice) == 0:
        worked.append(f"advice {advice}")
raise RuntimeError(f"{MARK} {worked}" if worked else "held")
