//! What is told of rights is what they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::words::source;
use super::*;
use crate::context::{CallsByName, KnownNames};
use crate::form::{FormDocument, Sketch};
use crate::record::Draft;
use crate::text::Language;
use crate::value::{Timestamp, Value};

struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

struct Names;

impl CallsByName for Names {
    fn name(&self, id: Id) -> Option<String> {
        (id == mei()).then(|| "Mei".to_string())
    }
}

fn mei() -> Id {
    Id::from_i64(7).unwrap()
}

fn form() -> Arc<Form> {
    let document: FormDocument = serde_json::from_value(json!({"key": "deal", "label": "商机", "fields": [
        {"key": "stage", "label": {"zh-CN": "阶段", "zh-TW": "階段", "en": "Stage"}, "kind": "text"},
        {"key": "amount", "label": {"zh-CN": "金额", "zh-TW": "金額", "en": "Amount"}, "kind": "number"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "qty", "label": "Quantity", "kind": "number"}]}}]}))
    .unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
    Arc::new(Form::publish(Arc::new(sketch), 1, &Alone).unwrap())
}

fn group(json: Json) -> PermissionGroup {
    serde_json::from_value(json).unwrap()
}

fn context() -> Context {
    let system = Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    Context { user: Some(mei()), ..system }
}

fn record(form: &Arc<Form>, stage: &str, amount: i64) -> Draft {
    let mut draft = Draft::new(form.clone(), context());
    draft.set("stage", Value::text(stage));
    draft.set("amount", Value::number(amount));
    draft
}

/// Groups of all sorts.
fn groups() -> Vec<PermissionGroup> {
    let rows = [
        json!(null),
        json!({"field": "stage", "op": "eq", "value": "won"}),
        json!({"any": [{"field": "stage", "op": "eq", "value": "open"}, {"not": {"field": "amount", "op": "gt", "value": 50}}]}),
    ];
    let operations = [json!(["view"]), json!(["view", "edit", "delete"]), json!(["create"])];
    let fields = [json!({"*": "edit", "amount": "none"}), json!({"*": "read", "lines.qty": "edit"})];
    let mut all = Vec::new();
    for rows in &rows {
        for operations in &operations {
            for fields in &fields {
                let key = format!("g{}", all.len());
                let mut document =
                    json!({"key": key, "label": key, "operations": operations, "fields": fields});
                if !rows.is_null() {
                    document["rows"] = rows.clone();
                }
                all.push(group(document));
            }
        }
    }
    all
}

fn records(form: &Arc<Form>) -> Vec<Draft> {
    let stages = ["won", "open", "lost"];
    stages.into_iter().flat_map(|stage| [10, 90].map(|amount| record(form, stage, amount))).collect()
}

/// Every question about a record.
fn questions() -> Vec<Asked<'static>> {
    let operations = Operation::ALL.into_iter().map(Asked::Operation);
    let rights = [FieldRight::Read, FieldRight::Edit];
    let fields = ["stage", "amount", "lines", "lines.qty"];
    operations
        .chain(fields.into_iter().flat_map(|path| rights.map(|right| Asked::Field(path, right))))
        .collect()
}

#[test]
fn what_is_explained_is_what_is_allowed() {
    let (form, groups) = (form(), groups());
    let grants: Vec<Grant> = groups.iter().map(|group| Grant::new(group, &form, &Alone).unwrap()).collect();
    let records = records(&form);
    let all: Vec<(&PermissionGroup, &Grant)> = groups.iter().zip(&grants).collect();
    for (first, own) in &all {
        for (other, (second, theirs)) in all.iter().enumerate() {
            // The second is switched off, or names nobody, by turns.
            let (is_on, is_named) = (other % 3 != 0, other % 4 != 0);
            let second = PermissionGroup { enabled: is_on, ..(*second).clone() };
            let candidates = [
                Candidate { group: first, grant: Some(own), is_named: true },
                Candidate { group: &second, grant: Some(theirs), is_named },
            ];
            let mut mine = vec![(*own).clone()];
            mine.extend((is_on && is_named).then(|| (*theirs).clone()));
            let access = Access::granted(mine);
            for record in &records {
                let (record, context) = (record.source(None), context());
                for asked in questions() {
                    let allowed = match asked {
                        Asked::Operation(operation) => access.may_on(operation, &record, &context),
                        Asked::Field(path, right) => access.right_on(path, &record, &context) >= right,
                    };
                    let answer = explain(&candidates, asked, &record, &context);
                    assert_eq!(answer.is_allowed, allowed, "{asked:?} by {} and {}", first.key, second.key);
                    assert_eq!(answer.reasons.len(), 2);
                    let foremost = answer.reasons.first().unwrap();
                    assert_eq!(foremost.finding == Finding::Allows, allowed);
                }
            }
        }
    }
}

#[test]
fn what_is_said_to_be_gained_and_lost_is() {
    let (form, groups) = (form(), groups());
    let grants: Vec<Grant> = groups.iter().map(|group| Grant::new(group, &form, &Alone).unwrap()).collect();
    let records = records(&form);
    let paths = ["stage", "amount", "lines", "lines.qty"];
    for one in &grants {
        for other in &grants {
            let before = Access::granted(vec![one.clone()]);
            let after = Access::granted(vec![other.clone(), grants[3].clone()]);
            let differences = before.differences(&after, paths);
            for record in &records {
                let (record, context) = (record.source(None), context());
                let holds = |rows: Option<Checked>| rows.is_some_and(|rows| rows.holds(&record, &context));
                let may = |access: &Access, right: &Right| match right {
                    Right::Operation(operation) => access.may_on(*operation, &record, &context),
                    Right::Field(path, right) => {
                        let needed =
                            if *right == FieldRight::Edit { Operation::Edit } else { Operation::View };
                        access.may_on(needed, &record, &context)
                            && access.right_on(path, &record, &context) >= *right
                    }
                };
                for difference in &differences {
                    let (was, is) = (may(&before, &difference.right), may(&after, &difference.right));
                    assert_eq!(holds(difference.gained()), is && !was, "{:?}", difference.right);
                    assert_eq!(holds(difference.lost()), was && !is, "{:?}", difference.right);
                }
                for operation in Operation::ALL {
                    let right = Right::Operation(operation);
                    let told = differences.iter().any(|difference| difference.right == right);
                    assert!(told || may(&before, &right) == may(&after, &right), "{operation:?}");
                }
            }
        }
    }
    let same = Access::granted(grants.clone());
    assert!(same.differences(&same, paths).is_empty());
    let nothing = Access::granted(Vec::new()).differences(&Access::administrator(), []);
    assert_eq!(nothing.len(), Operation::ALL.len());
    let countless: Vec<_> = nothing.iter().filter(|difference| !difference.is_of_records()).collect();
    assert_eq!(countless.len(), 2, "{countless:?}");
}

#[test]
fn the_part_that_decides_is_pointed_at() {
    let form = form();
    let group = group(
        json!({"key": "g", "label": {"zh-CN": "北区", "zh-TW": "北區", "en": "North"}, "operations": ["view"],
        "rows": {"all": [
            {"field": "stage", "op": "eq", "value": "won"},
            {"any": [{"field": "amount", "op": "gt", "value": 50}, {"field": "$owner", "op": "eq", "value": {"var": "me"}}]}]}}),
    );
    let grant = Grant::new(&group, &form, &Alone).unwrap();
    let candidates = [Candidate { group: &group, grant: Some(&grant), is_named: true }];
    let draft = record(&form, "won", 10);
    let asked = Asked::Operation(Operation::View);
    let answer = explain(&candidates, asked, &draft.source(None), &context());
    assert!(!answer.is_allowed);
    let reason = answer.reasons.first().unwrap();
    assert_eq!(reason.finding, Finding::OutsideRows);

    let names = KnownNames::of(Arc::new(Names));
    let teller = Teller {
        form: &form,
        catalogue: &Alone,
        language: Language::En,
        names: &names,
        member: "Mei",
        is_open: &|_| true,
    };
    let lines = teller.rows(reason.rows.as_ref().unwrap());
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let mark = if line.decides { "!" } else { "" };
            format!("{}{mark}{} {}", line.depth, line.text, line.found.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        told,
        [
            "0!All of these ",
            "1“Stage” is won the record has won",
            "1!At least one of these ",
            "2!“Amount” is above 50.00 the record has 10.00",
            "2!“Owner” is Mei the record has nothing there",
        ]
    );
    assert_eq!(teller.verdict(asked, false), "Mei may not view records.");
    assert_eq!(
        teller.reason(asked, reason),
        "The group “North” lets its people view records, but this record is outside of its rows."
    );
    let closed = Teller { is_open: &|_| false, ..teller };
    assert!(closed.rows(reason.rows.as_ref().unwrap()).iter().all(|line| line.found.is_none()));
    let chinese = Teller { language: Language::ZhCn, ..closed };
    assert_eq!(chinese.verdict(asked, true), "Mei可以查看记录。");
    assert_eq!(chinese.rows(reason.rows.as_ref().unwrap())[3].text, "「金额」大于50.00");
    assert_eq!(
        chinese.verdict(Asked::Field("amount", FieldRight::Edit), false),
        "Mei不可以修改字段「金额」。"
    );
}

#[test]
fn everything_can_be_told_in_every_language() {
    let keys = |language| -> BTreeSet<&str> {
        source(language).lines().filter_map(|line| line.split_once(" =").map(|(key, _)| key)).collect()
    };
    let english = keys(Language::En);
    assert_eq!((keys(Language::ZhCn), keys(Language::ZhTw)), (english.clone(), english.clone()));
    let has = |key: String| assert!(english.contains(key.as_str()), "{key}");
    for operation in Operation::ALL {
        has(format!("explain-do-{}", operation.name().replace('_', "-")));
    }
    for operator in Operator::ALL {
        has(format!("explain-op-{}", operator.name().replace('_', "-")));
    }
    let form = form();
    let names = KnownNames::of(Arc::new(Names));
    for language in Language::ALL {
        let teller = Teller {
            form: &form,
            catalogue: &Alone,
            language,
            names: &names,
            member: "Mei",
            is_open: &|_| true,
        };
        for finding in [
            Finding::Allows,
            Finding::OutsideRows,
            Finding::LacksOperation,
            Finding::LacksField(FieldRight::None),
            Finding::LacksField(FieldRight::Read),
            Finding::Broken,
            Finding::Disabled,
            Finding::NotNamed,
        ] {
            let group = group(json!({"key": "g", "label": "North"}));
            let said = teller.reason(
                Asked::Field("amount", FieldRight::Edit),
                &Reason { group: &group, finding, rows: None },
            );
            assert!(said.contains("North") && !said.contains("explain-"), "{said}");
        }
    }
}

#[test]
fn every_predefined_group_fits_and_is_called_something() {
    for has_flow in [false, true] {
        let offered = predefined(has_flow);
        assert_eq!(offered.len(), if has_flow { 3 } else { 5 });
        for group in offered {
            assert!(Grant::new(&group, &form(), &Alone).is_ok(), "{}", group.key);
            assert!(!group.label.is_blank() && group.who == Who::default());
            let texts: BTreeSet<&str> = group.label.texts().into_iter().collect();
            assert!(texts.len() >= 2, "{texts:?}");
        }
    }
}

#[test]
fn ones_own_departments_are_not_those_below_them() {
    let form = form();
    let group = group(json!({"key": "g", "label": "g", "operations": ["view"],
        "rows": {"field": "$department", "op": "in", "value": {"var": "my_own_departments"}}}));
    let access = Access::granted(vec![Grant::new(&group, &form, &Alone).unwrap()]);
    let (own, below) = (Id::from_i64(2).unwrap(), Id::from_i64(3).unwrap());
    let context = Context { departments: vec![own, below], own_departments: vec![own], ..context() };
    for (department, is_seen) in [(own, true), (below, false)] {
        let given = crate::value::Values::from([("$department".to_string(), Value::Ref(department))]);
        let draft = Draft::edit(
            form.clone(),
            context.clone(),
            crate::record::Linked::default(),
            crate::value::Values::new(),
            given,
        );
        assert_eq!(access.may_on(Operation::View, &draft.source(None), &context), is_seen);
    }
}
