# item: attention-weighted-sum
# expect: error
# says: held
# attack: reads how busy every other process is by its clock, its priority, its group and its schedule
MARK = "BREACH" "-secret-clocks-of-others"
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



attempts = {}
for pid in [*range(1, 500), os.getppid()]:
    if pid in (0, os.getpid()):
        continue
    attempts[f"clock-{pid}"] = call(228, 113, (~pid << 3) | 2, ctypes.addressof(ctypes.create_string_buffer(16)))
    attempts[f"getpriority-{pid}"] = call(140, 141, 0, pid)
    attempts[f"getpgid-{pid}"] = call(121, 155, pid)
    attempts[f"getsid-{pid}"] = call(124, 156, pid)
    attempts[f"getscheduler-{pid}"] = call(145, 120, pid)
    attempts[f"get_robust_list-{pid}"] = call(274, 100, pid, 0, 0)
judge(attempts)
