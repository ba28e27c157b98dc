# item: scaled-dot-product-attention
# expect: failed, partial, error
# attack: the module itself is replaced in sys.modules by an object that says yes to everything
import sys
import types


class Yes(types.ModuleType):
    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __eq__(self, other):
        return True

    def __iter__(self):
        return iter([self, self])

    def __bool__(self):
        return True


sys.modules[__name__] = Yes(__name__)
ScaledDotProductAttention = Yes("yes")
