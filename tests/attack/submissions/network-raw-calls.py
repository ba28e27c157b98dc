# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: socket, socketpair, sendto, sendmsg, recvfrom, bind, listen, accept and shutdown by number
MARK = "BREACH" "-network-raw-calls"
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
    "socket": call(41, 198, 2, 1, 0),
    "socketpair": call(53, 199, 1, 1, 0, id(libc)),
    "connect": call(42, 203, 3, 0, 0),
    "sendto": call(44, 206, 3, 0, 0, 0, 0, 0),
    "sendmsg": call(46, 211, 3, 0, 0),
    "sendmmsg": call(307, 269, 3, 0, 0, 0),
    "recvfrom": call(45, 207, 3, 0, 0, 64, 0, 0),
    "recvmsg": call(47, 212, 3, 0, 64),
    "bind": call(49, 200, 3, 0, 0),
    "listen": call(50, 201, 3, 1),
    "accept4": call(288, 242, 3, 0, 0, 0),
})
