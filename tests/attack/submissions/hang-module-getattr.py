# item: scaled-dot-product-attention
# expect: timeout, error
# limit-seconds: 1
# attack: a module `__getattr__` that never answers when the class is looked up
def __getattr__(name):
    while True:
        pass
