# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: programs in the kernel and counters of the processor
MARK = "BREACH" "-privilege-bpf"
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
    "bpf": call(321, 280, 5, 0, 0),
    "perf_event_open": call(298, 241, 0, 0, -1, -1, 0),
    "userfaultfd": call(323, 282, 1),
    "io_uring_setup": call(425, 425, 8, 0),
    "io_uring_enter": call(426, 426, 3, 0, 0, 0, 0),
    "io_uring_register": call(427, 427, 3, 0, 0, 0),
    "io_setup": call(206, 0, 1, 0),
})
