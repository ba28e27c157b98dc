# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: personality, seccomp, scheduling, affinity of others, limits of others, ports and segments
MARK = "BREACH" "-privilege-process"
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


attempts = {
    "personality": call(135, 92, 0x0040000),
    "seccomp": call(317, 277, 2, 0, 0),
    "sched_setscheduler": call(144, 119, 0, 1, 0),
    "setpriority": call(141, 140, 0, 0, -20),
    "ioprio_set": call(251, 30, 1, 0, 0),
    "migrate_pages": call(256, 238, 1, 0, 0, 0),
    "move_pages": call(279, 239, 1, 0, 0, 0, 0, 0),
    "tgkill": call(234, 131, 2, 2, 0),
    "rt_sigqueueinfo": call(129, 138, 2, 0, 0),
}
if os.uname().machine == "x86_64":
    attempts |= {"iopl": call(172, 0, 3), "ioperm": call(173, 0, 0, 1, 1), "modify_ldt": call(154, 0, 0, 0, 0)}
judge(attempts)
