"""Passwords that everybody tries first, told by rules: a common word dressed up, a walk on the keyboard, a date.

Whoever guesses has lists of millions, and nearly all of what stands at their top is made one of these ways; so no list
is shipped, but the ways. The words are ours, written by hand: what people are called, love, follow and sit in front
of, and the words of this product.
"""

import re

_WORDS = """
password passwort passcode passphrase pass pwd parola senha motdepasse wachtwoord contrasena hunter letmein letmeinnow
welcome willkommen bienvenue hello hallo hola bonjour goodbye iloveyou iloveme loveyou loveme lovely love lover
forever
friends friend family mother father brother sister mama mommy daddy baby babygirl babyboy angel angels heaven jesus
jesuschrist christ god godisgood blessed bless faith hope trust trustno trustnoone secret topsecret nosecret private
secure security access login logon signin account user username guest test tester testing demo sample example temp
temporary change changeme changeit default admin administrator adminadmin root toor superuser super supervisor master
mastermaster manager boss chief captain computer laptop internet server system network windows microsoft apple google
facebook instagram twitter youtube linkedin samsung iphone android nokia sony nintendo playstation pokemon pikachu
mario
minecraft fortnite roblox warcraft starcraft counterstrike zelda sonic tetris
football soccer baseball basketball hockey tennis golf rugby cricket volleyball liverpool chelsea arsenal manchester
manchesterunited everton barcelona realmadrid juventus bayern dortmund schalke ajax celtic rangers yankees lakers
cowboys
steelers eagles packers patriots redsox bulls
monkey dragon tiger lion eagle falcon wolf bear panda dolphin shark horse kitty kitten puppy doggy dog cat fish bird
butterfly spider snake turtle rabbit chicken tigger snoopy scooby garfield mickey minnie donald bambi simba
batman superman spiderman ironman wolverine deadpool joker hulk thor starwars startrek skywalker vader jedi yoda
matrix
gandalf frodo harrypotter hogwarts potter merlin ninja samurai warrior wizard princess prince queen king knight
sunshine sunflower rainbow flower flowers rose daisy lily summer winter spring autumn herbst sommer fruehling season
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday weekend holiday christmas halloween birthday
michael jennifer jessica ashley amanda daniel joshua andrew matthew anthony robert thomas william richard charles
joseph
david george jordan jackson justin brandon nicole michelle melissa stephanie elizabeth samantha danielle rebecca
natasha
victoria vanessa alexander alexandra alex maria anna sophie sophia emma oliver olivia lucas felix max maximilian
charlie
charlotte hannah laura sarah sara julia martin peter patrick steven kevin brian nathan sebastian benjamin samuel
gabriel
isabella andrea claudia sandra monica veronica carlos fernando alejandro roberto francisco antonio giovanni francesco
muhammad mohamed ahmed fatima ibrahim mustafa
orange banana cherry cookie cookies chocolate candy sugar honey pepper cheese coffee pizza pasta whiskey vodka
purple yellow green blue black white silver golden diamond crystal money dollar million lucky winner number one
london paris berlin hamburg munich vienna zurich madrid roma italia france germany deutschland england ireland
scotland
america american canada mexico brasil texas california florida newyork chicago boston dallas houston phoenix australia
ferrari porsche mercedes bmw audi volkswagen mustang corvette camaro harley yamaha kawasaki honda toyota
metallica nirvana slipknot eminem beatles madonna elvis music guitar drums dance rock rocknroll punk
freedom liberty peace happy smile beautiful awesome cool crazy sexy hottie hotstuff nothing something whatever asshole
fuckyou fuckoff fuck bitch shit killer slayer death devil satan ghost zombie vampire blink shadow phantom
qwerty qwertz azerty abc abcd abcde abcdef abcdefg
comment comments commenter commentary commentwidget commentserver widget widgets embed iframe moderator moderators
moderate moderation moderateur moderieren queue spam reader readers thread threads disqus wordpress blog blogger
guestbook
gaestebuch editor editorial newsroom newspaper journal journalist redaktion zeitung website webmaster webserver
postgres postgresql sqlite mysql database python docker kubernetes linux ubuntu debian
correcthorsebatterystaple correcthorse batterystaple
"""

_ROWS = (
    *(
        "1234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qwertzuiop",
        "yxcvbnm",
        "azertyuiop",
        "qsdfghjklm",
        "wxcvbn",
    ),
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789"),
    *(
        "1qaz",
        "2wsx",
        "3edc",
        "4rfv",
        "5tgb",
        "6yhn",
        "7ujm",
        "147",
        "258",
        "369",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6",
    ),
)
_SHORTEST_RUN = 3
_FEWEST_DIFFERENT = 4
_LONGEST_DRESS = 6
_LONGEST_NUMBER = 10
_LEET = str.maketrans("013457@$!|+€", "oieastasilte")
_LEET_L = str.maketrans("013457@$!|+€", "oleastasllte")
_DRESS = re.compile(r"[\W\d_]*")

COMMON_WORDS = frozenset(_WORDS.split())
_RUNS = frozenset(
    line[start : start + _SHORTEST_RUN]
    for row in _ROWS
    for line in (row, row[::-1])
    for start in range(len(line) - _SHORTEST_RUN + 1)
)


def is_common(password: str) -> bool:
    """Whether this is among the first that anybody tries."""
    folded = password.casefold()
    return (
        len(set(folded)) < _FEWEST_DIFFERENT
        or (folded.isdigit() and len(folded) <= _LONGEST_NUMBER)
        or _is_dressed_word(folded)
        or _is_walk(folded)
        or _is_repeated(folded)
    )


def _is_dressed_word(folded: str) -> bool:
    """`summer2026!`, `P@ssw0rd`, `123monkey`, `admin-admin`: words with few other signs around or between them."""
    for text in (folded, folded.translate(_LEET), folded.translate(_LEET_L), folded.rstrip("0123456789!?.*#")):
        dress = len(text) - sum(sign.isalpha() for sign in text)
        if dress <= _LONGEST_DRESS and _is_words(_DRESS.sub("", text)):
            return True
    undressed = folded.strip("0123456789!?.,*#_- ")
    few = len(folded) - len(undressed) <= _LONGEST_DRESS
    return few and any(_is_words(undressed.translate(table)) for table in (_LEET, _LEET_L))


def _is_words(letters: str) -> bool:
    """One common word, or one said twice, or two short ones."""
    if letters in COMMON_WORDS:
        return True
    halves = ((letters[:cut], letters[cut:]) for cut in range(3, len(letters) - 2))
    return any(one in COMMON_WORDS and (other == one or _is_short_pair(one, other)) for one, other in halves)


def _is_short_pair(one: str, other: str) -> bool:
    return other in COMMON_WORDS and len(one) + len(other) <= 12


def _is_walk(folded: str) -> bool:
    """Every sign belongs to a run of three on the keyboard or in the alphabet, either way, but for four at the most."""
    covered = [False] * len(folded)
    for start in range(len(folded) - _SHORTEST_RUN + 1):
        if folded[start : start + _SHORTEST_RUN] in _RUNS:
            covered[start : start + _SHORTEST_RUN] = [True] * _SHORTEST_RUN
    bare = covered.count(False)
    return bare <= min(2, len(folded) // 4)


def _is_repeated(folded: str) -> bool:
    """The same few signs over and over: `abc1abc1abc1`."""
    return any(
        folded == (folded[:length] * len(folded))[: len(folded)] for length in range(1, min(5, len(folded) // 2 + 1))
    )
