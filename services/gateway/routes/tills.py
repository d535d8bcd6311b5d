"""What tills say that a person should look at."""

from services.gateway.routes.route import MEND, MONEY, WATCH, get, post
from shared.contracts.sales import tills

TILLS = (
    get("/v1/findings", tills.ListFindings, WATCH, "List what a person should look at"),
    get("/v1/findings/{finding_id}", tills.GetFinding, WATCH, "Show a finding, and what to do about it"),
    post("/v1/findings/{finding_id}/settlement", tills.SettleFinding, MEND, "Say what a finding was"),
    get("/v1/outlets/{code}/closings", tills.ListClosings, WATCH, "Compare what tills counted with what is recorded"),
    get("/v1/exchanges", tills.ListExchanges, MONEY, "List exchanges"),
    get("/v1/outlets/{outlet}/exchanges/{exchange}", tills.GetExchange, MONEY, "Show an exchange, both sides"),
    get("/v1/variances", tills.ListVariances, MONEY, "List sales at other prices, and who bears the difference"),
)
