# item: attention-weighted-sum
# expect: error
# says: held
# attack: timers, event counters, watches and epolls, which cost kernel memory that no limit counts
MARK = "BREACH" "-privilege-kernel-objects"
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
    "timer_create": call(222, 107, 0, 0, 0),
    "timerfd_create": call(283, 85, 1, 0),
    "signalfd4": call(289, 74, -1, 0, 8, 0),
    "eventfd2": call(290, 19, 0, 0),
    "epoll_create1": call(291, 20, 0),
    "inotify_init1": call(294, 26, 0),
    "fanotify_init": call(300, 262, 0, 0),
    "io_setup": call(206, 0, 128, 0),
    "pipe2": call(293, 59, 0, 0),
    "landlock_create_ruleset": call(444, 444, 0, 0, 1),
    "futex_waitv": call(449, 449, 0, 0, 0, 0, 0),
    "pkey_alloc": call(330, 289, 0, 0),
    "userfaultfd": call(323, 282, 0),
    "io_uring_setup": call(425, 425, 1, 0),
})
