# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: new namespaces within its own, and others' namespaces: with a user namespace come all rights in it
MARK = "BREACH" "-privilege-namespaces"
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


flags = {"fs": 0x200, "files": 0x400, "mount": 0x20000, "cgroup": 0x2000000, "uts": 0x4000000, "ipc": 0x8000000,
         "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000, "time": 0x80}
judge({f"unshare-{name}": call(272, 97, flag) for name, flag in flags.items()} | {
    "setns": call(308, 268, 3, 0),
    "setns-user": call(308, 268, -1, 0x10000000),
})
