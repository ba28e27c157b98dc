# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: traces, reads and writes other processes' memory
MARK = "BREACH" "-privilege-ptrace"
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
    "ptrace-traceme": call(101, 117, 0, 0, 0, 0),
    "ptrace-attach": call(101, 117, 16, 1, 0, 0),
    "ptrace-seize": call(101, 117, 0x4206, 1, 0, 0),
    "process_vm_readv": call(310, 270, 1, 0, 0, 0, 0, 0),
    "process_vm_writev": call(311, 271, 1, 0, 0, 0, 0, 0),
    "kcmp": call(312, 272, 1, 1, 0, 0, 0),
    "pidfd_open": call(434, 434, 1, 0),
    "pidfd_getfd": call(438, 438, 3, 3, 0),
    "pidfd_send_signal": call(424, 424, 3, 0, 0, 0),
    "process_madvise": call(440, 440, 3, 0, 0, 0, 0),
})
