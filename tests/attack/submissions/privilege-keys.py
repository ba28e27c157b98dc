# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: the kernel's key rings, which all processes of a user share
MARK = "BREACH" "-privilege-keys"
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


judge({
    "add_key": call(248, 217, b"user", b"attention-attack", b"x", 1, -3),
    "request_key": call(249, 218, b"user", b"attention-attack", 0, 0),
    "keyctl": call(250, 219, 0, -3, 1),
})
