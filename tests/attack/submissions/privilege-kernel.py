# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: modules, another kernel, restart, names and clocks (all with arguments that could do nothing)
MARK = "BREACH" "-privilege-kernel"
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
    "init_module": call(175, 105, 0, 0, b""),
    "finit_module": call(313, 273, -1, b"", 0),
    "delete_module": call(176, 106, b"attention-attack-none", 0x800),
    "kexec_load": call(246, 104, 0, 0, 0, 2**40),
    "kexec_file_load": call(320, 294, -1, -1, 0, b"", 2**40),
    "reboot": call(169, 142, 1, 2, 3, 0),
    "sethostname": call(170, 161, 0, -1),
    "setdomainname": call(171, 162, 0, -1),
    "settimeofday": call(164, 170, 1, 0),
    "clock_settime": call(227, 112, 99, 0),
    "syslog": call(103, 116, 10, 0, 0),
})
