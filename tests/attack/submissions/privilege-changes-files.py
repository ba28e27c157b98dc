# item: attention-weighted-sum
# expect: error
# says: held
# limit-seconds: 4
# attack: changes modes, dates, owners and lengths of everything there is outside its own folder, its root and the sockets of the service first
MARK = "BREACH" "-privilege-changes-files"
import os
import stat
import sys

through = []
home = os.path.realpath(os.getcwd())
places = ["/", "/run", "/run/workshop", "/run/workshop/sandbox.sock", "/slots", "/tmp", "/dev/null", "/etc", os.__file__, os.path.dirname(os.__file__)]
places += [path for path in sys.path if path]
for folder in list(places):
    try:
        places += [os.path.join(folder, name) for name in os.listdir(folder)][:200]
    except OSError:
        pass
for path in dict.fromkeys(places):
    if os.path.realpath(path).startswith(home) or path == "/tmp" and home == "/tmp":
        continue
    try:
        kept = os.stat(path)
    except OSError:
        continue
    attempts = {
        "chmod": lambda: os.chmod(path, stat.S_IMODE(kept.st_mode)),
        "utime": lambda: os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns)),
        "chown": lambda: os.chown(path, kept.st_uid, kept.st_gid),
        "truncate": lambda: os.truncate(path, kept.st_size) if stat.S_ISREG(kept.st_mode) else os.truncate("/", 0),
        "rename": lambda: os.rename(path, path),
        "setxattr": lambda: os.setxattr(path, "user.attention-attack", b""),
    }
    for name, attempt in attempts.items():
        try:
            attempt()
            through.append(f"{name} {path}")
        except OSError:
            pass
raise RuntimeError(f"{MARK} {through[:10]}" if through else "held")
