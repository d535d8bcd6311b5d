"""A maker who has earned nothing since her course is looked after, is asked first, and a sale takes her further."""

from datetime import timedelta

from shared import db
from tests.system.conftest import until
from tests.system.scenarios.people import Json
from tests.system.scenarios.world import World, now, today

LONG = 90
SHIFT = """
    WITH held AS (UPDATE cohort SET completed_at = completed_at - $2::interval WHERE cohort_id = $1)
    UPDATE certificate SET issued_on = issued_on - $2::interval WHERE cohort_id = $1
"""


async def complete_a_course(world: World, rusun: str, maker: str) -> str:
    """Of one session, this morning; the cohort's id."""
    began = (now() - timedelta(hours=6)).isoformat()
    plan = {"craft": "batik", "title": "Batik tulis", "rusun": rusun, "trainer": "Bu Sri"}
    cohort = await world.coordinator.post("/v1/cohorts", plan | {"sessions": [{"planned_start": began}]})
    path, session = f"/v1/cohorts/{cohort['cohort_id']}", f"/v1/sessions/{cohort['sessions'][0]['session_id']}"
    await world.coordinator.post(f"{path}/companion", {"companion": "Bu Dini"})
    await world.coordinator.post(f"{path}/enrolments", {"maker_id": maker})
    await world.coordinator.post(f"{session}/attendance", {"entries": [{"maker_id": maker, "status": "present"}]})
    await world.coordinator.post(f"{session}/completion", {"actual_start": began, "actual_minutes": 300})
    await world.coordinator.post(f"{path}/completion")
    return str(cohort["cohort_id"])


async def let_it_be_long_ago(world: World, cohort: str) -> None:
    """Nobody can wait for so long."""
    training = await db.connect(world.endpoints.database_url("training"), "tests")
    await training.execute(SHIFT, cohort, timedelta(days=LONG))
    await training.close()


async def steps(world: World, maker: str) -> dict[str, str]:
    """Those that she has reached, and when."""
    progress: Json = await world.coordinator.get(f"/v1/makers/{maker}/progress")
    return {step["code"]: step["since"] for step in progress["steps"] if step["since"]}


async def test_who_earns_nothing_is_asked_first_and_a_sale_brings_her_to_the_next_step(world: World) -> None:
    rusun = await world.rusun()
    maker = await world.maker(rusun)
    course = await complete_a_course(world, rusun, maker)
    await let_it_be_long_ago(world, course)
    long_ago = (today() - timedelta(days=LONG)).isoformat()

    [seen] = await world.coordinator.every("/v1/accompaniment/attention", rusun=rusun)
    assert (seen["maker_id"], seen["since"], seen["days"], seen["companion"]) == (maker, long_ago, LONG, "Bu Dini")
    assert await steps(world, maker) == {"registration": today().isoformat(), "training": long_ago}

    await visit_and_propose(world, maker)
    sku, till = await world.product(maker), await world.till("citos")
    await world.deliver("citos", {sku: 1})
    await world.report(till, till.sale("ACC-1", sku, 700_000, now()))

    async def marketed() -> bool:
        return (await steps(world, maker)).get("marketing") == today().isoformat()

    await until(marketed, "the marketing step of a maker who has sold something")
    assert await world.coordinator.every("/v1/accompaniment/attention", rusun=rusun) == []
    accompaniment = await world.coordinator.get(f"/v1/makers/{maker}/accompaniment")
    assert accompaniment["last_income"] == today().isoformat()
    funnel = await world.finance.get("/v1/funnel", rusun=rusun)
    assert [step["reached"] for step in funnel["steps"]] == [1, 1, 1, 0, 1, 0, 0]


async def visit_and_propose(world: World, maker: str) -> None:
    """Her companion comes, agrees on something and offers her an order, of which she is told."""
    agreed = {"what": "Foto produk", "due_on": today().isoformat()}
    visited = {"visited_on": today().isoformat(), "companion": "Bu Dini", "kind": "visit", "next_steps": [agreed]}
    await world.coordinator.post(f"/v1/makers/{maker}/visits", visited)
    [due] = await world.coordinator.every("/v1/companions/Bu Dini/agenda", to=today().isoformat())
    await world.coordinator.post(f"/v1/next-steps/{due['step_id']}/done")
    candidates = await world.coordinator.every("/v1/accompaniment/candidates", **{"for": "order", "craft": "batik"})
    assert maker in [candidate["maker_id"] for candidate in candidates if candidate["standing"] == "without-income"]

    order = {"kind": "order", "about": f"B2B-{maker[:8]}", "due_on": today().isoformat()}
    await world.coordinator.post("/v1/proposals", order | {"maker_id": maker, "passed_over": "other scenarios' makers"})

    await world.books.told(maker, "proposal-made", 1)
