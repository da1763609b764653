"""What may never come in (intake.md): the shipped catalogue and contracts collect none of it."""

import re
from collections.abc import Iterator

import pytest

from expectations.contract import CONTRACTS
from orchestration.core.catalogue.models import Catalogue

# Opinions, speech, beliefs, private communications, social media, family, health, travel, private life;
# complaint texts, case leads and files; students and ordinary staff as persons.
FORBIDDEN = re.compile(
    "意见|看法|态度|满意度|民意|言论|发言|讲话|心得|思想|情绪|舆情|舆论|信仰|宗教|教派|信教|民族|政治面貌|微信|微博|朋友圈|"
    "社交媒体|网络账号|聊天|短信|私信|通信|通讯记录|邮件|家庭|家属|亲属|配偶|子女|婚姻|健康|体检|病|就医|残疾|出行|出国|"
    "旅行|行踪|轨迹|定位|私生活|生活作风|房产|财产|存款|线索|(?<!备)案件|案情|案卷|举报|信访|投诉|诉求人|诉求内容|谈话内容|"
    "学生姓名|教职工姓名|身份证|学号|工号|手机号|照片|人脸|"
    r"\b(opinions?|views?|attitudes?|satisfaction|speech|remarks?|thoughts?|moods?|beliefs?|religio\w*|ethnic\w*|"
    r"social media|chats?|e-?mails?|messages? sent|famil\w+|spouses?|child\w*|marri\w+|health|illness\w*|medical|"
    r"travels?|trips?|whereabouts|private|propert(y|ies)|case leads?|case files?|complain\w*|petition\w*|"
    r"identity number|student names?|photos?)\b",
    re.IGNORECASE,
)
# What a definition says it leaves out is not collected: up to the next stop.
LEFT_OUT = re.compile(r"(不采集|不含|不收集|not collected:?)[^，。；;,）)]*")
# Names of procedures that are counted: their content is nowhere.
PROCEDURES = re.compile("廉政意见征求|integrity opinion sought|[Vv]ehicle and travel approvals")


def collected(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every text that says what is collected, with the place it stands in."""
    for item in catalogue.items:
        for text in (item.name_zh, item.name_en, item.definition, item.unit_of_measure):
            yield f"items.csv {item.code}", text or ""
    for column in catalogue.extract_columns:
        yield f"extract_columns.csv {column.item}", column.header
    for path in CONTRACTS.glob("*.yml"):
        yield path.name, path.read_text(encoding="utf-8")


def forbidden(text: str) -> list[str]:
    left = PROCEDURES.sub("", LEFT_OUT.sub("", text))
    return [match[0] for match in FORBIDDEN.finditer(left)]


def test_the_catalogue_and_the_contracts_collect_nothing_that_may_not_come_in(catalogue: Catalogue) -> None:
    assert not [(place, text, words) for place, text in collected(catalogue) if (words := forbidden(text))]


@pytest.mark.parametrize(
    "text",
    [
        "教职工思想动态摸排人数",
        "师生诉求内容摘要",
        "领导干部家属从业情况",
        "案件查办进展",
        "问题线索处置件数",
        "Complaint text",
        "Staff opinion survey",
        "只计场次，采集发言",
        "不采集原因，家庭情况另报",
    ],
)
def test_the_words_are_found(text: str) -> None:
    assert forbidden(text)


@pytest.mark.parametrize(
    "text", ["按期办结件数/到期件数（不采集诉求人和内容）", "已归档份数（不采集发言和心得）"]
)
def test_what_a_definition_leaves_out_is_not_found(text: str) -> None:
    assert not forbidden(text)
