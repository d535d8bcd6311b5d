"""What looks at tills as a whole, long after their reports were booked, and finds what a person should see."""
