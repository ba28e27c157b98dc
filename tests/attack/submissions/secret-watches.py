# item: attention-weighted-sum
# expect: error
# says: held
# attack: watches folders for what others create in them, and their names for what others open
MARK = "BREACH" "-secret-watches"
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



import fcntl

attempts = {"inotify_init": call(253, 26, 0), "inotify_add_watch": call(254, 27, 3, b"/", 0xFFF)}
for folder in ("/", "/tmp", "/run", "/slots", os.getcwd()):
    for command, argument in ((fcntl.F_NOTIFY, 0x8000003F), (fcntl.F_SETLEASE, fcntl.F_RDLCK), (fcntl.F_SETOWN, os.getpid())):
        try:
            fd = os.open(folder, os.O_RDONLY)
            fcntl.fcntl(fd, command, argument)
            attempts[f"{folder}-{command}"] = "done"
        except OSError as error:
            attempts[f"{folder}-{command}"] = "EPERM" if error.errno in (1, 2, 13) else str(error)
judge(attempts)
