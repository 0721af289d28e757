"""One module or package per exchange: how to recognise its files, read them, and which scheme and guarantees apply.

The only room that knows an exchange's name. Modules declare ``FORMATS``; ``registry`` finds them.
"""
