# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: sleeps forever and uses no processor time at all
import time

while True:
    time.sleep(1_000_000)
