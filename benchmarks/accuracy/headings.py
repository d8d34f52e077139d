"""The ledgers' columns as the contract names them, with headings seen in the wild. Written from the contract alone: this is the oracle's own copy."""

from dataclasses import dataclass
from functools import cache

FUND = "union=本级工会经费,dues=会费,upper=上级补助,central=中央帮扶,donation=社会捐助,admin=行政补助,agency=代管经费,outside=账外直接支付"
# A column a line: key, Chinese heading and other headings in use, type; a choice's keys and Chinese labels follow.
LEDGERS = {
    "members": """
member_no 会员编号|会员证号 text
name 姓名 text
id_type 证件类型 choice resident_id=居民身份证,passport=护照,hk_macau=港澳居民证件,taiwan=台湾居民证件,foreign_pr=外国人永久居留证,other=其他
id_no 证件号码|身份证号 text
sex 性别 choice male=男,female=女
birth_date 出生日期 date
group 工会小组|分会 text
post 职务 text
officer 领导或工会干部 yesno
employment 用工形式 choice permanent=在编,contract=合同,dispatched=劳务派遣,seconded=借调挂职,other=其他
benefit_location 福利享受地点 choice here=本单位,employer=工资关系单位,unclear=未明确
status 人员状态 choice active=在职,retired=离退休,retained=保留会籍,transferred=转出,left=退会,deceased=去世
joined_on 入会日期 date
moved_in_on 转入日期 date
left_on 状态变动日期 date
wage_base 月缴费基数|工资基数 money
wage_in_base 工资纳入拨缴基数 yesno
phone 联系电话 text
bank_card 银行卡号 text
remark 备注 text""",
    "dues": """
period 所属月份 month
member_no 会员编号|会员证号 text
name 姓名 text
group 工会小组|工会小组名称 text
wage_base 缴费基数|工资基数 money
due 应缴会费|月缴会费 money
paid 实缴会费|扣工会会费 money
waived 减免金额|减免 money
waiver_reason 减免原因 text
method 缴费方式 choice payroll=代扣,transfer=转账,cash=现金,mobile=扫码
paid_on 缴款日期 date
banked_on 存入银行日期 date
receipt_no 收据号 text
handled_by 经办人 text
remark 备注 text""",
    "relief": f"""
voucher_no 凭证号 text
batch_no 批次号 text
category 发放类别|慰问类别 choice festival=节日慰问,birthday=生日慰问,marriage=结婚,birth=生育,hospital=住院,illness=大病,funeral=丧事,retirement=退休,living=生活救助,medical=医疗救助,education=助学救助,warmth=送温暖,emergency=临时救助,disaster=灾害救助,frontline=一线慰问,model_worker=劳模慰问,elders=敬老慰问,children=六一儿童,mutual=互助保障,village=结对帮扶村,donation=慈善捐赠,other=其他
programme 项目 text
beneficiary_type 对象类别 choice member=会员,retiree=离退休人员,family=家庭,student=学生,child=儿童,village=村,unit=单位集体,other=其他
member_no 会员编号 text
beneficiary 受助人|受助人姓名 text
id_no 证件号码|身份证号 text
hardship 困难类别 choice deep=深度困难,relative=相对困难,accident=意外致困
relation 与会员关系 choice self=本人,spouse=配偶,parent=父母,child=子女,other=其他
headcount 人数户数 int
reason 事由 text
event_date 事件日期 date
self_paid 医疗自付金额 money
form 发放形式 choice transfer=转账,cash=现金,goods=实物,coupon=提货券,card=购物卡
amount 金额|慰问金额 money
goods 实物名称 text
fund 资金来源 choice {FUND}
budget_code 预算科目 text
payee 收款人 text
bank_card 收款账号|银行卡号 text
bank_ref 银行回单号 text
signed_by 领取人签字 text
proxy 代领人及关系 text
activity_no 走访活动编号 text
applied_on 申请日期 date
notice_from 公示开始 date
notice_to 公示结束 date
approved_on 审批日期 date
approved_by 审批人 text
minutes_no 集体决策纪要号 text
handled_by 经办人 text
paid_on 发放日期 date
remark 备注 text""",
    "activities": f"""
activity_no 活动编号 text
title 活动名称 text
category 类别 choice study=集中学习,training=培训,sports=体育比赛,arts=文艺书画,lecture=讲座,meeting=座谈会,congress=会员大会,outing=春秋游,visit=走访,volunteer=志愿服务,publicity=宣传,checkup=体检,recuperation=疗休养,other=其他
programme 项目 text
starts_at 开始时间 datetime
ends_at 结束时间 datetime
venue 地点 text
organizer 主办 text
plan_no 方案或通知文号 text
expected 应到人数 int
present 实到人次|实到人数 int
entries 参赛作品数 int
shown 入展数 int
winners 获奖数 int
budget_code 预算科目 text
budgeted 预算金额 money
actual_cost 实际支出 money
fund 资金来源|经费来源 choice {FUND}
documented_on 归档日期 date
paid_on 报销日期 date
approved_by 审批人 text
handled_by 经办人 text
has_photos 照片 yesno
insured 保险 yesno
remark 备注 text""",
    "attendance": """
activity_no 活动编号 text
member_no 会员编号 text
name 姓名 text
guest 非会员 yesno
signed_at 签到时间 datetime
status 状态 choice present=到,late=迟到,leave=请假,absent=缺,entered=交作品
family 家属人数 int
award 奖项 text
award_form 奖励形式 choice prize=奖品,cash=奖金,souvenir=纪念品,honour=荣誉证书
award_amount 奖励金额 money
signed_by 签名 text
remark 备注 text""",
    "expenses": f"""
voucher_no 凭证号 text
item 事由 text
paid_on 支付日期 date
budget_code 预算科目 text
supplier 收款单位|供应商 text
bank_account 收款账号 text
invoice_no 发票号 text
amount 金额 money
form 支付方式 choice transfer=转账,cash=现金,card=公务卡
fund 资金来源 choice {FUND}
activity_no 活动编号 text
minutes_no 集体决策纪要号 text
approved_by 审批人 text
handled_by 经办人 text
remark 备注 text""",
    "budget": """
code 科目编码|编号 text
title 科目名称|名称 text
direction 收支 choice income=收入,expense=支出,opening=上年结余,closing=本年结余,agency_in=代管收入,agency_out=代管支出
prior 上年决算数 money
approved 年初预算|本年预算数 money
adjustment 调整数 money
adjustment_no 调整文号 text
adjusted_on 调整日期 date
booked 账面执行数 money
approved_on 批准日期 date
remark 备注|说明 text""",
    "remittance": """
period 所属月份 month
months 所属月数 int
headcount 职工人数 int
payroll 工资总额|全部职工工资总额 money
due 应拨缴 money
retained 基层留成 money
remitted 上解 money
received 留成到账金额 money
received_on 到账日期 date
paid_on 缴费日期 date
channel 缴款方式 choice tax=税务代收,treasury=财政划拨,own=自行拨缴
receipt_no 凭证号|缴款凭证号 text
remark 备注 text""",
    "branches": """
branch_code 工会编码 text
name 工会名称 text
status 状态 choice active=正常,merged=合并,dissolved=撤销
uscc 统一社会信用代码 text
employer 单位名称 text
employer_uscc 单位信用代码 text
parent_code 上级工会 text
employees 职工数 int
members 会员数 int
elected_on 本届选举日期 date
term_years 任期 int
extended_to 批准延期至 date
election_no 选举结果批复文号 text
chair 主席 text
audit_chair 经审会主任 text
treasurer 财务负责人 text
cashier 出纳 text
account_name 户名 text
bank_account 账号 text
phone 电话 text
remark 备注 text""",
}
TITLES = {
    "members": "会员花名册",
    "dues": "会费收缴明细表",
    "relief": "帮扶慰问发放表",
    "activities": "活动台账",
    "attendance": "活动签到表",
    "expenses": "其他支出明细表",
    "budget": "经费收支预算表",
    "remittance": "工会经费拨缴表",
    "branches": "工会组织台账",
}
# Needed in every layout: the contract's R columns, and those C columns that a finding may stand at.
REQUIRED = {
    "members": "member_no name id_no status left_on",
    "dues": "period member_no name paid paid_on",
    "relief": "voucher_no category beneficiary_type member_no beneficiary reason form amount fund approved_on approved_by handled_by paid_on",
    "activities": "activity_no title category starts_at actual_cost present plan_no",
    "attendance": "activity_no member_no name status",
    "expenses": "voucher_no item paid_on budget_code supplier amount approved_by handled_by",
    "budget": "code title direction approved booked",
    "remittance": "period payroll due retained remitted paid_on channel receipt_no",
    "branches": "branch_code name members elected_on term_years",
}
SUMS = {
    "dues": "paid",
    "relief": "amount",
    "expenses": "amount",
    "activities": "actual_cost",
    "remittance": "remitted",
}


@dataclass(frozen=True)
class Column:
    """A column of a ledger: key, headings (Chinese first, then others in use, English last), type, a choice's Chinese labels."""

    key: str
    headings: tuple[str, ...]
    type: str
    choices: dict[str, str]

    @property
    def english(self) -> str:
        """The key in words."""
        return self.key.replace("_", " ").capitalize()


@cache
def columns(ledger: str) -> dict[str, Column]:
    """The columns of a ledger by key, in the contract's order."""
    found = {}
    for line in LEDGERS[ledger].strip().splitlines():
        key, headings, kind, *choices = line.split(" ", 3)
        pairs = (pair.split("=") for pair in choices[0].split(",")) if choices else ()
        found[key] = Column(key, tuple(headings.split("|")), kind, dict(pairs))
    return found


def required(ledger: str) -> frozenset[str]:
    """The columns that every layout of a ledger has."""
    return frozenset(REQUIRED[ledger].split())
