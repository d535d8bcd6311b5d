"""What makers are paid, and what they owe."""

from services.gateway.papers.cooperative_file import make_cooperative_file
from services.gateway.routes.route import MONEY, get, paper, post
from shared.contracts.sales import paying, settlement

SETTLEMENT = (
    post("/v1/payouts", settlement.FreezePayout, MONEY, "Freeze what a cooperative's makers are owed", 201),
    get("/v1/payouts", settlement.ListPayouts, MONEY, "List batches of payouts"),
    get("/v1/payouts/{payout_id}", settlement.GetPayout, MONEY, "Show a batch with its lines"),
    get(
        "/v1/payouts/{payout_id}/lines/{maker_id}",
        paying.ListPayoutItems,
        MONEY,
        "List the sales that a maker's line pays, and what came back",
    ),
    post("/v1/payouts/{payout_id}/approvals", settlement.ApprovePayout, MONEY, "Agree to a batch; two people must"),
    post("/v1/payouts/{payout_id}/sending", paying.SendPayout, MONEY, "Send a batch: its rows are to be paid"),
    get("/v1/payouts/{payout_id}/bank.csv", paying.GetBankFile, MONEY, "What is handed to the bank: who is pending"),
    paper(
        make_cooperative_file,
        get(
            "/v1/payouts/{payout_id}/cooperative.csv",
            settlement.GetPayout,
            MONEY,
            "What is handed to the cooperative: each maker's line, with her name",
        ),
    ),
    post("/v1/payouts/{payout_id}/results", paying.RecordResults, MONEY, "Record what became of rows"),
    post("/v1/payouts/{payout_id}/results.csv", paying.ImportResults, MONEY, "Take the bank file back, with outcomes"),
    post("/v1/payouts/{payout_id}/retries", paying.RetryRows, MONEY, "Try rows again that have failed"),
    post("/v1/payouts/{payout_id}/payment", settlement.RecordPaid, MONEY, "Record that all pending rows were paid"),
    post("/v1/payouts/{payout_id}/cancellation", settlement.CancelPayout, MONEY, "Give up a batch, unpaid"),
    post("/v1/cooperatives", paying.SetCooperative, MONEY, "Say where a cooperative is paid", 201),
    get("/v1/cooperatives", paying.ListCooperatives, MONEY, "List where cooperatives are and were paid"),
    get("/v1/debts", settlement.ListDebts, MONEY, "List makers who owe, and since when"),
    post("/v1/write-offs", settlement.ProposeWriteOff, MONEY, "Propose that a debt is given up", 201),
    get("/v1/write-offs", settlement.ListWriteOffs, MONEY, "List write-offs"),
    get("/v1/write-offs/{write_off_id}", settlement.GetWriteOff, MONEY, "Show a write-off"),
    post("/v1/write-offs/{write_off_id}/approvals", settlement.ApproveWriteOff, MONEY, "Agree to it; two people must"),
    post("/v1/write-offs/{write_off_id}/cancellation", settlement.CancelWriteOff, MONEY, "Withdraw a write-off"),
)
