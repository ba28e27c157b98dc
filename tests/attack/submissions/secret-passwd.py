# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: reads the host's account files
MARK = "BREACH" "-secret-passwd"
through = []
for path in ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc/machine-id"):
    try:
        if open(path, "rb").read(1):
            through.append(path)
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
