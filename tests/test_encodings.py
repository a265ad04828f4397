"""Is a file in an old encoding read in it? Names and words of sales files in 27 languages, in the encodings of their systems."""

from __future__ import annotations

import pytest

from salesnb.intake.reading import decoding

# language → words as they stand in files: companies, towns, people, headings
WORDS = {
    "de": "Müller Bäcker GmbH|Schröder KG|Straßenbau Köln|Düsseldorf|Österreich|Größe Übersicht|Würzburg|Krüger Söhne",
    "fr": "Société Générale|Café Crème|Évry|Orléans|Besançon|Nîmes Métropole|Hôtel de Ville|Télécoms du Rhône",
    "es": "Compañía Española|Málaga|Córdoba|García Núñez|León|Logroño|Construcción|Información técnica",
    "pt": "São Paulo|Comércio Construções|Conceição|João Guimarães|Goiânia|Indústria Química",
    "sv": "Göteborg|Malmö|Västerås|Jönköping Bygg|Åkesson|Öresund",
    "da": "Århus Køkken|Sønderjylland|Ærø|København Møbler|Håndværk",
    "pl": "Łódź|Gdańsk|Kraków Sprzedaż|Wrocław|Spółka Budowlana|Święty Józef|Żółkiewski Dąb|Zażółć gęślą jaźń",
    "cs": "Plzeň Škoda|České Budějovice|Dvořák Žižkov|Ústí nad Labem|Přerov|Společnost příště|Jiří Novák Strojírny",
    "hu": "Győr Gépgyár|Székesfehérvár|Kovács Műhely|Debrecen Építő|Szűcs Zöldség|Körös Fűszer|Nyíregyháza",
    "ro": "Construcţii Bucureşti|Iaşi|Târgu Mureş|Timişoara|Băcău|Întreprindere",
    "hr": "Šibenik|Županja Čakovec|Đakovo|Poduzeće Građevina|Križevci",
    "tr": "Şişecam Güneş Işık|İstanbul|Diyarbakır|Müşteri Değer|Çağrı İnşaat|Yıldız Ağaç|Kocaeli Üretim",
    "lt": "Žalgiris|Šiauliai Panevėžys|Klaipėda Įmonė|Ąžuolas Ūkis",
    "lv": "Rīga Būvniecība|Ķemeri|Jūrmala Ļaudonas|Šķēde",
    "et": "Põlva Õlu|Võru Mööbel|Jõgeva Äri|Šokolaad Žürii",
    "ru": "Москва Заказ|Новосибирск|Общество с ограниченной ответственностью|Торговый дом Восток|Екатеринбург|Иванов и сыновья|Стройматериалы|Юлия Щербакова",
    "uk": "Київ|Запоріжжя Металургія|Львів Кав’ярня|Чернігів|Україна Їжа",
    "bg": "София Търговия|Пловдив|Варна Строител|България",
    "el": "Αθήνα|Θεσσαλονίκη Εμπορική|Ελληνική Εταιρεία|Πάτρα|Ηράκλειο Κρήτη|Παπαδόπουλος",
    "he": "תל אביב|ירושלים|חברת בניה בעמ|כהן ושות|משרד ראשי|חיפה תעשיות|רמת גן|שיווק והפצה",
    "ar": "شركة التجارة|القاهرة|الرياض للمقاولات|محمد علي|الإسكندرية|مؤسسة النور|دبي|مبيعات الشمال",
    "fa": "تهران|شرکت پارس|اصفهان|گروه صنعتی",
    "th": "กรุงเทพมหานคร|บริษัท สยาม จำกัด|เชียงใหม่|ลูกค้า|ขอนแก่น|ธนาคารกสิกร|สินค้า|พิษณุโลก",
    "ja": "東京本社|株式会社山田商店|大阪営業所|トヨタ自動車|サンプル株式会社|田中太郎|北海道支店|売上高|新潟|ソフトウェア|横浜市|鈴木商事",
    "ko": "서울특별시|삼성전자|주식회사 한국상사|부산영업소|김철수|대전지점|매출액|현대자동차|인천|고객사",
    "zh": "北京科技|甲机电有限公司|上海贸易公司|张三|广州市天河区|销售额|深圳华强|南京|客户名称|李四贸易|机电设备|东莞电子厂|杭州",
    "zh_Hant": "甲機電有限公司|臺北市|國泰貿易|陳先生|高雄|電子工業|銷售額|香港中環|聯華實業",
}
# encoding → the languages of the files that come in it
ENCODINGS = {
    "cp1252": "de fr es pt sv da",
    "iso8859_15": "fr",
    "mac_roman": "de fr es pt sv",
    "cp850": "de fr es pt sv da",
    "cp1250": "pl cs hu ro hr",
    "iso8859_2": "pl cs hu hr ro",
    "cp852": "pl cs hu hr",
    "cp1254": "tr",
    "cp1257": "lt lv et",
    "cp1251": "ru uk bg",
    "koi8_r": "ru",
    "cp866": "ru",
    "cp1253": "el",
    "iso8859_7": "el",
    "cp1255": "he",
    "cp1256": "ar fa",
    "cp874": "th",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
    "gb18030": "zh",
    "big5hkscs": "zh_Hant",
    "iso2022_jp": "ja",
}


def files(encoding: str, language: str, *, words: int) -> list[tuple[str, bytes]]:
    """The texts of so many words each that the encoding can write and that are not ASCII alone, with their bytes."""
    listed = WORDS[language].split("|")
    starts = range(max(1, len(listed) - words + 1))
    texts = [
        "account_id,account_name,region\n"
        + "".join(f"A{place},{word},East\n" for place, word in enumerate(listed[first : first + words]))
        for first in starts
    ]
    made = []
    for text in texts:
        try:
            made.append((text, text.encode(encoding)))
        except UnicodeEncodeError:
            continue  # a town of another country's alphabet
    return made


CASES = [(encoding, language) for encoding, listed in ENCODINGS.items() for language in listed.split()]


@pytest.mark.parametrize(("encoding", "language"), CASES, ids="-".join)
def test_a_list_of_names_is_read_in_its_encoding(encoding: str, language: str) -> None:
    for text, data in files(encoding, language, words=len(WORDS[language])):
        decoded = decoding.decode(data, name="accounts.csv", chinese=language.startswith("zh"))
        assert decoded.text == text
        assert decoded.note(name="accounts.csv") is not None


def test_three_names_are_nearly_always_enough_and_what_was_read_is_always_told() -> None:
    tried, wrong = 0, []
    for encoding, language in CASES:
        for text, data in files(encoding, language, words=3):
            decoded = decoding.decode(data, name="accounts.csv", chinese=language.startswith("zh"))
            tried += 1
            assert decoded.note(name="accounts.csv") is not None
            wrong += [] if decoded.text == text else [(encoding, decoded.encoding, text.split("\n")[1:3])]
    assert tried > 200
    assert len(wrong) <= 0.02 * tried, wrong
