# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: reads command lines, environments, maps and open files of every process through /proc
import os

MARK = "BREACH" "-secret-proc"
through = []
for pid in ["self", "thread-self", *range(1, 3000)]:
    for name in ("environ", "cmdline", "maps", "mem", "root/etc/passwd", "cwd/pyproject.toml", "status", "stack"):
        try:
            if open(f"/proc/{pid}/{name}", "rb").read(1):
                through.append(f"{pid}/{name}")
        except OSError:
            pass
for name in ("cpuinfo", "meminfo", "mounts", "cmdline", "kallsyms", "net/unix", "net/tcp", "sys/kernel/hostname", "kcore"):
    try:
        if open(f"/proc/{name}", "rb").read(1):
            through.append(name)
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through[:10]}" if through else "held")
