# item: attention-weighted-sum
# expect: error
# attack: comments that a tool would obey: type, noqa, coding twice, pragma, doctest
# -*- coding: utf-8 -*-
# coding: utf-7
# type: ignore
# pragma: no cover
"""
>>> import os; os._exit(0)
"""
x: "__import__('os')._exit(0)" = 1
