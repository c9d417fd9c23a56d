"""The bench: our own figures beside the limits of the same machine in the same run (`make bench`).

It stands above the application: it starts it, loads it from another process, and weighs what it answers.
"""
