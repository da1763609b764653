"""Great Expectations as a guest in the house: it calls nobody, and its pages fetch nothing."""

import subprocess
import sys


def test_judging_opens_no_connection() -> None:
    """The library would report its use to its makers; a process of its own shows that it does not."""
    code = """
import socket, sys
tried = []
socket.socket.connect = lambda self, address: tried.append(address)
socket.getaddrinfo = lambda *where, **how: tried.append(where)
import pandas, threading
from expectations import contract_of, judge
judge({"columns": pandas.DataFrame({"is_present": [True, False]})}, contract_of("x"))
for thread in threading.enumerate():
    if thread is not threading.main_thread() and not thread.daemon:
        thread.join(10)
print(tried)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
