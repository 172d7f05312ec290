"""Passwords that everybody tries first. Written by hand: keyboards, names, seasons, and the words of this product."""

_WORDS = """
password passwort passw0rd p@ssw0rd p@ssword pa$$word password! mypassword thepassword newpassword oldpassword
letmein! letmeinnow welcome1 welcome! willkommen hello123 hellohello iloveyou ilovejesus trustno1 whatever nothing1
qwertyuiop qwerty123 qwerty12 qwertzuiop asdfghjkl asdfasdf zxcvbnm, yxcvbnm, 1q2w3e4r 1qaz2wsx q1w2e3r4 qazwsxedc
abcdefgh abcdefghij abcd1234 abc12345 aaaabbbb test1234 testtest testing1 tester12 changeme changeme! changeit
default1 secret12 secret123 secretpassword topsecret nosecret master12 mastermaster superman superuser
batman123 starwars spiderman football baseball basketball princess sunshine shadow12 dragon12 monkey12 butterfly
chocolate computer internet samsung1 michelle jennifer jessica1 alexander michael1 charlie1 liverpool arsenal1
summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2025 spring2026 autumn2025 autumn2026
january1 december monday12 friday13 administrator admin123 admin1234 adminadmin rootroot root1234 toor1234
manager1 moderator moderator1 moderate moderation moderateur comments comment1 commentwidget comment-widget
commentserver widget123 widgetwidget disqus123 wordpress wordpress1 guestbook postgres postgresql website1
correcthorsebatterystaple
"""

COMMON_PASSWORDS = frozenset(_WORDS.split())
"""Lower case. Passwords shorter than eight characters are refused anyway."""
