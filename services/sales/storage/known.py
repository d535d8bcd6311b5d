"""What is known of outlets and products: remembered from batch to batch, for as long as nothing of it has changed."""

from collections.abc import Collection
from uuid import UUID

from services.sales.domain.sales import Known, Outlet, Product
from services.sales.storage import outlets, products, promotions
from shared.db import Tx


class Memory:
    """What was read under one version. Never corrected: a new version gets a new memory."""

    def __init__(self, version: UUID | None) -> None:
        self.version = version
        self.outlets: dict[str, Outlet] = {}
        self.products: dict[str, Product] = {}

    async def learn(self, tx: Tx, codes: Collection[str], skus: Collection[str]) -> None:
        """Reads those that it does not hold. What does not exist is asked for again next time."""
        if new_codes := set(codes) - self.outlets.keys():
            self.outlets |= await outlets.get_outlets(tx, new_codes)
        if new_skus := set(skus) - self.products.keys():
            self.products |= await products.get_products(tx, new_skus)


class Knowledge:
    """The memory of the version that counts now. Versions are unique, so one is enough for any number of databases."""

    def __init__(self) -> None:
        self._memory = Memory(None)

    async def get_known(self, tx: Tx, codes: set[str], skus: set[str], promo_ids: set[str]) -> Known:
        """One look at the version, and nothing else when all of it is remembered.

        What is read may be newer than the version, and is then read again under the next one; it is never older. A
        transaction that began before a change goes on with the memory of its own version and cannot spoil the new one.
        """
        version = await tx.fetchval("SELECT version FROM known")
        if version != self._memory.version:
            self._memory = Memory(version)
        memory = self._memory
        await memory.learn(tx, codes, skus)
        promised = await promotions.get_promotions(tx, promo_ids) if promo_ids else {}
        return Known(memory.outlets, memory.products, promised)
