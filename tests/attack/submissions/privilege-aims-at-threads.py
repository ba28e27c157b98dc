# item: attention-weighted-sum
# expect: error
# says: held
# attack: tgkill, tkill, pidfds and queued signals, each with signal 0, at every process but itself
MARK = "BREACH" "-privilege-aims-at-threads"
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



own = os.getpid()
others = [pid for pid in [*range(1, 600), os.getppid()] if pid not in (0, own)]
attempts = {f"tgkill-{pid}": call(234, 131, pid, pid, 0) for pid in others}
attempts |= {f"tkill-{pid}": call(200, 130, pid, 0) for pid in others}
attempts |= {f"kill-{pid}": call(62, 129, pid, 0) for pid in [*others, 0, -1]}
attempts |= {f"pidfd-{pid}": call(434, 434, pid, 0) for pid in others}
attempts |= {f"queue-{pid}": call(129, 138, pid, 0, 0) for pid in others}
judge(attempts)
