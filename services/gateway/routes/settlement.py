"""What outlets remit, what makers are paid, and what they owe."""

from services.gateway.papers.cooperative_file import make_cooperative_file
from services.gateway.routes.route import MONEY, get, paper, post
from shared.contracts.sales import paying, remittances, settlement

SETTLEMENT = (
    post("/v1/outlets/{code}/remittances", remittances.RecordRemittance, MONEY, "Record money of an outlet", 201),
    get("/v1/outlets/{code}/dues", remittances.GetDues, MONEY, "What an outlet owes, period by period"),
    get("/v1/dues/late", remittances.ListLateOutlets, MONEY, "List outlets that should have remitted by now"),
    get("/v1/remittances", remittances.ListRemittances, MONEY, "List remittances"),
    get("/v1/remittances/{remittance_id}", remittances.GetRemittance, MONEY, "Show a remittance and what it settled"),
    post(
        "/v1/remittances/{remittance_id}/reversal",
        remittances.ReverseRemittance,
        MONEY,
        "Take a remittance back that was entered wrong",
    ),
    get("/v1/makers/{maker_id}/waiting", remittances.GetWaiting, MONEY, "Why a maker has not been paid yet"),
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
