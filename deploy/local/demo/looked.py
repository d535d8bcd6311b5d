"""What the system itself says of the programme when all is done: read, counted, and nothing of it from the plan."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from deploy.local.demo.aftercare import ORDER, candidates
from deploy.local.demo.api import Api, Json
from deploy.local.demo.desk import Desk
from deploy.local.demo.people import MOVER, RUSUN
from deploy.local.demo.programme import Programme
from deploy.local.demo.seed_courses import REISSUED_OF
from deploy.local.demo.seed_people import hand_in
from deploy.local.demo.seed_trials import SHOWN_IN_FULL, WITHDRAWN
from deploy.local.demo.training import AMENDED
from deploy.local.demo.trials import Trial
from deploy.local.state import SetupError

MOST_ASKED = 100
EARLIER_VERSION = (
    "this system holds what an earlier version of the demo has played. "
    "Play this one on a system of its own: KARYA_HOME=another-folder ./karya demo"
)


async def look(desk: Desk, plan: Programme, makers: Sequence[str]) -> Json:
    """Figures and numbers of papers; nobody's name. `makers`: ids in the order of their numbers."""
    api = desk.coordinator
    cohorts = [cohort for cohort in await api.every("/v1/cohorts") if cohort["curriculum"]]
    if not cohorts:
        raise SetupError(EARLIER_VERSION)
    parts = await asyncio.gather(
        _participants(api, plan, makers[MOVER]),
        _courses(api, cohorts),
        _certificate(api, next(cohort for cohort in cohorts if cohort["craft"] == REISSUED_OF)),
        _selection(api, plan.trials),
        _stories(api, plan),
        _accompaniment(desk),
    )
    names = ("participants", "courses", "certificate", "selection", "stories", "accompaniment")
    return dict(zip(names, parts, strict=True))


async def _participants(api: Api, plan: Programme, mover: str) -> Json:
    """The lists' reports, which are answered again."""
    reports = await hand_in(api, plan.people)
    homes = await api.get(f"/v1/makers/{mover}/homes")
    lines = [line | {"rusun": report["rusun"]} for report in reports for line in report["lines"]]
    set_aside = [
        {
            "rusun": line["rusun"],
            "line": line["line"],
            "outcome": line["outcome"],
            "reasons": [f"{fault['field']}: {fault['reason']}" for fault in line["errors"]],
        }
        for line in lines
        if line["outcome"] != "registered"
    ]
    found: Json = {name: sum(r[name] for r in reports) for name in ("registered", "duplicates", "refused")}
    return found | {"set_aside": set_aside, "moved_from_to": [home["rusun"] for home in homes["items"]]}


async def _courses(api: Api, cohorts: Sequence[Json]) -> Json:
    """All of them together."""
    whole = await asyncio.gather(*[api.get(f"/v1/cohorts/{one['cohort_id']}") for one in cohorts])
    overruns = await asyncio.gather(*[api.get(f"/v1/cohorts/{one['cohort_id']}/overruns") for one in cohorts])
    [amended] = [one for one in whole if one["craft"] == AMENDED]
    amendments = await api.every(f"/v1/sessions/{amended['sessions'][0]['session_id']}/amendments")
    states = Counter(enrolment["state"] for one in whole for enrolment in one["enrolments"])
    minutes = ("planned_minutes", "actual_minutes", "overrun_minutes")
    return {
        "cohorts": len(whole),
        "sessions": sum(len(one["sessions"]) for one in whole),
        **{name: sum(one[name] for one in overruns) for name in minutes},
        "enrolments": dict(sorted(states.items())),
        "amendments": len(amendments),
    }


async def _certificate(api: Api, cohort: Json) -> Json:
    """The one that was issued again: its paper, and what stands behind the codes on it and on the one before."""
    whole = await api.get(f"/v1/cohorts/{cohort['cohort_id']}")
    number = max(one["certificate"] for one in whole["enrolments"] if one["certificate"])
    certificate = await api.get(f"/v1/certificates/{number}")
    paper, page, earlier = await asyncio.gather(
        api.file(f"/v1/certificates/{number}/certificate.pdf"),
        api.page(f"/verify/{number}"),
        api.page(f"/verify/{certificate['replaces']}"),
    )
    return {
        "number": number,
        "replaces": certificate["replaces"],
        "is_pdf": paper.startswith(b"%PDF"),
        "is_verified": "This certificate is valid" in page and number in page,
        "earlier_leads_to_it": f"/verify/{number}" in earlier,
    }


async def _selection(api: Api, trials: Sequence[Trial]) -> Json:
    """What became of those that the jury did not take at once."""
    approved = [trial for trial in trials if trial.is_approved]
    wholes = await asyncio.gather(*[_submission(api, trial) for trial in approved])
    refused = await api.every("/v1/submissions", state="rejected")
    ways = [way["kind"] for whole in wholes for way in whole["earlier_way_forward"]]
    cautions = [caution["code"] for one in refused for caution in one["cautions"]]
    return {
        "second_rounds": len([whole for whole in wholes if whole["round"] == 2]),
        "approved_in_second_round": len([whole for whole in wholes if whole["state"] == "approved"]),
        "after_a_remedial_session": ways.count("remedial-session"),
        "refused": len(refused),
        "without_halal_certificate": cautions.count("halal_certificate_missing"),
        "jurors_who_trained_the_maker": len({juror for whole in wholes for juror in whole["may_not_judge"]}),
    }


async def _submission(api: Api, trial: Trial) -> Json:
    product = await api.get(f"/v1/products/{trial.product.sku}")
    return await api.get(f"/v1/submissions/{product['submission_id']}")


async def _stories(api: Api, plan: Programme) -> Json:
    """What there is to show, and two pages as buyers see them: all is agreed to; a name was taken back."""
    products = json.loads(await api.file("/v1/products/export.json"))["products"]
    by_craft = {trial.product.craft: trial for trial in plan.trials}
    shown, withdrawn = by_craft[SHOWN_IN_FULL], by_craft[WITHDRAWN]
    full, nameless = await asyncio.gather(*[api.page(f"/story/{one.product.sku}") for one in (shown, withdrawn)])
    return {
        "products": len(products),
        "with_a_photo": len([product for product in products if product["photos"]]),
        "told": len([product for product in products if product["story_id"] and product["story_en"]]),
        "sku": shown.product.sku,
        "names_its_maker": plan.people[shown.maker].name in full,
        "shows_parts_of_the_price": "Where the money goes" in full,
        "withdrawn_sku": withdrawn.product.sku,
        "withdrawn_names_nobody": plan.people[withdrawn.maker].name not in nameless,
    }


async def _accompaniment(desk: Desk) -> Json:
    """Who has come how far, who needs somebody, who is asked first."""
    api = desk.coordinator
    funnels = await asyncio.gather(desk.funnel(), *[desk.funnel(rusun=rusun.code) for rusun in RUSUN])
    attention, alone, first, proposals = await asyncio.gather(
        api.every("/v1/accompaniment/attention"),
        api.every("/v1/accompaniment/without-companion"),
        candidates(api, MOST_ASKED),
        api.every("/v1/proposals", about=ORDER["about"]),
    )
    return {
        "funnel": {funnel["rusun"] or "all": _steps(funnel) for funnel in funnels},
        "sixty_days_without_income": len(attention),
        "without_companion": len(alone),
        "candidates": len(first["items"]),
        "proposals": [proposal["state"] for proposal in proposals],
        "asked_first": [proposal["maker_id"] for proposal in proposals],
        "longest_without_income": [one["maker_id"] for one in attention[:3]],
    }


def _steps(funnel: Json) -> dict[str, Any]:
    return {step["code"]: step["reached"] for step in funnel["steps"]}
