"""How do people and systems call a target's kind, the outcome of a deal, what they did with a customer? Word; others for it.

Blanks are written as underscores; capitals, hyphens and other signs between letters do not count.
"""

from __future__ import annotations

GRAINS = (
    "year 年 年度 全年 yearly annual annually fy y jahr jährlich année annuel annuelle año anual anno annuale ano;"
    "quarter 季 季度 quarterly q quartal vierteljährlich trimestre trimestriel trimestral;"
    "month 月 月度 monthly m monat monatlich mois mensuel mes mensual mese mensile mês mensal"
)
DIMENSIONS = (
    "company 公司 全公司 集团 total overall firma unternehmen gesamt entreprise société empresa azienda;"
    "region 区域 大区 地区 片区 area territory gebiet région región regione;"
    "team 团队 小组 部门 组 group department abteilung équipe equipo squadra;"
    "rep 销售 销售员 业务员 销售代表 个人 员工 人员 person salesperson sales_rep seller employee verkäufer mitarbeiter vendeur vendedor;"
    "product_line 产品线 产品 品类 product category product_category produktlinie gamme línea_de_producto;"
    "account 客户 customer client kunde cliente"
)
OUTCOMES = (
    "open 进行中 跟进中 跟进 未结束 搁置 暂停 在谈 洽谈中 谈判中 推进中 处理中 正在进行 进行 待定 已报价 未关闭 新建 in_progress pending active"
    " on_hold new working ongoing negotiation stalled postponed offen in_bearbeitung laufend ouvert ouverte en_cours abierto abierta"
    " en_curso aberto aberta em_andamento aperto aperta in_corso in_behandeling åben öppen pågående otwarta w_toku;"
    "won 赢单 成交 赢 已成交 已签约 签约 成功 已赢单 赢单关闭 赢单结束 中标 已中标 签单 已签单 成单 已成单 已签合同 合同签订 交易成功 已下单"
    " closed_won won_closed deal_won win success successful signed gewonnen gewonnene auftrag_erhalten gagné gagnée ganado ganada ganho"
    " ganha vinto vinta vundet vunnen wygrana;"
    "lost 输单 丢单 流失 输 失败 已丢单 已输单 丢失 战败 无效 未成交 输单关闭 已流失 未中标 已失败 丢标 落标 流标 废标 弃单 放弃 已放弃 取消"
    " 已取消 终止 已终止 作废 已作废 closed_lost lost_closed deal_lost lost_deal loss failed abandoned dead cancelled canceled rejected"
    " declined no_decision disqualified verloren abgelehnt storniert perdu perdue abandonné perdido perdida cancelado perso persa tabt"
    " förlorad przegrana"
)
ACTIVITIES = (
    "visit 拜访 上门 陌拜 来访 走访 面访 实地 外勤 on_site onsite in_person face_to_face besuch kundenbesuch visite visita bezoek besök;"
    "call 电话 电话拜访 通话 回访 电联 去电 来电 致电 calls phone telephone telefon telefonat anruf appel llamada chamada ligação telefonata"
    " chiamata voicemail;"
    "meeting 会议 面谈 开会 会面 洽谈 座谈 视频 腾讯会议 zoom teams google_meet webex skype video_call video_conference conference_call"
    " meetings appointment besprechung termin réunion rendez_vous rdv reunión reunião riunione vergadering lunch workshop;"
    "executive_meeting 高层会议 高层拜访 高层互访 高层会晤 高层 领导会面 exec_meeting executive_visit c_level;"
    "demo 演示 产品演示 产品展示 产品介绍 方案讲解 讲标 demonstration presentation vorführung präsentation démo présentation demostración;"
    "trial 试用 试机 打样 送样 样品试用 测试 poc proof_of_concept pilot;"
    "case_visit 案例参观 样板参观 标杆参观 客户案例参观 参观案例 样板间参观 案例走访 样板工厂 reference_visit site_visit_reference referenzbesuch;"
    "joint_marketing 联合营销 联合推广 联合市场活动 联合活动 co_marketing comarketing joint_campaign;"
    "email 邮件 电子邮件 电邮 邮箱 e_mail emails mail mailing courriel correo correo_electrónico newsletter;"
    "message 微信 企业微信 企微 钉钉 飞书 qq 短信 私信 微聊 在线沟通 wechat weixin whatsapp whats_app sms text chat im dm line telegram"
    " viber slack linkedin messages nachricht kurznachricht mensaje messaggio;"
    "other 其他 其它 备注 task to_do todo note sonstiges autre otro outro altro"
)
