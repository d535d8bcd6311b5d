"""What outlets remit, what makers are paid, and what they owe."""

from services.gateway.routes.route import MONEY, get, post
from shared.contracts.sales import remittances, settlement

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
        settlement.ListPayoutItems,
        MONEY,
        "List the sales that a maker's line pays, and what came back",
    ),
    post("/v1/payouts/{payout_id}/approvals", settlement.ApprovePayout, MONEY, "Agree to a batch; two people must"),
    post("/v1/payouts/{payout_id}/payment", settlement.RecordPaid, MONEY, "Record that a batch was paid"),
    post("/v1/payouts/{payout_id}/cancellation", settlement.CancelPayout, MONEY, "Give up a batch, unpaid"),
    get("/v1/debts", settlement.ListDebts, MONEY, "List makers who owe, and since when"),
    post("/v1/write-offs", settlement.ProposeWriteOff, MONEY, "Propose that a debt is given up", 201),
    get("/v1/write-offs", settlement.ListWriteOffs, MONEY, "List write-offs"),
    get("/v1/write-offs/{write_off_id}", settlement.GetWriteOff, MONEY, "Show a write-off"),
    post("/v1/write-offs/{write_off_id}/approvals", settlement.ApproveWriteOff, MONEY, "Agree to it; two people must"),
    post("/v1/write-offs/{write_off_id}/cancellation", settlement.CancelWriteOff, MONEY, "Withdraw a write-off"),
)
