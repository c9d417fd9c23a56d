"""What citizens, authors and bodies say on open petitions (90-3(3)): the rows and what is read of them."""
