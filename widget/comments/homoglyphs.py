"""Letters and digits that look like those of ASCII: our own short list of the well-known ones.

Width, style and marks (fullwidth, mathematical bold, an accent) are no part of it: normalisation takes those away.
"""

_LOOK_ALIKES = {
    "a": "АаΑαɑᴀᎪꓮ",
    "b": "ВЬьΒʙᏴꓐ",
    "c": "СсϹϲᴄᏟꓚⲤⲥ",
    "d": "ԀԁɖđᴅᎠꓓ",
    "e": "ЕеΕɛᴇᎬꓰҽ",
    "f": "ҒғϜƒꜰꓝ",
    "g": "Ԍɡɢցᏻᏽꓖ",
    "h": "НһнΗħʜհᎻꓧⲎ",
    "i": "ІіΙιıɩɪӀӏᎥꓲ",
    "j": "ЈјϳᴊյᎫꓙ",
    "k": "КкΚκƙᴋᏦꓗⲔ",
    "l": "ʟłƚᏞꓡ|ǀ∣ןוا",
    "m": "МмΜϺᴍᎷꓟⲘ",
    "n": "ΝηɴոպꓠПпⲚռ",
    "o": "ОоӨөΟοσøᴏօՕ๐໐০੦௦൦၀٥۵ߋꓳⲞⲟסه〇ⵔ",
    "p": "РрΡρᴘᏢꓑⲢⲣ",
    "q": "ԚԛզԳգ",
    "r": "гʀɾᎡᏒꓣ",
    "s": "ЅѕՏꜱᏚꓢ",
    "t": "ТтΤτŧᴛᎢꓔⲦ",
    "u": "υսՍᴜʋꓴ",
    "v": "ѴѵνᴠᏙꓦ",
    "w": "ԜԝωɯᴡᎳꓪ",
    "x": "ХхΧχᕽꓫⲬ",
    "y": "УуҮүΥγʏꓬ",
    "z": "ΖᴢᏃꓜ",
    "ae": "ÆæӔӕ",
    "oe": "Œœ",
    "2": "Ƨƨ",
    "3": "ЗзƷʒȜ",
    "5": "Ƽƽ",
    "6": "б",
    "8": "Ȣȣ",
}
_ENCLOSED = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
"""Where the alphabets of letters in squares, in black circles, in black squares, and of flags begin."""

LOOK_ALIKES: dict[int, str] = {
    **{ord(char): letter for letter, chars in _LOOK_ALIKES.items() for char in chars},
    **{start + place: chr(ord("a") + place) for start in _ENCLOSED for place in range(26)},
}
"""For `str.translate`."""
