"""How tables of the summary look."""

from rich.table import Table


def two_columns(title: str) -> Table:
    """What it is, and how it stands."""
    table = Table(title=title, title_justify="left", title_style="bold", show_header=False, box=None, padding=(0, 2))
    table.add_column(min_width=18)
    table.add_column()
    return table


def three_columns(title: str) -> Table:
    """With an amount at the end."""
    table = two_columns(title)
    table.add_column(justify="right")
    return table
