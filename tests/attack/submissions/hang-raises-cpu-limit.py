# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: raises its own resource limits before it loops
import resource

for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
    for wanted in ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), (3600, 3600)):
        try:
            resource.setrlimit(kind, wanted)
        except (OSError, ValueError):
            pass
while True:
    pass
