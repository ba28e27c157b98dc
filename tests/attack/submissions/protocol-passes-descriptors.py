# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: tries to send a descriptor over its socket, and to receive one
import array
import socket

MARK = "BREACH" "-protocol-passes-descriptors"
import os
import stat


def sockets():
    """Every descriptor of this process that is a socket."""
    found = []
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                found.append(fd)
        except OSError:
            pass
    return found


through = []
for fd in sockets():
    try:
        end = socket.socket(fileno=os.dup(fd), family=socket.AF_UNIX, type=socket.SOCK_STREAM)
    except OSError:
        continue
    for name, attempt in {
        "sendmsg": lambda: end.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]),
        "send": lambda: end.send(b""),
        "recvmsg": lambda: end.recvmsg(1, 1024, socket.MSG_DONTWAIT),
        "recv": lambda: end.recv(1, socket.MSG_DONTWAIT),
    }.items():
        try:
            attempt()
            through.append(name)
        except BlockingIOError:
            through.append(name)
        except OSError:
            pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
