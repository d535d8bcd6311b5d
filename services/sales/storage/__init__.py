"""Every statement that changes the data of sales, and the reads that decisions need."""
