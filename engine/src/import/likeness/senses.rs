//! Words that people write for the same thing over the columns of their files, in the three languages.

/// Each sense with the words that have it, folded. A word of two senses has both, with [`BETWEEN`] between them.
const SENSES: &[(&str, &[&str])] = &[
    (
        "start",
        &[
            "开始",
            "開始",
            "起始",
            "起",
            "自",
            "start",
            "starts",
            "begin",
            "begins",
            "beginning",
            "from",
            "since",
        ],
    ),
    (
        "end",
        &[
            "结束", "結束", "截止", "截至", "终止", "終止", "止", "至", "end", "ends", "finish", "to",
            "until", "till",
        ],
    ),
    ("date", &["日期", "时间", "時間", "日子", "date", "day", "time"]),
    ("days", &["天数", "天數", "日数", "日數", "days"]),
    ("type", &["类型", "類型", "类别", "類別", "种类", "種類", "分类", "分類", "type", "kind", "category"]),
    ("leave\u{1}type", &["假别", "假別", "假种", "假種"]),
    ("leave", &["请假", "請假", "休假", "假期", "leave", "holiday", "vacation"]),
    ("amount", &["金额", "金額", "款额", "款額", "amount", "sum"]),
    ("total", &["合计", "合計", "总计", "總計", "总额", "總額", "total"]),
    ("quantity", &["数量", "數量", "件数", "件數", "qty", "quantity"]),
    ("price", &["单价", "單價", "价格", "價格", "price"]),
    ("name", &["名称", "名稱", "名字", "姓名", "name"]),
    ("title", &["标题", "標題", "主题", "主題", "title", "subject"]),
    (
        "number",
        &[
            "编号", "編號", "编码", "編碼", "单号", "單號", "号码", "號碼", "代码", "代碼", "number", "no",
            "code",
        ],
    ),
    (
        "phone",
        &[
            "电话",
            "電話",
            "手机",
            "手機",
            "手机号",
            "手機號",
            "手机号码",
            "手機號碼",
            "电话号码",
            "電話號碼",
            "phone",
            "mobile",
            "tel",
            "telephone",
        ],
    ),
    (
        "email",
        &[
            "邮箱",
            "郵箱",
            "电邮",
            "電郵",
            "电子邮件",
            "電子郵件",
            "电子邮箱",
            "電子信箱",
            "信箱",
            "email",
            "mail",
        ],
    ),
    ("address", &["地址", "住址", "address"]),
    ("reason", &["原因", "事由", "理由", "缘由", "緣由", "reason", "cause"]),
    (
        "note",
        &[
            "备注",
            "備註",
            "附注",
            "附註",
            "说明",
            "說明",
            "描述",
            "note",
            "notes",
            "remark",
            "remarks",
            "memo",
            "comment",
            "description",
        ],
    ),
    ("department", &["部门", "部門", "department", "dept"]),
    ("customer", &["客户", "客戶", "顾客", "顧客", "customer", "client"]),
    ("supplier", &["供应商", "供應商", "厂商", "廠商", "supplier", "vendor"]),
    ("product", &["产品", "產品", "商品", "货品", "貨品", "product", "item"]),
    ("warehouse", &["仓库", "倉庫", "库房", "庫房", "warehouse"]),
    ("company", &["公司", "企业", "企業", "company"]),
    ("member", &["会员", "會員", "member"]),
    ("employee", &["员工", "員工", "职员", "職員", "employee", "staff"]),
    ("points", &["积分", "積分", "点数", "點數", "points"]),
    ("status", &["状态", "狀態", "status", "state"]),
    ("birthday", &["生日", "出生日期", "birthday", "birth"]),
    ("gender", &["性别", "性別", "gender", "sex"]),
];

/// Stands between two senses.
pub(super) const BETWEEN: char = '\u{1}';

/// What may be left out at the end of a name: 「开始日期」 is called 「开始」, 「客户名称」 「客户」.
pub(super) const ENDINGS: [&str; 2] = ["date", "name"];

/// The sense of a whole word of letters.
pub(super) fn sense_of(word: &str) -> Option<&'static str> {
    SENSES.iter().find(|(_, words)| words.contains(&word)).map(|(sense, _)| *sense)
}

/// The longest known word that a Chinese text begins with, and its sense.
pub(super) fn beginning(text: &str) -> Option<(&'static str, &'static str)> {
    let words = SENSES.iter().flat_map(|(sense, words)| words.iter().map(move |word| (*word, *sense)));
    let known = words.filter(|(word, _)| !word.is_ascii() && text.starts_with(word));
    known.max_by_key(|(word, _)| word.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::value::fold;

    #[test]
    fn every_word_is_folded_and_has_one_place() {
        let words: Vec<&str> = SENSES.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len());
        assert!(words.iter().all(|word| fold(word) == *word));
        assert!(ENDINGS.iter().all(|ending| SENSES.iter().any(|(sense, _)| sense == ending)));
    }

    #[test]
    fn the_longest_word_counts() {
        assert_eq!(beginning("手机号码2"), Some(("手机号码", "phone")));
        assert_eq!(beginning("请假类型"), Some(("请假", "leave")));
        assert_eq!(beginning("开户行"), None);
        assert_eq!((sense_of("kind"), sense_of("mankind")), (Some("type"), None));
    }
}
