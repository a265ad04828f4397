"""Which tables can a workspace hold, and what does each column mean?

One `Table` for each of the seventeen; its columns carry their kind, whether a row needs them, the values or the range that
they may take, and the names under which exports head them, in English and in Chinese. Everything that intake knows about
a table it reads from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from salesnb.intake.choices import ACTIVITIES, DIMENSIONS, GRAINS, OUTCOMES
from salesnb.intake.columns import (
    Column,
    Table,
    booleans,
    choice,
    dates,
    ids,
    money,
    numbers,
    scale,
    text,
)
from salesnb.language import marked

__all__ = ["CORE", "TABLES", "Column", "Table"]

_ACCOUNT = "account_id {star}customer_id|client_id|客户编号|客户id|客户代码"
_REP = "rep_id salesperson_id|sales_rep_id|销售编号|业务员编号|销售员编号|销售代表编号"
_OPPORTUNITY = "opportunity_id deal_id|商机编号|商机id|机会编号"
_PRODUCT = "product_id sku|item_id|产品编号|产品id|商品编号|物料编号"


def _account(*, required: bool = False) -> Iterator[Column]:
    return ids(_ACCOUNT.replace("account_id {star}", "account_id* " if required else "account_id "))


def _opportunity(*, required: bool = False) -> Iterator[Column]:
    return ids(_OPPORTUNITY.replace("opportunity_id", "opportunity_id*" if required else "opportunity_id"))


def _rep(*, required: bool = False) -> Iterator[Column]:
    return ids(_REP.replace("rep_id ", "rep_id* " if required else "rep_id ", 1))


_ALL = (
    Table(
        "accounts",
        marked("Accounts"),
        (
            *_account(required=True),
            *text(
                "account_name customer_name|company|company_name|客户名称|客户|公司名称;industry sector|行业;region 区域|大区|地区|销售区域"
            ),
            *ids("owner_id account_owner|owner|客户负责人|负责人编号|负责人"),
            *dates("created_on created|created_date|创建日期|建档日期|创建时间"),
            *numbers("employees 员工数|人数|员工人数"),
            *money("annual_revenue revenue|年收入|年营业额|年营收"),
            *booleans("is_strategic strategic|战略客户|是否战略客户"),
            scale("industry_fit", 0, 1, "行业匹配度", "行业匹配"),
            *money("budget 预算"),
            choice(
                "decision_access",
                "unknown 未知 不详;user 使用者 用户;influencer 影响者;decision_maker 决策者 决策人",
                "决策层级",
                "决策接触",
                fallback="unknown",
            ),
            *money("credit_limit 信用额度|授信额度"),
            Column(
                "payment_terms_days",
                "number",
                aliases=("payment terms", "账期", "账期天数", "付款账期"),
                unit="days",
            ),
        ),
        key=("account_id",),
    ),
    Table(
        "reps",
        marked("Sales people"),
        (
            *_rep(required=True),
            *text(
                "rep_name name|salesperson|姓名|销售员|业务员|销售代表;team 团队|小组|部门;region 区域|大区|地区|销售区域;role title|job_title|岗位|职位|角色"
            ),
            *dates(
                "hired_on hire_date|start_date|入职日期|入职时间;left_on leave_date|end_date|离职日期|离职时间;valid_from 生效日期|生效日|起始日期"
            ),
        ),
        key=("rep_id",),
        not_before=(("left_on", "hired_on"),),
    ),
    Table(
        "products",
        marked("Products"),
        (
            *ids(_PRODUCT.replace("product_id", "product_id*")),
            *text(
                "product_name product|产品名称|产品|品名;product_line product_category|category|产品线|产品类别|品类"
            ),
            *money("list_price price|标价|目录价|标准价格|单价;unit_cost cost|单位成本|成本"),
        ),
        key=("product_id",),
    ),
    Table(
        "orders",
        marked("Orders"),
        (
            *ids(
                "order_id* order|order_no|order_number|订单编号|订单号|订单id;line_id order_line|line_no|行号|订单行|订单行号"
            ),
            *_account(),
            *_rep(),
            *ids(_PRODUCT),
            *_opportunity(),
            *dates("ordered_on* order_date|date|订单日期|下单日期|下单时间|订单时间"),
            *numbers("quantity qty|数量"),
            *money(
                "net_amount* amount|net_sales|sales|成交金额|净额|订单金额|金额|实际金额;list_amount gross_amount|标价金额|原价金额|目录金额;cost_amount 成本金额|成本"
            ),
        ),
        key=("order_id", "line_id"),
        happened="ordered_on",
    ),
    Table(
        "targets",
        marked("Targets"),
        (
            *dates("period_start* period|start|期间开始|开始日期|期间|月份"),
            choice("grain", GRAINS, "粒度", "周期", required=True),
            choice(
                "dimension",
                DIMENSIONS,
                "维度",
                required=True,
            ),
            *text("member* 成员|对象|名称"),
            *money("amount* target|target_amount|目标金额|目标|金额"),
        ),
    ),
    Table(
        "leads",
        marked("Leads"),
        (
            *ids("lead_id* 线索编号|线索id"),
            *dates("created_on* created|created_date|创建日期|创建时间"),
            *text("channel source|lead_source|渠道|来源|线索来源"),
            *_rep(),
            *_account(),
            *dates("qualified_on 合格日期|转化日期;disqualified_on 淘汰日期|无效日期"),
            *text("disqualify_reason 淘汰原因|无效原因"),
            *_opportunity(),
        ),
        key=("lead_id",),
        happened="created_on",
        not_before=(("qualified_on", "created_on"),),
    ),
    Table(
        "opportunities",
        marked("Opportunities"),
        (
            *_opportunity(required=True),
            *_account(),
            *_rep(),
            *ids(_PRODUCT),
            *text("channel source|lead_source|渠道|来源"),
            *dates("created_on* created|created_date|创建日期|创建时间"),
            *money("amount value|deal_value|商机金额|金额|预计金额"),
            *text("stage stage_name|deal_stage|阶段|销售阶段|商机阶段"),
            *dates(
                "expected_close_on expected_close|预计成交日期|预计签单日期|预计关闭日期;closed_on close_date|closed|成交日期|关闭日期|结束日期"
            ),
            choice(
                "outcome",
                OUTCOMES,
                "status",
                "结果",
                "状态",
                required=True,
            ),
            *text("loss_reason lost_reason|输单原因|丢单原因;competitor 竞争对手|竞品"),
        ),
        key=("opportunity_id",),
        happened="created_on",
        not_before=(("closed_on", "created_on"),),
    ),
    Table(
        "stage_events",
        marked("Stage changes"),
        (
            *_opportunity(required=True),
            *text("stage* stage_name|阶段|销售阶段"),
            *dates("entered_on* entered|进入日期|进入时间|变更日期"),
        ),
        happened="entered_on",
    ),
    Table(
        "activities",
        marked("Activities"),
        (
            *ids("activity_id* 活动编号|拜访编号|活动id"),
            *_rep(),
            *_account(),
            *_opportunity(),
            choice(
                "kind",
                ACTIVITIES,
                "type",
                "类型",
                "活动类型",
                fallback="other",
                required=True,
            ),
            *dates("happened_on* date|activity_date|活动日期|日期|拜访日期"),
            *numbers("minutes duration|分钟|时长|时长(分钟)"),
            *booleans(
                "has_minutes 有纪要|有记录;has_pain_points 有痛点|记录痛点;has_next_step 有下一步|下一步"
            ),
        ),
        key=("activity_id",),
        happened="happened_on",
    ),
    Table(
        "checklist_items",
        marked("Checklist items"),
        (
            *_opportunity(required=True),
            *text("stage* 阶段|销售阶段;item* 检查项|事项|清单项"),
            *dates("done_on 完成日期|完成时间"),
        ),
    ),
    Table(
        "invoices",
        marked("Invoices"),
        (
            *ids("invoice_id* invoice|invoice_no|invoice_number|发票编号|发票号|发票号码"),
            *_account(required=True),
            *ids("order_id order_no|order_number|订单编号|订单号"),
            *dates(
                "issued_on* invoice_date|issue_date|开票日期|发票日期;due_on due_date|到期日|应收日期|应付日期;paid_on payment_date|paid_date|回款日期|付款日期|收款日期"
            ),
            *money(
                "amount* invoice_amount|发票金额|金额|开票金额;paid_amount paid|回款金额|已付金额|收款金额"
            ),
        ),
        key=("invoice_id",),
        happened="issued_on",
        not_before=(("due_on", "issued_on"),),
    ),
    Table(
        "rates",
        marked("Exchange rates"),
        (
            *ids("currency* 货币|币种|币别"),
            *dates("valid_from* 生效日期|日期"),
            scale("rate", 1e-9, 1e9, "汇率", required=True),
        ),
        key=("currency", "valid_from"),
    ),
    Table(
        "satisfaction",
        marked("Satisfaction"),
        (
            *_account(required=True),
            *dates("surveyed_on* survey_date|date|调查日期|日期"),
            scale("score", 0, 10, "评分", "得分", "满意度", required=True),
        ),
        happened="surveyed_on",
    ),
    Table(
        "training",
        marked("Training"),
        (
            *_rep(required=True),
            *text("course* 课程|课程名称"),
            choice(
                "topic",
                "product 产品;skills 技能;communication 沟通;other 其他",
                "主题",
                "类别",
                fallback="other",
            ),
            *dates("completed_on* completed|完成日期|日期"),
            *numbers("score 得分|成绩"),
        ),
        happened="completed_on",
    ),
    Table(
        "pulse",
        marked("Pulse survey"),
        (
            *_rep(required=True),
            *dates("surveyed_on* survey_date|date|调查日期|日期"),
            scale("stress", 1, 5, "压力", "压力值", required=True),
        ),
        happened="surveyed_on",
    ),
    Table(
        "events",
        marked("Events"),
        (
            *dates("happened_on* date|event_date|发生日期|日期"),
            choice(
                "kind",
                "publicity 舆情 宣传;decision_change 决策人变动 决策变更;price_war 价格战;departure 离职 人员离职;other 其他",
                "type",
                "类型",
                fallback="other",
                required=True,
            ),
            *_account(),
            *text("product_line 产品线"),
            scale("severity", 1, 5, "严重程度", "等级"),
            *text("note 备注|说明"),
        ),
        happened="happened_on",
    ),
    Table(
        "actions",
        marked("Actions"),
        (
            *ids("action_id* 行动编号|措施编号"),
            *dates("raised_on* raised|提出日期|创建日期"),
            *ids("owner_id owner|负责人|负责人编号"),
            *dates("due_on due|due_date|截止日期|到期日"),
            *text("metric 指标;goal 目标"),
            *dates("done_on done|完成日期"),
            *text("description 描述|内容|说明"),
        ),
        key=("action_id",),
        happened="raised_on",
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}
CORE = ("orders", "opportunities", "invoices")
