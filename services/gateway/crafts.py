"""What crafts are called, in both languages."""

from collections.abc import Mapping

from shared.contracts.training import Craft, Language

CRAFTS: Mapping[Language, Mapping[Craft, str]] = {
    Language.INDONESIAN: {
        Craft.BATIK: "Batik",
        Craft.EMBROIDERY: "Bordir dan sulam",
        Craft.KNITTING: "Rajut",
        Craft.SEWING: "Jahit",
        Craft.WEAVING: "Tenun dan anyam",
        Craft.NEWSPAPER_MINIATURES: "Miniatur dari koran bekas",
        Craft.BUSINESS: "Kelas wirausaha pemula",
    },
    Language.ENGLISH: {
        Craft.BATIK: "Batik",
        Craft.EMBROIDERY: "Embroidery",
        Craft.KNITTING: "Knitting",
        Craft.SEWING: "Sewing",
        Craft.WEAVING: "Weaving",
        Craft.NEWSPAPER_MINIATURES: "Miniatures from old newspapers",
        Craft.BUSINESS: "Class for beginner entrepreneurs",
    },
}
