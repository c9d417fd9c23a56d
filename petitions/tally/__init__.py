"""The count: sealed once a second, alone, and the only place where a number of supporters is made."""
