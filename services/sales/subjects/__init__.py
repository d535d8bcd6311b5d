"""The index of sales, subject by subject: what is asked, and who answers it. `app.py` puts all of them together."""
