"""What are the demo company's customers and people called? Invented names, most in Latin letters, some in Chinese."""

from __future__ import annotations

import numpy as np

REP_NAMES = (
    "Chen Wei", "Liu Yang", "Zhang Min", "王芳", "Zhao Lei", "Sun Jing", "Zhou Tao", "Wu Xia", "李娜", "Zheng Hao",
    "Feng Yan", "Han Bo", "Cao Rui", "Lin Mei", "黄志强", "Guo Peng", "He Ling", "Ma Chao", "Luo Dan", "Xie Fei",
    "Tang Jun", "杨秀英", "Deng Hui", "Xu Kai", "Peng Gang",
)  # fmt: skip
CITIES = (
    ("Shanghai", "上海"), ("Suzhou", "苏州"), ("Ningbo", "宁波"), ("Wuxi", "无锡"), ("Hangzhou", "杭州"),
    ("Tianjin", "天津"), ("Dalian", "大连"), ("Qingdao", "青岛"), ("Shenzhen", "深圳"), ("Foshan", "佛山"),
    ("Chengdu", "成都"), ("Chongqing", "重庆"), ("Xi'an", "西安"), ("Wuhan", "武汉"), ("Changzhou", "常州"),
    ("Xiamen", "厦门"), ("Jinan", "济南"), ("Changsha", "长沙"), ("Hefei", "合肥"), ("Nantong", "南通"),
)  # fmt: skip
BRANDS = (
    ("Golden Bridge", "金桥"), ("East Star", "东星"), ("Blue Harbour", "蓝港"), ("Huaxin", "华鑫"),
    ("Jinggong", "精工"), ("Yongli", "永利达"), ("Red Pine", "红松"), ("Tianhe", "天合"), ("Ruifeng", "瑞丰"),
    ("Great River", "大江"), ("Lida", "力达"), ("Xinyuan", "新源"), ("Hongtai", "宏泰"), ("Northern Light", "北光"),
    ("Kangda", "康达"), ("Silver Crane", "银鹤"),
)  # fmt: skip
TRADES = (
    ("Valve Works", "阀门"), ("Chemicals", "化工"), ("Machinery", "机械"), ("Water Treatment", "水处理"),
    ("Power Equipment", "电力设备"), ("Foods", "食品"), ("Shipyard", "船舶"), ("Pharma", "制药"),
    ("Automation", "自动化"), ("Mining", "矿业"), ("Steel", "钢铁"), ("Semiconductor", "半导体"),
)  # fmt: skip


def account_names(rng: np.random.Generator, n: int) -> list[str]:
    """`n` different company names; about one in eight in Chinese characters, among the first ten just two.

    Once every name is taken, the next companies are the second of theirs.
    """
    all_places = len(CITIES) * len(BRANDS) * len(TRADES)
    places = np.resize(rng.permutation(all_places), n)
    in_chinese = rng.random(n) < 0.12
    in_chinese[:10] = [False, False, True, False, False, False, True, False, False, False][: min(n, 10)]
    names = []
    for number, (place, chinese) in enumerate(zip(places, in_chinese, strict=True)):
        city, rest = CITIES[int(place) % len(CITIES)], int(place) // len(CITIES)
        brand, trade = BRANDS[rest % len(BRANDS)], TRADES[rest // len(BRANDS)]
        name = f"{city[1]}{brand[1]}{trade[1]}有限公司" if chinese else f"{city[0]} {brand[0]} {trade[0]}"
        names.append(name if number < all_places else f"{name} {number // all_places + 1}")
    return names
