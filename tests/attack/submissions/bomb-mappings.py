# item: attention-weighted-sum
# expect: error, crashed, memory
# attack: as many mappings as a process may have, by protecting every second page
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def call(x86_64, aarch64, *arguments):
    """The error a system call gives, or "done"."""
    number = x86_64 if os.uname().machine == "x86_64" else aarch64
    ctypes.set_errno(0)
    converted = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    if libc.syscall(ctypes.c_long(number), *converted) == -1:
        return errno.errorcode.get(ctypes.get_errno(), "unknown")
    return "done"


def judge(attempts):
    """A refusal by the filter or for want of a right holds; anything else went through."""
    through = [f"{name}={result}" for name, result in attempts.items() if result not in ("EPERM", "ENOSYS", "EACCES")]
    raise RuntimeError(MARK + " " + " ".join(through) if through else "held")



import mmap

pages = 140_000
libc.mmap.restype = ctypes.c_void_p
at = libc.mmap(None, ctypes.c_size_t(pages * 4096), 3, 0x22, -1, ctypes.c_long(0))
made = 0
for page in range(0, pages, 2):
    if libc.mprotect(ctypes.c_void_p(at + page * 4096), ctypes.c_size_t(4096), 0):
        break
    made += 1
raise RuntimeError("BREACH" "-bomb-mappings" if made > 40_000 else "held")
