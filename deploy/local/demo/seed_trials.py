"""Submissions with a history: a juror who may not judge, a second round, a session that helps, a law that says no."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from deploy.local.demo.api import Api, Json
from deploy.local.demo.desk import Desk
from deploy.local.demo.seed_products import approval, hand_in, score, scores_of
from deploy.local.demo.stories import story_of
from deploy.local.demo.trials import REMEDIAL, Trial, again
from deploy.local.state import SetupError

SHOWN_IN_FULL, WITHDRAWN = "batik", "newspaper-miniatures"
"""Whose maker agrees to be named and to show what she gets; whose maker has taken her name back."""

TITLE = "Sesi perbaikan: mengunci warna"
MINUTES = 120
TRIES, PAUSE = 100, 0.1
TRAINED, NOT_HALAL = "juror_trained_maker", "halal_certificate_missing"


async def try_out(desk: Desk, trial: Trial, makers: Sequence[str], now: datetime) -> None:
    """From its first round to what became of it."""
    api, product = desk.coordinator, trial.product
    path = await hand_in(api, product, makers, trial.animal)
    whole = await api.get(path)
    if not whole["decided_at"] and whole["round"] == 1:
        await _first_round(desk, trial, path)
    cohort = await _find_session(api, product.craft, makers[trial.maker], now) if trial.remedial else None
    await api.post(f"{path}/decision", _sent_back(trial, cohort), f"decision/{product.sku}")
    if not trial.is_approved:
        return
    if cohort:
        await _help(api, cohort, makers[trial.maker])
    anew: Json = {"what_changed": trial.changed, "asking_price": trial.price}
    await api.post(f"{path}/rounds", anew, f"round/{product.sku}")
    await score(desk, path, again(), f"{product.sku}/2")
    await api.post(f"{path}/decision", approval(product.sku, trial.price), f"decision/{product.sku}/2")
    await _tell(api, trial, makers[trial.maker])


async def _first_round(desk: Desk, trial: Trial, path: str) -> None:
    """Whoever trained the maker is refused as a juror, and what the law forbids is not approved."""
    review = trial.product.reviews[0]
    if trial.product.craft == REMEDIAL:
        await _wait_until_known(desk.coordinator, path)
        code = await desk.jurors[-1].refusal(f"{path}/reviews", scores_of(review))
        _expect(code, TRAINED, "a review by the trainer")
    await score(desk, path, review, trial.product.sku)
    if trial.animal:
        code = await desk.coordinator.refusal(f"{path}/decision", approval(trial.product.sku, trial.price))
        _expect(code, NOT_HALAL, "an approval without halal certificate")


async def _wait_until_known(api: Api, path: str) -> None:
    """Until selection has heard who trained whom."""
    for _ in range(TRIES):
        if (await api.get(path))["may_not_judge"]:
            return
        await asyncio.sleep(PAUSE)
    raise SetupError("the catalog has not heard who trained whom. See: ./karya logs catalog")


def _expect(code: str, wanted: str, what: str) -> None:
    if code != wanted:
        raise SetupError(f"{what} should have been refused with {wanted}, and was {code or 'taken'}")


def _sent_back(trial: Trial, cohort: Json | None) -> Json:
    """With its reasons and a way forward, in both languages."""
    product = trial.product
    way: Json = {"kind": "advice", "text": product.advice, "text_en": trial.advice_en}
    if cohort:
        way |= {"kind": "remedial-session", "cohort_id": cohort["cohort_id"]}
    return {"verdict": product.verdict, "reasons": list(product.reasons), "way_forward": [way]}


async def _find_session(api: Api, craft: str, maker_id: str, now: datetime) -> Json:
    """The session that helps: the one that there is, or a new one, two hours ago, where the maker lives."""
    cohorts = await api.every("/v1/cohorts", craft=craft)
    there = [cohort for cohort in cohorts if cohort["title"] == TITLE]
    if there:
        return await api.get(f"/v1/cohorts/{there[0]['cohort_id']}")
    [trainer] = await api.every("/v1/trainers", craft=craft)
    start = (now - timedelta(minutes=MINUTES)).isoformat()
    plan = {
        "craft": craft,
        "title": TITLE,
        "rusun": (await api.get(f"/v1/makers/{maker_id}"))["rusun"],
        "trainers": [trainer["trainer_id"]],
        "capacity": 10,
        "sessions": [{"planned_start": start, "planned_minutes": MINUTES}],
    }
    return await api.post("/v1/cohorts", plan, f"remedial/{start}")


async def _help(api: Api, cohort: Json, maker_id: str) -> None:
    """She comes to it. The cohort stays open for whoever is sent there next."""
    [session] = cohort["sessions"]
    seat = {"maker_id": maker_id, "since": session["planned_start"][:10]}
    await api.post(f"/v1/cohorts/{cohort['cohort_id']}/enrolments", seat, "remedial/enrolment")
    path = f"/v1/sessions/{session['session_id']}"
    here = {"entries": [{"maker_id": maker_id, "status": "present"}]}
    await api.post(f"{path}/attendance", here, "remedial/attendance")
    held = {"actual_start": session["planned_start"], "actual_minutes": MINUTES}
    await api.post(f"{path}/completion", held, "remedial/held")


async def _tell(api: Api, trial: Trial, maker_id: str) -> None:
    """Its story in both languages, and what its maker agrees to: her name, her part of the price."""
    craft, path = trial.product.craft, f"/v1/makers/{maker_id}/consents"
    for purpose in ("public-name", "price-parts"):
        said = {"purpose": purpose, "granted": True, "note": "Formulir ditandatangani"}
        await api.post(path, said, f"consent/{craft}/{purpose}")
    await api.post(f"/v1/products/{trial.product.sku}/story", story_of(trial.product), f"story/{trial.product.sku}")
    if craft == WITHDRAWN:
        said = {"purpose": "public-name", "granted": False, "note": "Lewat telepon"}
        await api.post(path, said, f"withdrawal/{craft}/public-name")
