"""Who is at home in the demo shop. All of them are invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A member; ``days`` ago they joined. Some want to be seen by nobody."""

    username: str
    name: str
    days: int
    about: str = ""
    is_public: bool = True


PEOPLE = (
    Person(
        "mara.lindqvist", "Mara Lindqvist", 89, "Hangs pictures for a living, crooked ones at home."
    ),
    Person(
        "tobi_okafor", "Tobi Okafor", 88, "Architect. Draws houses all day, buys pictures of moons."
    ),
    Person("ines.aydin", "Ines Aydın", 86, "A hallway of four metres, and it is nearly full."),
    Person("yusuf.k", "Yusuf Karim", 85, "Night trains, long books, black frames."),
    Person(
        "lena.paper",
        "Lena Brandt",
        84,
        "Bookbinder. I look at the paper first and at the picture second.",
    ),
    Person(
        "sunita_r", "Sunita Rao", 80, "Botanist. I count the leaves, and so far they are right."
    ),
    Person("okoro.b", "Blessing Okoro", 77, "Two children, one white wall, a truce."),
    Person(
        "hanna.vries",
        "Hanna de Vries",
        74,
        "From the flattest country there is, hence the mountains.",
    ),
    Person("pieter.noon", "Pieter Noon", 71, "Listens to whole records. Yes, both sides."),
    Person("junpark", "Jun Park", 68, "Type, grids, and now and then a curve."),
    Person(
        "sol.rivera",
        "Sol Rivera",
        66,
        "Painter of walls. You choose the picture, I choose the colour behind it.",
    ),
    Person("bea.moss", "Bea Moss", 61, "Moss is my real name, green my real colour."),
    Person(
        "fintan", "Fintan Daly", 57, "Keeps a lighthouse museum open and its walls interesting."
    ),
    Person("amira.s", "Amira Saleh", 54, "Writes letters. Owes most of her friends one."),
    Person("noor.j", "Noor Jansen", 50, "A desk by the window, a print above it, tea."),
    Person("wanda.kos", "Wanda Kos", 46, "Retired geologist. The contour lines are plausible."),
    Person("elio.f", "Elio Ferrara", 42, "Cooks below an olive branch."),
    Person("greta.holm", "Greta Holm", 38, "Stars, preferably for an hour."),
    Person("ravi.n", "Ravi Nair", 33, "Physicist. Waves of every kind."),
    Person("celeste.d", "Celeste Dumont", 29, "Has moved eleven times; the prints moved with her."),
    Person(
        "oskar.lu",
        "Oskar Lund",
        24,
        "Joiner. I made a frame for one of these and then bought theirs.",
    ),
    Person("thea.o", "Thea Osei", 18, "First flat, first nail, first picture."),
    Person("minh.tran", "Minh Tran", 12, "Teaches drawing to people who say they cannot draw."),
    Person("dario.quist", "Dario Quist", 6, "New here. Looking for something large and quiet."),
    Person("quiet.reader", "Alma Weiss", 63, is_public=False),
    Person("j_hollis", "Jo Hollis", 48, is_public=False),
    Person("b.ferro", "Bruno Ferro", 31, is_public=False),
    Person("kim.eun", "Kim Eun-ji", 15, is_public=False),
)
# Faces are drawn by name; these suit somebody else better.
_SWAPPED = (
    ("lena.paper", "elio.f"),
    ("wanda.kos", "fintan"),
    ("sunita_r", "noor.j"),
    ("tobi_okafor", "ravi.n"),
    ("celeste.d", "dario.quist"),
)
FACES = {**dict(_SWAPPED), **{second: first for first, second in _SWAPPED}}
# Whom many follow.
POPULAR = ("mara.lindqvist", "lena.paper", "sunita_r", "sol.rivera", "junpark")

# Who lets others see what they buy.
SHOW_PURCHASES = (
    "mara.lindqvist",
    "ines.aydin",
    "sol.rivera",
    "greta.holm",
    "oskar.lu",
    "bea.moss",
)

# By whom, what it is called, whether others may see it by its link, and what is on it.
WISH_LISTS = (
    (
        "mara.lindqvist",
        "For the stairs",
        True,
        ("RIDGE", "CONTOUR", "DUNE", "UNDERTOW", "REDBRIDGE"),
    ),
    ("ines.aydin", "The last metre of hallway", True, ("TIDE", "MOONSAND")),
    ("okoro.b", "When the children are older", False, ("LAGOON", "QUARTER", "BELOW", "CARP")),
    ("sunita_r", "Leaves I have counted", True, ("FERN", "OLIVE", "MEADOW", "FIRSTFROST")),
    ("noor.j", "Above the desk", False, ("SKYLINE", "STUDY")),
    ("greta.holm", "Night", True, ("TRAILS", "AURORA", "MOONS", "HARVEST", "ORBITS", "STARCHART")),
    ("celeste.d", "Flat number twelve", False, ("RIVERTOWN", "OVERPRINT")),
    ("thea.o", "Birthday, hint, hint", True, ("QUARTER", "NOTEBOOK", "CARDS", "NIGHTCAT", "TWIGS")),
    ("quiet.reader", "Wishes", False, ("SIDEA", "SIGNAL")),
)

_NAMES = """
anna.k bela.toth carmen.v david.o edda.l farid.m gwen.t hugo.p iris.b jonas.w kaya.d liam.s mona.r
nils.e olga.c pavel.z
"""
SUBSCRIBERS = tuple(f"{name}@example.com" for name in _NAMES.split())
# Members who get it too.
READERS = ("mara.lindqvist", "lena.paper", "elio.f", "quiet.reader")

# For which SKU that is sold out, and since how many days; the longest wait first.
WAITING = (
    ("FIRSTFROST-A3", "greta.holm", 26),
    ("FIRSTFROST-50X70", "hanna.vries", 20),
    ("FIRSTFROST-A3", "sunita_r", 9),
    ("DUNE-70X100-BLACK", "sol.rivera", 5),
)
