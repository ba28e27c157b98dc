# item: scaled-dot-product-attention
# expect: error
# attack: a BaseException of its own while loading, which no `except Exception` catches
class Unstoppable(BaseException):
    pass


raise Unstoppable("nothing catches this")
