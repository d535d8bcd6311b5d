"""Why reports and events wait in sales, in plain words, and what a coordinator does about each."""

from collections.abc import Mapping

from shared.errors import Reason

CORRECT = "`POST /v1/parked/{id}/correction`"
CHOOSE = "`POST /v1/parked/{id}/choice`"
DISCARD = "`POST /v1/parked/{id}/discard`"
AGAIN = "It is then tried again by itself while it waits, and at once with `POST /v1/parked/redrive`."

NEEDED: Mapping[str, Reason] = {
    "outlet_unknown": Reason(
        "The report comes from, or names, an outlet that is not registered.",
        f"Register it: `POST /v1/outlets`, then agree terms. {AGAIN} If its code is misspelt, {CORRECT}.",
    ),
    "sku_unknown": Reason(
        "The product was not approved, or its approval has not arrived yet.",
        f"Approve its submission: `POST /v1/submissions/{{submission_id}}/decision`. {AGAIN} "
        f"If the till has a wrong SKU, {CORRECT} with `data.sku`.",
    ),
    "agreement_missing": Reason(
        "The outlet sold before anything was agreed with it for that day, so nobody knows how to split the money.",
        f"Agree terms from that day or an earlier one on: `POST /v1/outlets/{{code}}/agreements`. {AGAIN}",
    ),
    "maker_unknown": Reason(
        "A maker is named of whom sales has not heard yet.",
        f"See that she is registered: `GET /v1/makers`, else `POST /v1/makers`. {AGAIN}",
    ),
    "promotion_unknown": Reason(
        "A promotion ended of which sales has not heard that it was scheduled.",
        f"See that it is scheduled: `GET /v1/promotions/{{promo_id}}`. {AGAIN}",
    ),
    "sale_not_recorded": Reason(
        "A piece came back of a sale that is not recorded (yet): the till may still have to report it.",
        f"Ask the outlet for the sale's report. {AGAIN} If the return names a wrong receipt, {CORRECT} with "
        "`data.original_receipt` and `data.original_line`.",
    ),
    "receipt_not_recorded": Reason(
        "The till took a receipt back of which no line is recorded (yet).",
        f"Ask the outlet for the receipt's sales. {AGAIN} If nothing of it was ever sold, {DISCARD}.",
    ),
    "serial_unknown": Reason(
        "The piece bears a label of ours that sales has not heard of.",
        f"Look at it: `GET /v1/units/{{serial}}`. If it was never labelled, `POST /v1/products/{{sku}}/units`, or "
        f"correct the serial: {CORRECT} with `data.serial` (null when it has none). {AGAIN}",
    ),
}
"""What will pass when something else has arrived."""

SLIPS: Mapping[str, Reason] = {
    "discount_exceeds_price": Reason(
        "The discount is more than the pieces cost: the buyer would have been given money.",
        f"Ask the outlet for the receipt and {CORRECT} with `data.discount` or `data.unit_price`.",
    ),
    "amount_implausible": Reason(
        "The line comes to more rupiah than any sale can.",
        f"Ask the outlet for the receipt and {CORRECT} with `data.quantity` or `data.unit_price`.",
    ),
    "sold_in_the_future": Reason(
        "The till's clock is wrong: the sale lies ahead of now.",
        f"Have the clock set, and {CORRECT} with `data.sold_at`.",
    ),
    "returned_in_the_future": Reason(
        "The till's clock is wrong: the return lies ahead of now.",
        f"Have the clock set, and {CORRECT} with `data.returned_at`.",
    ),
    "voided_in_the_future": Reason(
        "The till's clock is wrong: the receipt was taken back ahead of now.",
        f"Have the clock set, and {CORRECT} with `data.voided_at`.",
    ),
    "closed_in_the_future": Reason(
        "The till closed a day that has not begun.",
        f"Have the clock set, and {CORRECT} with `data.business_date`.",
    ),
    "closing_numbers_implausible": Reason(
        "The closing's first number comes after its last one.",
        f"Ask the outlet for the closing's paper and {CORRECT} with `data.first_seq` and `data.last_seq`.",
    ),
    "serial_quantity": Reason(
        "A serial is one piece, but the line says that more than one was sold under it.",
        f"Ask how many were sold: {CORRECT} with `data.quantity` 1, or with `data.serial` null when they have none.",
    ),
}
"""What cannot be true, whatever is known."""

CONTRADICTIONS: Mapping[str, Reason] = {
    "receipt_line_changed": Reason(
        "This line of the receipt is recorded with other facts. The first report stands until somebody decides.",
        f"Ask for the receipt. If this report is right, {CHOOSE} with `parked`: the recorded sale is taken back and "
        f"this one booked. If the recorded one is right, {CHOOSE} with `recorded`. A recorded return or void stands "
        f"whatever is chosen: if this report tells of another one, {CORRECT} with `data.receipt`.",
    ),
    "line_partly_returned": Reason(
        "This report shall replace a recorded line of which pieces have come back; their returns belong to that line.",
        "Take what is left of the recorded line back: `POST /v1/sales/{sale_id}/void`. Then "
        f"{CORRECT} with `data.quantity` as many as the buyers kept, and {CHOOSE} with `parked`.",
    ),
    "serial_already_sold": Reason(
        "This very piece is sold already and has not come back: two tills, or two receipts, claim it.",
        f"Find out which buyer has the piece. If this sale is right, {CHOOSE} with `parked`; if the recorded one is, "
        f"with `recorded`. If the serial was misread, {CORRECT} with `data.serial`.",
    ),
    "serial_of_other_sku": Reason(
        "The piece with this serial is another product than the line says.",
        f"Look at the piece: `GET /v1/units/{{serial}}`. Then {CORRECT} with `data.sku` or `data.serial`.",
    ),
    "till_closed_changed": Reason(
        "The till closed this day before with other totals. The first closing stands until somebody decides.",
        f"Ask which closing is the last one. If this one, {CHOOSE} with `parked`; otherwise with `recorded`.",
    ),
    "voided_before_sold": Reason(
        "The receipt was taken back at a time when nothing of it had been sold.",
        f"Ask the outlet when it was: {CORRECT} with `data.voided_at`, or {DISCARD}.",
    ),
    "sku_taken": Reason(
        "The catalogue approved a product under a SKU that sales knows as another one.",
        f"Have the product approved under a SKU of its own: `POST /v1/submissions/{{submission_id}}/decision`. "
        f"Then {DISCARD}.",
    ),
    "promotion_exists": Reason(
        "A promotion was scheduled under an id that sales knows as another one.",
        f"Compare them: `GET /v1/promotions/{{promo_id}}`. Schedule it under an id of its own, "
        f"`POST /v1/promotions`, and {DISCARD}.",
    ),
}
"""What says something else than what is recorded."""

RETURNS: Mapping[str, Reason] = {
    "return_without_original": Reason(
        "The return does not say which sale it takes back. `candidates` are the sales it may belong to.",
        f"Ask the outlet, choose the sale among the candidates and {CORRECT} with `data.original_receipt`, "
        "`data.original_line` and, when there are several tills, `data.original_till`.",
    ),
    "original_ambiguous": Reason(
        "Several tills of the outlet that sold it have a receipt with that number and line.",
        f"Ask which till sold the piece: {CORRECT} with `data.original_till` (and `data.original_outlet`).",
    ),
    "return_of_other_sku": Reason(
        "The line that is named was the sale of another product.",
        f"Ask for the receipt: {CORRECT} with `data.original_line`, `data.original_receipt` or `data.sku`.",
    ),
    "return_of_other_serial": Reason(
        "Another piece than this one was sold on the line that is named.",
        f"Read the label again: {CORRECT} with `data.serial` or `data.original_line`.",
    ),
    "returned_before_sold": Reason(
        "The piece came back before it was sold, by the tills' clocks.",
        f"Ask for the receipt: {CORRECT} with `data.returned_at` or the right original receipt.",
    ),
    "piece_moved_on": Reason(
        "A receipt that took a piece back is voided, but the piece has been sold or sent on since: its first buyer "
        "cannot have it.",
        "Find out who has the piece. If it was not sold again, take that sale back: `POST /v1/sales/{sale_id}/void`. "
        f"{AGAIN} If it did come back, {DISCARD}.",
    ),
    "sale_voided": Reason(
        "The sale has been taken back as a whole already: the buyer has had the money once.",
        f"If the buyer was paid twice, settle that with the outlet and {DISCARD}. If another sale was meant, {CORRECT} "
        "with `data.original_receipt` and `data.original_line`.",
    ),
    "more_than_sold": Reason(
        "More pieces came back than were sold on that line and have not come back yet.",
        f"Ask for the receipt: {CORRECT} with `data.quantity` or the right original receipt. "
        f"If it was reported twice, {DISCARD}.",
    ),
}
"""Why a return fits no sale."""

REASONS: Mapping[str, Reason] = {**NEEDED, **SLIPS, **CONTRADICTIONS, **RETURNS}
