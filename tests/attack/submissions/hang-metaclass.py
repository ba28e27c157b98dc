# item: scaled-dot-product-attention
# expect: timeout, error, failed, partial
# limit-seconds: 1
# attack: a class whose metaclass never answers `__call__`, `__instancecheck__` or `__getattribute__`
class Meta(type):
    def __call__(cls, *args, **kwargs):
        while True:
            pass

    def __instancecheck__(cls, other):
        while True:
            pass

    def __getattribute__(cls, name):
        while True:
            pass


class ScaledDotProductAttention(metaclass=Meta):
    pass
