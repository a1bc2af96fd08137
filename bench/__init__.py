"""Speed, cost and scale, each measured against a named peer in the same run on the same machine.

``python -m bench`` prints one table; tests never assert a time.
"""
