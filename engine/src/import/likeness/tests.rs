use serde_json::{Value as Json, json};

use super::*;

const NONE: [(usize, usize); 0] = [];

type Field = (&'static [&'static str], FieldKind);

fn kind(name: &str, options: Json) -> FieldKind {
    FieldKind::from_parts(name, options).unwrap()
}

/// A request for leave, as companies have it.
fn leave() -> Vec<Field> {
    let choices = json!({"choices": [{"key": "annual", "label": "年假"}, {"key": "sick", "label": "病假"}]});
    vec![
        (&["请假类型", "Leave type", "leave_type"], kind("select", choices)),
        (&["开始日期", "From", "start"], kind("date", Json::Null)),
        (&["结束日期", "To", "end"], kind("date", Json::Null)),
        (&["天数", "days"], kind("number", json!({"scale": 1}))),
        (&["事由", "why"], kind("long_text", Json::Null)),
        (&["联系电话", "Telephone", "phone"], kind("phone", Json::Null)),
    ]
}

fn offered(fields: &[Field]) -> Vec<Offered<'_>> {
    let offer = |(names, _): &Field| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    fields.iter().map(|field| Offered { names: offer(field), kind: &field.1 }).collect()
}

/// The fields by their first names, in which these columns are thought to belong.
fn guessed(fields: &[Field], form: &[&str], columns: &[(&str, &[&str])]) -> Vec<Option<&'static str>> {
    let cells: Vec<Vec<String>> =
        columns.iter().map(|(_, cells)| cells.iter().map(|cell| cell.to_string()).collect()).collect();
    let headed = columns.iter().zip(&cells).map(|((header, _), cells)| Headed { header, cells });
    let headed: Vec<Headed> = headed.collect();
    let found = likely(form, &headed, &offered(fields));
    found.into_iter().map(|place| place.and_then(|place| fields[place].0.first().copied())).collect()
}

fn guess(header: &str, cells: &[&str]) -> Option<&'static str> {
    guessed(&leave(), &["请假申请", "Leave request"], &[(header, cells)])[0]
}

#[test]
fn columns_are_known_by_names_that_are_like_those_of_the_fields() {
    for (header, field) in [
        ("类型", "请假类型"),
        ("類別", "请假类型"),
        ("请假类别", "请假类型"),
        ("假别", "请假类型"),
        ("Kind of leave", "请假类型"),
        ("Category", "请假类型"),
        ("开始", "开始日期"),
        ("開始時間", "开始日期"),
        ("起始日期", "开始日期"),
        ("Start date", "开始日期"),
        ("startDate", "开始日期"),
        ("结束", "结束日期"),
        ("截止日期", "结束日期"),
        ("until", "结束日期"),
        ("请假天数", "天数"),
        ("天数（天）", "天数"),
        ("原因", "事由"),
        ("Reason", "事由"),
        ("電話", "联系电话"),
        ("手机号码", "联系电话"),
        ("kaishiriqi", "开始日期"),
        ("kai_shi", "开始日期"),
        ("qingjialeixing", "请假类型"),
        ("leixing", "请假类型"),
        ("QJLX", "请假类型"),
    ] {
        // Without the table of sounds nothing is known by pinyin.
        if cfg!(feature = "pinyin")
            || !["kaishiriqi", "kai_shi", "qingjialeixing", "leixing", "QJLX"].contains(&header)
        {
            assert_eq!(guess(header, &[]), Some(field), "{header}");
        }
    }
}

#[test]
fn what_is_like_nothing_or_two_fields_is_left_out() {
    for header in
        ["日期", "date", "客户", "客户类型说明", "类", "no", "生日", "开户行", "lx", "", "***", "Startup"]
    {
        assert_eq!(guess(header, &[]), None, "{header}");
    }
    // Something of its own on both sides is something else.
    let fields: Vec<Field> = vec![
        (&["合同名称"], kind("text", Json::Null)),
        (&["客户电话"], kind("phone", Json::Null)),
        (&["Note"], kind("text", Json::Null)),
    ];
    for header in ["合同日期", "客户", "合同编号", "No", "Notebook", "供应商电话"] {
        assert_eq!(guessed(&fields, &[], &[(header, &[])]), [None], "{header}");
    }
    assert_eq!(guessed(&fields, &[], &[("合同", &[]), ("Remarks", &[])]), [Some("合同名称"), Some("Note")]);
}

#[test]
fn the_cells_have_to_go_with_the_field() {
    assert_eq!(guess("开始", &["2024/9/9", "2024/9/10"]), Some("开始日期"));
    assert_eq!(guess("开始", &["Ada", "Bo"]), None);
    assert_eq!(guess("类型", &["病假x", "年假"]), Some("请假类型"), "a wrong choice is told by the import");
    // What the cells say decides where names do not.
    let choices = |keys: [&str; 2]| json!({"choices": keys.map(|key| json!({"key": key, "label": key}))});
    let fields: Vec<Field> = vec![
        (&["客户类型"], kind("select", choices(["新", "老"]))),
        (&["产品类型"], kind("select", choices(["软件", "硬件"]))),
    ];
    assert_eq!(guessed(&fields, &[], &[("类型", &["硬件", "软件"])]), [Some("产品类型")]);
    assert_eq!(guessed(&fields, &[], &[("类型", &[])]), [None]);
}

#[test]
fn each_field_has_one_column_and_the_name_of_the_form_says_nothing() {
    let fields = leave();
    let columns: [(&str, &[&str]); 3] = [("类型", &[]), ("请假类别", &[]), ("开始", &[])];
    assert_eq!(guessed(&fields, &[], &columns), [None, Some("请假类型"), Some("开始日期")]);
    let columns: [(&str, &[&str]); 2] = [("开始", &[]), ("Begin", &[])];
    assert_eq!(guessed(&fields, &[], &columns), [None, None], "two columns for one field");
    let orders: Vec<Field> = vec![(&["金额"], kind("money", Json::Null))];
    assert_eq!(guessed(&orders, &["订单"], &[("订单金额", &[])]), [Some("金额")]);
    assert_eq!(guessed(&orders, &["订单"], &[("退款金额", &[])]), [None]);
}

#[test]
fn values_that_tell_what_they_are_find_the_only_field_for_them() {
    let fields = leave();
    let found = |columns: &[(&str, &[&str])]| {
        let cells: Vec<Vec<String>> =
            columns.iter().map(|(_, cells)| cells.iter().map(|cell| cell.to_string()).collect()).collect();
        let headed = columns.iter().zip(&cells).map(|((header, _), cells)| Headed { header, cells });
        by_kind(&headed.collect::<Vec<_>>(), &offered(&fields), (&|_| true, &|_| true))
    };
    let (days, phones) = (&["2024/9/9"][..], &["13800138000"][..]);
    assert_eq!(found(&[("a", phones)]), [(0, 5)]);
    assert_eq!(found(&[("a", days)]), NONE, "two fields hold days");
    assert_eq!(found(&[("a", phones), ("b", phones)]), NONE, "two columns");
    assert_eq!(found(&[("供应商", phones)]), NONE, "of somebody else");
    assert_eq!(found(&[("a", &["Ada"])]), NONE);
    let one: Vec<Field> = vec![(&["入职日期"], kind("date", Json::Null))];
    let cells = ["2024/9/9".to_string()];
    let of = |header| by_kind(&[Headed { header, cells: &cells }], &offered(&one), (&|_| true, &|_| true));
    assert_eq!((of("报到日期"), of("生日")), (vec![(0, 0)], vec![]));
}
