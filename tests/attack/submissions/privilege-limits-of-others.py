# item: attention-weighted-sum
# expect: error
# says: held
# attack: reads and sets the limits of every other process it can name, and raises its own
MARK = "BREACH" "-privilege-limits-of-others"
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



room = ctypes.create_string_buffer(16)
limit = ctypes.addressof(room)
attempts = {f"get-{pid}": call(302, 261, pid, 7, 0, limit) for pid in [*range(2, 400), os.getppid() or 2]}
attempts |= {f"set-{pid}": call(302, 261, pid, 7, limit, 0) for pid in [*range(0, 400), os.getppid() or 2]}
judge(attempts)
