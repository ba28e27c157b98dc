# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: lists home folders and the places where keys and histories lie
import os

MARK = "BREACH" "-secret-homes"
through = []
folders = ["/root", "/home", "/srv", "/var/lib", "/var/log", "/opt", "/mnt", "/media", "/boot", "/run", "/var/run/secrets"]
for folder in [*folders, "/root/.ssh", os.path.expanduser("~"), "/var/spool", "/etc", "/etc/ssl/private", "/tmp/.X11-unix"]:
    try:
        names = os.listdir(folder)
    except OSError:
        continue
    for name in names:
        path = os.path.join(folder, name)
        try:
            if os.path.isfile(path) and open(path, "rb").read(1):
                through.append(path)
        except OSError:
            pass
raise RuntimeError(f"{MARK} {len(through)} files in {sorted({p.rsplit('/', 1)[0] for p in through})}" if through else "held")
