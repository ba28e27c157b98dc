# item: attention-weighted-sum
# expect: error
# says: held
# attack: asks its socket who is at the other end: process, user, groups, label, name
MARK = "BREACH" "-secret-peer"
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



room, size = ctypes.create_string_buffer(256), ctypes.c_int(256)
attempts = {f"getsockopt-{option}": call(55, 209, 3, 1, option, ctypes.addressof(room), ctypes.addressof(size)) for option in (16, 17, 31, 59, 77)}
attempts |= {
    "getpeername": call(52, 205, 3, ctypes.addressof(room), ctypes.addressof(size)),
    "getsockname": call(51, 204, 3, ctypes.addressof(room), ctypes.addressof(size)),
    "SIOCGPGRP": call(16, 29, 3, 0x8904, ctypes.addressof(room)),
    "SIOCGSTAMP": call(16, 29, 3, 0x8906, ctypes.addressof(room)),
    "SIOCUNIXFILE": call(16, 29, 3, 0x89E0, 0),
}
judge(attempts)
