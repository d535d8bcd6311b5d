"""What the broker knows before the first service starts: users, passwords, permissions, the two exchanges."""
