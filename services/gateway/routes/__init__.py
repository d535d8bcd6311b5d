"""The whole HTTP surface that asks services: one row for each thing that can be asked."""

from services.gateway.routes.accompaniment import ACCOMPANIMENT
from services.gateway.routes.books import BOOKS
from services.gateway.routes.catalogue import CATALOGUE
from services.gateway.routes.courses import COURSES
from services.gateway.routes.goods import GOODS
from services.gateway.routes.loans import LOANS
from services.gateway.routes.people import PEOPLE
from services.gateway.routes.route import Route
from services.gateway.routes.sales import SALES
from services.gateway.routes.selection import SELECTING
from services.gateway.routes.settlement import SETTLEMENT
from services.gateway.routes.statements import STATEMENTS
from services.gateway.routes.taxes import TAXES
from services.gateway.routes.tills import TILLS
from services.gateway.routes.watch import NOTIFY, PARKED

__all__ = ["ROUTES", "Route"]

ROUTES: tuple[Route, ...] = (
    *PEOPLE,
    *COURSES,
    *ACCOMPANIMENT,
    *SELECTING,
    *CATALOGUE,
    *SALES,
    *GOODS,
    *TILLS,
    *SETTLEMENT,
    *LOANS,
    *BOOKS,
    *TAXES,
    *STATEMENTS,
    *NOTIFY,
    *PARKED,
)
