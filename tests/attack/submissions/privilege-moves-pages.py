# item: attention-weighted-sum
# expect: error
# says: held
# attack: splice, tee, vmsplice, sendfile and copies within the kernel, through which pages of read-only files were once written
MARK = "BREACH" "-privilege-moves-pages"
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



here = os.open(os.__file__, os.O_RDONLY)
judge({
    "splice": call(275, 76, here, 0, 3, 0, 1, 0),
    "tee": call(276, 77, 3, 3, 1, 0),
    "vmsplice": call(278, 75, 3, 0, 0, 0),
    "sendfile": call(40, 71, 3, here, 0, 1),
    "copy_file_range": call(326, 285, here, 0, 3, 0, 1, 0),
    "process_madvise": call(440, 440, -1, 0, 0, 4, 0),
    "process_vm_writev": call(311, 271, os.getpid(), 0, 0, 0, 0, 0),
    "kcmp": call(312, 272, os.getpid(), os.getpid(), 0, 0, 0),
})
