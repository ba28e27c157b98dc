# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: other users, groups, capabilities, dumpable and ambient rights
MARK = "BREACH" "-privilege-identity"
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
    "setuid": call(105, 146, 0),
    "setgid": call(106, 144, 0),
    "setresuid": call(117, 147, 0, 0, 0),
    "setresgid": call(119, 149, 0, 0, 0),
    "setgroups": call(116, 159, 0, 0),
    "setfsuid-and-capset": call(126, 91, 0, 0),
    "prctl-ambient": call(157, 167, 47, 2, 21, 0, 0),
    "prctl-mm": call(157, 167, 35, 1, 0, 0, 0),
    "prctl-capbset": call(157, 167, 24, 21, 0, 0, 0),
    "prctl-securebits": call(157, 167, 28, 0, 0, 0, 0),
    "prctl-ptracer": call(157, 167, 0x59616D61, -1, 0, 0, 0),
    "prctl-subreaper": call(157, 167, 36, 1, 0, 0, 0),
    "setsid": call(112, 157),
    "setpgid": call(109, 154, 0, 0),
})
