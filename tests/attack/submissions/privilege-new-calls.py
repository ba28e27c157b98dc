# item: attention-weighted-sum
# expect: error
# says: held
# attack: every system call newer than 2020, by number, as far as kernels may ever count
MARK = "BREACH" "-privilege-new-calls"
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



known = {435: "clone3", 436: "close_range", 439: "faccessat2"}
passed = {335, 336} if os.uname().machine == "x86_64" else set()  # the kernel's own, which no filter sees
attempts = {str(number): call(number, number, -1, -1, -1, -1, -1, -1) for number in range(424, 1024) if number not in known}
judge(attempts)
