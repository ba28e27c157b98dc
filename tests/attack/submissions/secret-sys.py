# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: reads /sys and the devices that show memory, disks and the console
import os

MARK = "BREACH" "-secret-sys"
through = []
for path in ("/sys/kernel", "/sys/class/net", "/sys/fs/cgroup", "/sys/firmware", "/dev/block", "/dev/disk", "/sys/devices"):
    try:
        if os.listdir(path):
            through.append(path)
    except OSError:
        pass
for path in ("/dev/mem", "/dev/kmem", "/dev/port", "/dev/sda", "/dev/vda", "/dev/kmsg", "/dev/tty", "/dev/console", "/dev/fuse",
             "/dev/kvm", "/dev/net/tun", "/dev/loop-control", "/dev/userfaultfd", "/dev/ptmx"):
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        through.append(path)
    except OSError:
        pass
raise RuntimeError(f"{MARK} {through}" if through else "held")
