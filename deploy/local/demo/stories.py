"""What buyers read of some products, in both languages, as long as their makers agree to be named."""

from deploy.local.demo.api import Json
from deploy.local.demo.products import Product

OF_CRAFTS = {
    "batik": ("Digambar dengan canting, diwarnai dan dilorod", "Drawn with a canting, dyed and boiled clean"),
    "embroidery": ("Disulam tusuk demi tusuk", "Embroidered stitch by stitch"),
    "knitting": ("Dirajut dengan tangan dari benang katun", "Knitted by hand from cotton yarn"),
    "sewing": ("Dijahit dari kain perca", "Sewn from what tailors leave over"),
    "weaving": ("Ditenun di alat tenun meja", "Woven on a table loom"),
    "newspaper-miniatures": ("Dipilin dari koran bekas", "Rolled from old newspapers"),
}


def story_of(product: Product) -> Json:
    """As the gateway takes it."""
    indonesian, english = OF_CRAFTS[product.craft]
    return {
        "story_id": f"{indonesian}, di rumah susun Jakarta, selama {product.hours} jam.",
        "story_en": f"{english}, in a rental flat in Jakarta, in {product.hours} hours.",
    }
