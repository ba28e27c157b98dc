# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: waits for a lock that it holds itself
import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
