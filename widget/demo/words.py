"""The comments of the demonstration thread, in three languages, with every state that a thread can show."""

from dataclasses import dataclass

from widget.comments.comment import State


@dataclass(frozen=True, slots=True)
class Sample:
    """A comment of the demonstration: its name in this list, what it answers, and how many minutes ago it was written."""

    key: str
    parent: str
    author: str
    minutes_ago: int
    text: str
    state: State = State.APPROVED


SAMPLES = (
    Sample(
        "wait",
        "",
        "Ingrid Solheim",
        3 * 24 * 60,
        "Twenty-two years I have waited for this line. My morning walk to the ferry is now **eleven minutes by tram**, "
        "and the drivers wave back.",
    ),
    Sample(
        "bell",
        "wait",
        "Tomasz",
        3 * 24 * 60 - 50,
        "They wave, and they ring. The bell at the fish market corner starts at 5:12. Every day.\n\n"
        "> eleven minutes by tram\n\nEleven minutes earlier than I meant to wake up, too.",
    ),
    Sample("earplugs", "bell", "Ingrid Solheim", 3 * 24 * 60 - 70, "I'll bring you earplugs. And *kanelboller*."),
    Sample(
        "market", "earplugs", "Oyelaran", 2 * 24 * 60, "Can confirm: the buns are real. Ask for the ones with cardamom."
    ),
    Sample("deep", "market", "Tomasz", 2 * 24 * 60 - 30, "Then I take back what I said about the bell."),
    Sample("deeper", "deep", "Ingrid Solheim", 2 * 24 * 60 - 45, "For how long?"),
    Sample("deepest", "deeper", "Tomasz", 2 * 24 * 60 - 48, "Until 5:12."),
    Sample(
        "fahrplan",
        "",
        "Friederike Aschenbach",
        30 * 60,
        "Beim Fahrplan wurde leider gespart: Nach 22 Uhr fährt nur noch jede Stunde eine Bahn. Wer im Krankenhaus "
        "Spätdienst hat, steht also weiter im Regen. Sinnvoll wäre:\n\n"
        "1. halbstündlich bis Mitternacht,\n2. ein Anschluss an die letzte Fähre,\n3. ein Dach an der Haltestelle *Alter Kai*.",
    ),
    Sample("dach", "fahrplan", "Jens", 28 * 60, "Das Dach kommt im Mai, steht im Haushalt. Die Taktfrage ist offen."),
    Sample("gone", "", "Kurt", 26 * 60, "Whoever drew these stops has never met a pram.", State.DELETED),
    Sample(
        "pram",
        "gone",
        "Amina Yusuf",
        25 * 60,
        "The stop at Ropewalk has a ramp, it's just on the *wrong side* of the kiosk. I asked, they are moving the kiosk.",
    ),
    Sample(
        "arabic",
        "",
        "ليلى حدّاد",
        20 * 60,
        "شكراً على هذا المقال. وصلتُ أمس إلى الميناء في عشر دقائق بدل نصف ساعة، لكن اللوحات لا تزال بلغة واحدة فقط. "
        "هل ستُضاف لغات أخرى؟",
    ),
    Sample(
        "signs",
        "arabic",
        "Sam Okafor",
        19 * 60,
        "Asked at the information desk today: signs in five languages, from spring.",
    ),
    Sample(
        "long",
        "",
        "H. Vandermeer",
        9 * 60,
        "I drove the last number 4 in 1961, so allow an old man a longer comment.\n\n"
        "We turned at the rope walk, where the new depot stands. There was no shelter, no heating, and the points at the "
        "fish market froze from November on; you climbed down with an iron bar and talked to them. In December we carried "
        "the post for the islands, and on the last Sunday before Christmas a goose, alive, which belonged to the harbour "
        "master and travelled without a ticket.\n\n"
        "When they took the rails up they told us that buses were *flexible*. They were. They flexed around the new "
        "car parks, then around the ring road, and in the end they flexed past the harbour altogether, and for forty "
        "years the people out here walked.\n\n"
        "So when I read that the new line is “three minutes slower than modelled”, I have to smile. Three minutes! "
        "I have waited longer than that for the goose to get off. What matters is not the three minutes. What matters is:\n\n"
        "- that it runs when it rains,\n- that it runs when there is no money in running it,\n"
        "- and that somebody who can't drive gets to the sea.\n\n"
        "I rode the first tram on Monday. I sat behind the driver, which is not allowed, and she let me. At the rope walk "
        "she asked whether it was as I remembered. I said the seats were softer. I did not say that I had to look out of "
        "the window for a while.\n\n"
        "Build the second line. Don't wait sixty years.",
    ),
    Sample("driver", "long", "Number 4, driver 117", 8 * 60, "You may sit behind me any day. Bring the goose."),
    Sample(
        "code",
        "",
        "m-k",
        5 * 60,
        "For anybody who wants the departures on a screen at home, they are plain text:\n\n"
        "```\ncurl https://departures.example/stop/ropewalk\n```\n\nOne line per tram, `stop;line;minutes`.",
    ),
    Sample("short", "", "", 40, "Good article, thank you."),
    Sample(
        "pending",
        "",
        "Bargain Betty",
        12,
        "Great read!! Season tickets at half price: https://tickets.example/half and https://tickets.example/more",
        State.PENDING,
    ),
)
