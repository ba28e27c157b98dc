# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: files by handle, device nodes, watches of the whole file system, owners and attributes
MARK = "BREACH" "-privilege-files"
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


nowhere = b"/attention-attack-nowhere/x"
judge({
    "name_to_handle_at": call(303, 264, -100, b"/", id(libc), id(libc), 0),
    "open_by_handle_at": call(304, 265, -100, 0, 0),
    "mknodat": call(259, 33, -100, nowhere, 0o20666, 0x101),
    "fanotify_init": call(300, 262, 0, 0),
    "fchownat": call(260, 54, -100, nowhere, 0, 0, 0),
    "setxattr": call(188, 5, nowhere, b"user.x", b"x", 1, 0),
    "lookup_dcookie": call(212, 18, 0, 0, 0),
})
