# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: fork, vfork, clone and clone3 by number, past the C library
MARK = "BREACH" "-bomb-vfork-raw"
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


def fork(x86_64, aarch64, *arguments):
    number = x86_64 if os.uname().machine == "x86_64" else aarch64
    ctypes.set_errno(0)
    got = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) for a in arguments))
    if got == 0:
        os._exit(0)
    return "done" if got > 0 else errno.errorcode.get(ctypes.get_errno(), "unknown")


attempts = {
    "clone": fork(56, 220, 17, 0, 0, 0, 0),
    "clone-newuser": fork(56, 220, 17 | 0x10000000, 0, 0, 0, 0),
    "clone3": call(435, 435, 0, 0),
}
if os.uname().machine == "x86_64":
    attempts["fork"] = fork(57, 0)
judge(attempts)
