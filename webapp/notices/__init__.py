"""What people are told of what others did: a row says which kind of thing it is, the sentence is made when it is read.

So a notice speaks the language of whoever reads it, whatever the language of whoever caused it.
"""
