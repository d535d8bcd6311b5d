"""The chart of accounts: what each kind is called, what class it is of, on which side it grows."""

from collections.abc import Mapping

from shared.contracts.sales.books import AccountClass, AccountKind, ChartAccount, Side

NORMAL: Mapping[AccountClass, Side] = {
    "asset": "debit",
    "liability": "credit",
    "income": "credit",
    "expense": "debit",
}


def _account(number: int, kind: AccountKind, name_id: str, name_en: str) -> ChartAccount:
    """The first digit of the number says the class."""
    account_class: AccountClass = CLASSES[number // 1000]
    return ChartAccount(
        number=number,
        kind=kind,
        name_id=name_id,
        name_en=name_en,
        account_class=account_class,
        normal=NORMAL[account_class],
    )


CLASSES: Mapping[int, AccountClass] = {1: "asset", 2: "liability", 4: "income", 5: "expense"}

CHART: tuple[ChartAccount, ...] = (
    _account(1100, "bank", "Bank", "Bank"),
    _account(1200, "outlet-receivable", "Piutang gerai", "Receivable from outlets"),
    _account(1300, "loan-receivable", "Piutang pinjaman pengrajin", "Loans to makers"),
    _account(2100, "maker-payable", "Utang kepada pengrajin", "Payable to makers"),
    _account(2200, "outlet-commission", "Utang komisi gerai", "Commission payable to outlets"),
    _account(2300, "cooperative-payable", "Utang kepada koperasi", "Payable to cooperatives"),
    _account(2400, "loan-capital", "Modal pinjaman koperasi", "Loan capital from cooperatives"),
    _account(4100, "programme-share", "Bagian program", "Programme share"),
    _account(5100, "written-off", "Penghapusan piutang pengrajin", "Debts written off"),
)
"""By number. Numbers are published: a new kind gets a new one, and none is ever given to another kind."""

NUMBERS: Mapping[str, int] = {account.kind: account.number for account in CHART}
OF_KIND: Mapping[str, ChartAccount] = {account.kind: account for account in CHART}
