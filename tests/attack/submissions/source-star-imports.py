# item: scaled-dot-product-attention
# expect: error, failed, partial
# limit-seconds: 5
# attack: imports everything there is in torch under its own names
from torch import *
from torch.nn import *
from torch.nn.functional import *
from os import *
