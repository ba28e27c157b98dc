# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: POSIX and System V shared memory, message queues and semaphores, which outlive their maker
from multiprocessing import shared_memory

MARK = "BREACH" "-bomb-shared-memory"
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


def posix():
    try:
        shared_memory.SharedMemory("attention-attack", create=True, size=2**20)
    except (OSError, ImportError):
        return "EPERM"
    return "done"


judge({
    "shm_open": posix(),
    "shmget": call(29, 194, 0x41545441, 2**20, 0o1600),
    "semget": call(64, 190, 0x41545441, 1, 0o1600),
    "msgget": call(68, 186, 0x41545441, 0o1600),
    "mq_open": call(240, 180, b"attention-attack", 0o102, 0o600, 0),
})
