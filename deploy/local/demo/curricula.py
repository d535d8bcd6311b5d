"""Who teaches, where, and by which curriculum."""

from dataclasses import dataclass, field

from deploy.local.demo.people import RUSUN
from deploy.local.demo.training import PLANNED, REQUIRED_SHARE, WITH_A_PIECE

Plan = dict[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """A craft as it is taught: its trainer, its four sessions, what each maker needs for it."""

    craft: str
    title: str
    trainer: str
    kind: str
    sessions: tuple[str, str, str, str]
    materials: tuple[tuple[str, float, str], ...] = ()
    topics: tuple[str, ...] = ()
    account: str | None = None

    @property
    def code(self) -> str:
        """Of its curriculum."""
        return f"{self.craft}-dasar"

    def curriculum(self) -> Plan:
        """As the gateway takes it."""
        return {
            "code": self.code,
            "craft": self.craft,
            "title": self.title,
            "sessions": [{"title": title, "minutes": PLANNED} for title in self.sessions],
            "materials": [{"name": name, "quantity": much, "unit": unit} for name, much, unit in self.materials],
            "required_share": REQUIRED_SHARE,
            "practical_required": self.craft == WITH_A_PIECE,
            "topics": list(self.topics),
        }

    def teacher(self) -> Plan:
        """Who teaches it."""
        who: Plan = {"name": self.trainer, "kind": self.kind, "crafts": [self.craft]}
        return who | {"account": self.account} if self.account else who


@dataclass(frozen=True, slots=True)
class Hall:
    """The room of a rusun where its courses are held."""

    rusun: str
    name: str
    capacity: int = field(default=40)

    @property
    def code(self) -> str:
        """Of the place."""
        return f"aula-{self.rusun}"

    def place(self) -> Plan:
        """As the gateway takes it."""
        return {"code": self.code, "name": self.name, "rusun": self.rusun, "capacity": self.capacity}


TRAINING_JUROR = "demo-juror-3"
"""The key with which the batik trainer judges, when she may."""

OFFICE, CRAFTER, EXPERT = "industry-office", "professional-crafter", "expert"
SUBJECTS = (
    Subject("batik", "Batik tulis dasar", "Ibu Sulastri", CRAFTER,
            ("Mengenal canting dan malam", "Motif Betawi", "Pewarnaan", "Pelorodan dan penyelesaian"),
            (("kain mori", 2.5, "m"), ("malam", 0.5, "kg"), ("canting", 1, "buah")), account=TRAINING_JUROR),
    Subject("embroidery", "Bordir dan sulam", "Ibu Hartati", CRAFTER,
            ("Tusuk dasar", "Sulam pita", "Bordir mesin", "Taplak dan selendang"),
            (("kain katun", 1.5, "m"), ("benang sulam", 6, "gulung"))),
    Subject("knitting", "Rajut untuk pasar", "Ibu Maryam", OFFICE,
            ("Tusuk rantai", "Membaca pola", "Tas rajut", "Menyambung dan merapikan"),
            (("benang katun", 4, "gulung"),)),
    Subject("sewing", "Menjahit dompet dan tas", "Ibu Suharni", OFFICE,
            ("Mesin dan pola", "Dompet", "Tas belanja", "Ritsleting dan lapisan"),
            (("kain perca", 1, "kg"), ("ritsleting", 3, "buah"))),
    Subject("weaving", "Tenun meja", "Ibu Kusumawati", CRAFTER,
            ("Menghani benang", "Anyaman polos", "Motif lungsi", "Menyelesaikan tepi"),
            (("benang katun", 3, "gulung"),)),
    Subject("newspaper-miniatures", "Miniatur kertas koran", "Bapak Slamet", CRAFTER,
            ("Memilin kertas", "Rangka", "Monas dan becak", "Pelapis dan kemasan"), (("koran bekas", 2, "kg"),)),
    Subject("business", "Kelas usaha pemula", "Ibu Wulandari", EXPERT,
            ("Menghitung harga", "Pembukuan sederhana", "Berjualan di gerai", "Izin usaha"),
            topics=("harga", "pembukuan", "pemasaran", "perizinan")),
)  # fmt: skip
HALLS = tuple(Hall(rusun.code, f"Aula {rusun.name}") for rusun in RUSUN)


def subject_of(craft: str) -> Subject:
    """What is taught of a craft."""
    return next(subject for subject in SUBJECTS if subject.craft == craft)
