"""Every change in the catalog: read, decide, store, say."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog import domain, storage
from services.catalog.storage import Mark
from shared.contracts.catalog import (
    DecideSubmission,
    Price,
    PriceChanged,
    Product,
    ProductApproved,
    ProductReviewed,
    ProductSubmitted,
    Review,
    ReviewSubmission,
    SetPrice,
    Submission,
    SubmitProduct,
    Verdict,
)
from shared.contracts.message import Event
from shared.contracts.training import MakerRegistered
from shared.db import Tx
from shared.errors import Conflict, NotFound, Rejected
from shared.runtime.envelope import Received
from shared.runtime.handler import Outcome


async def learn_makers(registered: Sequence[Received[MakerRegistered]], tx: Tx) -> list[Outcome]:
    """Remembers who can hand in products."""
    await storage.add_makers(tx, [event.data.maker_id for event in registered])
    return []


async def submit_product(command: Received[SubmitProduct], tx: Tx) -> tuple[Submission, list[Event]]:
    submitted = command.data
    domain.check_submission(submitted)
    domain.check_makers(await storage.list_unknown_makers(tx, [maker.maker_id for maker in submitted.makers]))
    await storage.add_submission(tx, command.id, submitted, _mark(command))
    await storage.add_submission_makers(tx, command.id, submitted.makers)
    told = ProductSubmitted(
        submission_id=command.id, title=submitted.title, craft=submitted.craft, makers=submitted.makers
    )
    return await _get(tx, command.id), [told]


async def review_submission(command: Received[ReviewSubmission], tx: Tx) -> tuple[Review, list[Event]]:
    """The juror is who asks: nobody can review in another's name."""
    wanted = command.data
    domain.check_open(await _lock(tx, wanted.submission_id))
    review = Review(
        juror=command.actor,
        scores=wanted.scores,
        score=domain.score(wanted.scores),
        comment=wanted.comment,
        reviewed_at=command.now,
    )
    if not await storage.add_review(tx, wanted.submission_id, review):
        raise Rejected("already_reviewed", "one review for each juror and submission")
    await storage.mark_in_review(tx, wanted.submission_id)
    return review, [ProductReviewed(submission_id=wanted.submission_id, juror=review.juror, score=review.score)]


async def decide_submission(command: Received[DecideSubmission], tx: Tx) -> tuple[Submission, list[Event]]:
    decision = command.data
    submission = await _lock(tx, decision.submission_id)
    state = domain.decide(submission, decision)
    await storage.mark_decided(tx, submission.submission_id, state, decision.reasons, _mark(command))
    told: Event
    if decision.verdict is Verdict.APPROVE:
        told = await _approve(command, submission, tx)
    else:
        told = domain.refusal(submission, decision)
    return await _get(tx, submission.submission_id), [told]


async def set_price(command: Received[SetPrice], tx: Tx) -> tuple[Product, list[Event]]:
    wanted = command.data
    domain.check_price_start(wanted.valid_from, command.now)
    if not await storage.lock_product(tx, wanted.sku):
        raise NotFound("product_unknown", f"no product {wanted.sku}")
    price = Price(price=wanted.price, valid_from=wanted.valid_from)
    if not await storage.add_price(tx, wanted.sku, price, _mark(command)):
        raise Conflict("price_already_set", "another price starts at the same moment; prices are never changed")
    product = await storage.get_product(tx, wanted.sku, command.now)
    assert product is not None
    return product, [PriceChanged(sku=wanted.sku, price=wanted.price, valid_from=wanted.valid_from)]


async def _approve(command: Received[DecideSubmission], submission: Submission, tx: Tx) -> ProductApproved:
    decision = command.data
    assert decision.price is not None
    price = Price(price=decision.price, valid_from=decision.price_from or command.now)
    sku = await _add_product(command, submission, tx)
    await storage.add_price(tx, sku, price, _mark(command))
    return ProductApproved(
        submission_id=submission.submission_id,
        sku=sku,
        title=submission.title,
        craft=submission.craft,
        price=price.price,
        price_from=price.valid_from,
        makers=submission.makers,
    )


async def _add_product(command: Received[DecideSubmission], submission: Submission, tx: Tx) -> str:
    """Under the SKU asked for, or under the craft's next number that nobody has asked for before."""
    asked = command.data.sku
    if asked:
        if not await storage.add_product(tx, asked, submission.submission_id, command.now):
            raise Conflict("sku_taken", f"{asked} is another product's")
        return asked
    while True:
        sku = domain.own_sku(submission.craft, await storage.claim_sku_number(tx, submission.craft))
        if await storage.add_product(tx, sku, submission.submission_id, command.now):
            return sku


async def _lock(tx: Tx, submission_id: UUID) -> Submission:
    return _found(await storage.lock_submission(tx, submission_id), submission_id)


async def _get(tx: Tx, submission_id: UUID) -> Submission:
    return _found(await storage.get_submission(tx, submission_id), submission_id)


def _found(submission: Submission | None, submission_id: UUID) -> Submission:
    if submission is None:
        raise NotFound("submission_unknown", f"no submission {submission_id}")
    return submission


def _mark(command: Received[SubmitProduct] | Received[DecideSubmission] | Received[SetPrice]) -> Mark:
    return Mark(by=command.actor, at=command.now)
