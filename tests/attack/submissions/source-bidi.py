# item: scaled-dot-product-attention
# expect: error, failed, partial
# attack: comments and strings that read otherwise than they run
access = "user‮ ⁦# only for admins⁩ ⁦"
raise RuntimeError(access)
