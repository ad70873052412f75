"""A slow and obvious second reading of the design, written from its text alone: no arrays, no sharing of code.

`answer` in `answer.py` is the door; each other module is one page of the design.
"""
