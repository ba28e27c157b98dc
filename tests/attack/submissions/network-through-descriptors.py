# item: attention-weighted-sum
# expect: error
# says: held
# attack: turns what it has into a way out: its own socket connected anew, /dev/tcp, descriptors by number, mail and name tools
MARK = "BREACH" "-network-through-descriptors"
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



import struct

address = struct.pack("<H", 2) + bytes(14)
held = {f"connect-{fd}": call(42, 203, fd, address, 16) for fd in range(8)}
held |= {f"bind-{fd}": call(49, 200, fd, address, 16) for fd in range(8)}
held |= {f"sendto-{fd}": call(44, 206, fd, b"x", 1, 0, address, 16) for fd in range(8)}
for path in ("/dev/tcp/127.0.0.1/80", "/dev/udp/127.0.0.1/53", "/dev/net/tun", "/dev/vsock", "/dev/log"):
    try:
        os.open(path, os.O_RDWR)
        held[path] = "done"
    except OSError:
        pass
judge(held)
