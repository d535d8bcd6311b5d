"""Who teaches, where, and by which curriculum."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.training.domain.courses import next_version
from services.training.handlers.people import find_rusun
from services.training.storage import teaching as storage
from shared.contracts.message import Event
from shared.contracts.training import TrainersAssigned
from shared.contracts.training.teaching import (
    Curriculum,
    Place,
    RegisterPlace,
    RegisterTrainer,
    SetTrainerAccount,
    Trainer,
    WriteCurriculum,
)
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.runtime.envelope import Received


async def register_trainer(command: Received[RegisterTrainer], tx: Tx) -> tuple[Trainer, list[Event]]:
    """The command's id becomes hers."""
    if not await storage.add_trainer(tx, command):
        raise _account_taken()
    data = command.data
    trainer = Trainer(
        trainer_id=command.id,
        name=data.name,
        kind=data.kind,
        crafts=list(dict.fromkeys(data.crafts)),
        institution=data.institution,
        account=data.account,
    )
    return trainer, []


async def set_trainer_account(command: Received[SetTrainerAccount], tx: Tx) -> tuple[Trainer, list[Event]]:
    """Told for every cohort that she has taught: she judges nobody whom she trained."""
    trainer_id, account = command.data.trainer_id, command.data.account
    trainer = await storage.lock_trainer(tx, trainer_id)
    if trainer is None:
        raise NotFound("trainer_not_found", f"There is no trainer {trainer_id}")
    if await storage.get_trainer_of_account(tx, account) not in (None, trainer_id):
        raise _account_taken()
    cohorts = await storage.lock_cohorts_of(tx, trainer_id)
    await storage.mark_account(tx, command)
    changed = cohorts if trainer.account != account else []
    accounts = await storage.list_accounts(tx, changed)
    return trainer.model_copy(update={"account": account}), assigned(accounts)


async def register_place(command: Received[RegisterPlace], tx: Tx) -> tuple[Place, list[Event]]:
    """A code is given once."""
    if command.data.rusun:
        await find_rusun(tx, command.data.rusun)
    if not await storage.add_place(tx, command):
        raise Conflict("place_taken", f"A place {command.data.code} is registered already")
    return Place.model_validate(command.data.model_dump()), []


async def write_curriculum(command: Received[WriteCurriculum], tx: Tx) -> tuple[Curriculum, list[Event]]:
    """The next version under its code. Cohorts keep the one that they were opened with."""
    await storage.claim_curriculum(tx, command.data.code)
    version = next_version(command.data.craft, await storage.get_curriculum(tx, command.data.code))
    return await storage.add_curriculum(tx, version, command), []


async def find_curriculum(tx: Tx, code: str) -> Curriculum:
    """Its newest version. Raises NotFound."""
    curriculum = await storage.get_curriculum(tx, code)
    if curriculum is None:
        raise NotFound("curriculum_not_found", f"There is no curriculum {code}")
    return curriculum


async def find_trainers(tx: Tx, trainers: Sequence[UUID]) -> dict[UUID, str]:
    """Their names, in the given order. Raises NotFound."""
    names = await storage.list_names(tx, trainers)
    strangers = [str(trainer) for trainer in trainers if trainer not in names]
    if strangers:
        raise NotFound("trainer_not_found", f"There is no trainer {', '.join(strangers)}")
    return {trainer: names[trainer] for trainer in trainers}


async def find_place(tx: Tx, code: str) -> Place:
    """Raises NotFound."""
    place = await storage.get_place(tx, code)
    if place is None:
        raise NotFound("place_not_found", f"There is no place {code}")
    return place


def assigned(accounts: Mapping[UUID, Sequence[str]]) -> list[Event]:
    """By cohort. Those whom nobody teaches who could judge have nothing to tell."""
    return [TrainersAssigned(cohort_id=cohort, accounts=list(names)) for cohort, names in accounts.items()]


def _account_taken() -> Conflict:
    return Conflict("account_taken", "Another trainer judges with this account")
