"""Words that departments use around their figures: keys, feet, labels, marks. Data of the reader, no logic.

Not here: names of departments, frameworks, units and indicators; they are rows of the catalogue.
"""

from typing import Literal

SubjectKind = Literal["unit", "office_holder"]

# intake.md, "What arrives"
KEYS: dict[SubjectKind, tuple[str, ...]] = {
    "unit": ("单位", "单位名称", "单位代码", "unit"),
    "office_holder": ("岗位", "岗位名称", "岗位代码", "post"),
}
# Of these, what stands over code and name in our own workbooks, by language.
CODE_AND_NAME: dict[SubjectKind, dict[str, tuple[str, str]]] = {
    "unit": {"zh-CN": ("单位代码", "单位名称"), "en": ("unit", "unit")},
    "office_holder": {"zh-CN": ("岗位代码", "岗位名称"), "en": ("post", "post")},
}
REGISTER_KEYS = ("风险点", "风险点名称", "风险点代码", "risk_point")
QUARTER_HEADERS = ("季度", "报送季度", "报送期", "quarter")
QUARTER_LABELS = ("报送季度", "报送期")
# A date of filling in says nothing about the quarter reported.
DATE_LABELS = ("填报日期", "报送日期", "填报时间", "报送时间", "制表日期", "打印日期")

# Columns that hold nothing to read and are no surprise.
NUMBERING_HEADERS = ("序号", "编号", "no", "no.")
# Sheets of our own blank and returned workbooks.
GUIDE_SHEETS = ("填报说明", "问题清单")

# intake.md, "Reading real files": they read as missing. The default; `reading_spec` takes another list.
MISSING_MARKS = ("—", "——", "–", "-", "--", "/", "\\", "无", "暂无", "N/A", "NA")
CLAIM = "不适用"

YES = ("是", "true", "√", "✓", "✔", "☑", "1")
NO = ("否", "false", "×", "✗", "✘", "✕", "☒", "0")

# Units of measure in which the figure is a percentage.
PERCENT_UNITS = ("%", "百分点")
# What people write after a count: `3件`. 万 and 亿 before them multiply.
# fmt: off
MEASURES = (
    "件", "次", "项", "个", "起", "份", "场", "笔", "条", "人", "人次", "场次", "节次", "节", "批", "批次",
    "期", "篇", "处", "家", "户", "台", "套", "宗", "学时", "小时", "天", "日", "元",
)

# A row whose key cell ends or begins so is a foot, not a subject.
FOOT_ENDINGS = (
    "合计", "小计", "总计", "共计", "平均", "平均值", "均值", "total", "subtotal", "average",
)
FOOT_BEGINNINGS = (
    "填报人", "填表人", "审核人", "复核人", "制表人", "经办人", "联系人", "负责人", "单位负责人",
    "部门负责人", "分管领导", "联系电话", "电话", "填报单位", "填报部门", "报送单位", "报送部门", "制表",
    "盖章", "注:", "备注", "说明:", "填表说明",
)
# fmt: on
# A row that numbers the columns under the header.
NUMBERING_KEYS = ("甲", "乙", "栏次", "序号")
