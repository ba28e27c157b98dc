# item: attention-weighted-sum
# expect: error
# says: held
# attack: advice on memory by which other processes would notice: merging, paging out, gathering files into huge pages, poisoning
MARK = "BREACH" "-privilege-advice"
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

room = mmap.mmap(-1, 2**22)
at = ctypes.addressof(ctypes.c_char.from_buffer(room))
at = -(-at // 2**21) * 2**21
judge({f"madvise-{advice}": call(28, 233, at, 2**16, advice) for advice in (9, 10, 11, 12, 13, 20, 21, 24, 25, 100, 101, 102)})
