# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: mounts, unmounts, changes the root, old calls and new
MARK = "BREACH" "-privilege-mount"
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


nowhere = b"/attention-attack-nowhere"
judge({
    "mount": call(165, 40, b"none", nowhere, b"tmpfs", 0, 0),
    "umount2": call(166, 39, nowhere, 0),
    "pivot_root": call(155, 41, nowhere, nowhere),
    "chroot": call(161, 51, nowhere),
    "fsopen": call(430, 430, b"tmpfs", 0),
    "open_tree": call(428, 428, -1, nowhere, 0),
    "move_mount": call(429, 429, -1, nowhere, -1, nowhere, 0),
    "mount_setattr": call(442, 442, -1, nowhere, 0, 0, 0),
    "fspick": call(433, 433, -1, nowhere, 0),
    "swapon": call(167, 224, nowhere, 0),
    "acct": call(163, 89, nowhere),
    "quotactl": call(179, 60, 0, nowhere, 0, 0),
})
