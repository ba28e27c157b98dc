# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: climbs out of its root by .., by descriptors of folders and by links
import os
import tempfile

MARK = "BREACH" "-secret-parent-folders"
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


found = []
base = tempfile.gettempdir()
for path in ("../../../../../../../../etc/shadow", "/../etc/passwd", "/proc/self/root/etc/passwd", "/proc/1/root", "/dev/fd/3/.."):
    try:
        os.close(os.open(path, os.O_RDONLY))
        found.append(path)
    except OSError:
        pass
try:
    os.symlink("/etc/passwd", f"{base}/attention-attack-link")
    os.close(os.open(f"{base}/attention-attack-link", os.O_RDONLY))
    found.append("symlink")
except OSError:
    pass
for fd in range(256):
    try:
        os.close(os.open("..", os.O_RDONLY | os.O_DIRECTORY, dir_fd=fd))
        found.append(f"descriptor {fd}")
    except OSError:
        pass
raise RuntimeError(f"{MARK} {found}" if found else "held")
