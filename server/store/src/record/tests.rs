use std::collections::BTreeMap;

use engine::access::Access;
use engine::value::{Id, Row, Value};
use serde_json::json;

use super::{Record, get, get_many, walk};
use crate::testing::{TestForms, context, insert, on_both, update};
use crate::{Error, Store};

fn every_kind() -> serde_json::Value {
    json!({"key": "all", "label": "全", "fields": [
        {"key": "title", "label": "标题", "kind": "text"},
        {"key": "note", "label": "备注", "kind": "long_text"},
        {"key": "amount", "label": "金额", "kind": "number"},
        {"key": "price", "label": "单价", "kind": "money", "options": {"scale": 6, "currency": "CNY"}},
        {"key": "share", "label": "占比", "kind": "percent"},
        {"key": "day", "label": "日期", "kind": "date"},
        {"key": "at", "label": "时间", "kind": "datetime"},
        {"key": "month", "label": "月", "kind": "month"},
        {"key": "paid", "label": "已付", "kind": "switch"},
        {"key": "status", "label": "状态", "kind": "select", "options": {"choices": [
            {"key": "new", "label": "新"}, {"key": "old", "label": "旧"}]}},
        {"key": "tags", "label": "标签", "kind": "multi_select", "options": {"choices": [
            {"key": "a,b", "label": "甲"}, {"key": "乙", "label": "乙"}]}},
        {"key": "phone", "label": "电话", "kind": "phone"},
        {"key": "email", "label": "邮箱", "kind": "email"},
        {"key": "who", "label": "人", "kind": "member"},
        {"key": "team", "label": "组", "kind": "members"},
        {"key": "dept", "label": "部", "kind": "department"},
        {"key": "units", "label": "诸部", "kind": "departments"},
        {"key": "partners", "label": "伙伴", "kind": "links", "options": {"form": "all"}},
        {"key": "photos", "label": "图", "kind": "images"},
        {"key": "signed", "label": "签", "kind": "signature"},
        {"key": "near", "label": "近", "kind": "query", "options": {"form": "all"}},
        {"key": "line", "label": "线", "kind": "divider"},
        {"key": "papers", "label": "附件", "kind": "files"},
        {"key": "other", "label": "关联", "kind": "link", "options": {"form": "all"}},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "品名", "kind": "text"},
            {"key": "qty", "label": "数量", "kind": "number", "options": {"scale": 3}},
            {"key": "gift", "label": "赠", "kind": "switch"},
            {"key": "marks", "label": "标", "kind": "multi_select", "options": {"choices": [
                {"key": "x", "label": "x"}, {"key": "y", "label": "y"}]}}]}}]})
}

fn filled(forms: &TestForms) -> Record {
    let (who, file, other) = (crate::ids::next(), crate::ids::next(), crate::ids::next());
    forms.record(
        "all",
        json!({"title": "Ａ订单 É", "note": "第一行\n第二行", "amount": "1234567890123456.78", "price": "-0.000001",
            "share": "15.5", "day": "1969-12-31", "at": "1000-01-02T03:04:05.678901Z", "month": "2026-11",
            "paid": true, "status": "old", "tags": ["a,b", "乙"], "phone": "13800138000",
            "email": "a@example.com", "who": who.to_string(), "papers": [file.to_string()],
            "team": [other.to_string(), who.to_string()], "dept": who.to_string(), "units": [who.to_string()],
            "partners": [other.to_string()], "photos": [file.to_string(), who.to_string()],
            "signed": file.to_string(),
            "other": other.to_string(),
            "lines": [{"item": "笔", "qty": "1.5", "gift": true, "marks": ["y", "x"]},
                      {"item": "纸", "qty": "2"}, {"item": "墨"}]}),
    )
}

async fn read(store: &Store, forms: &TestForms, id: Id) -> Option<Record> {
    let mut db = store.read().await.unwrap();
    get(&mut db, &Access::system("test"), forms.form_ref("all"), id, &context()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_value_comes_back_as_it_was_stored() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, every_kind()).await;
        let (mut full, empty) = (filled(&forms), forms.record("all", json!({})));
        full.system.collaborators = vec![crate::ids::next(), crate::ids::next()];
        full.system.owner = Some(crate::ids::next());
        full.system.flow_state = Some("running".into());
        insert(store, forms.form_ref("all"), &[full.clone(), empty.clone()]).await.unwrap();
        for switch in full.values.get_mut("lines").into_iter().flat_map(|value| match value {
            Value::Rows(rows) => rows.iter_mut(),
            _ => [].iter_mut(),
        }) {
            switch.values.entry("gift".into()).or_insert(Value::Bool(false));
        }
        let id = full.id;
        assert_eq!(read(store, &forms, id).await, Some(full.clone()));
        assert_eq!(read(store, &forms, empty.id).await, Some(empty.clone()));
        assert_eq!(read(store, &forms, crate::ids::next()).await, None);
        let mut db = store.read().await.unwrap();
        let all = get_many(
            &mut db,
            &Access::system("test"),
            forms.form_ref("all"),
            &[empty.id, id, empty.id, crate::ids::next()],
            &context(),
        )
        .await;
        assert_eq!(all, Ok(BTreeMap::from([(empty.id, empty), (id, full)])));
    })
    .await;
}

/// Brings a value into the form in which it is read: rows have their switches.
fn settled(record: &Record) -> Record {
    let mut record = record.clone();
    if let Some(Value::Rows(rows)) = record.values.get_mut("lines") {
        for row in rows {
            row.values.entry("gift".into()).or_insert(Value::Bool(false));
        }
    }
    record
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_stores_what_differs_and_nothing_else() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, every_kind()).await;
        let old = settled(&filled(&forms));
        insert(store, forms.form_ref("all"), std::slice::from_ref(&old)).await.unwrap();
        let mut new = old.clone();
        new.version = 2;
        new.system.updated_by = Some(crate::ids::next());
        new.system.department = Some(crate::ids::next());
        new.system.collaborators = vec![crate::ids::next()];
        new.values.remove("amount");
        new.values.insert("title".into(), Value::text("b"));
        new.values.insert("tags".into(), Value::List(vec![Value::text("乙")]));
        let Some(Value::Rows(rows)) = new.values.get_mut("lines") else { panic!() };
        rows.swap(0, 2);
        rows.remove(1);
        rows[1].values.insert("marks".into(), Value::List(vec![Value::text("x")]));
        rows.insert(
            1,
            Row {
                id: Some(crate::ids::next()),
                values: BTreeMap::from([
                    ("item".to_string(), Value::text("新")),
                    ("gift".to_string(), Value::Bool(true)),
                ]),
            },
        );
        update(store, forms.form_ref("all"), &old, &new).await.unwrap();
        assert_eq!(read(store, &forms, old.id).await, Some(new.clone()));
        // The old version is gone: a second writer that started from it changes nothing. (SQLite's one writer has read in
        // its own transaction what it changes, so there it is the rows of the sub-form that stand in its way.)
        let late = update(store, forms.form_ref("all"), &old, &new).await;
        assert!(
            matches!(late, Err(Error::NotFound { .. } | Error::NotUnique { .. } | Error::Conflict { .. })),
            "{late:?}"
        );
        assert_eq!(read(store, &forms, old.id).await, Some(new));
    })
    .await;
}

fn numbered() -> serde_json::Value {
    json!({"key": "all", "label": "全", "unique": [["a", "b"]], "fields": [
        {"key": "no", "label": "号", "kind": "text", "unique": true},
        {"key": "a", "label": "a", "kind": "text"}, {"key": "b", "label": "b", "kind": "number"}]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unique_values_are_held_by_submitted_records_alone() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, numbered()).await;
        let form = forms.form_ref("all");
        let first = forms.record("all", json!({"no": "1", "a": "x", "b": 1}));
        insert(store, form, std::slice::from_ref(&first)).await.unwrap();
        // Null is no value, alone or in a set.
        let without = [json!({"a": "x"}), json!({"a": "x"}), json!({"b": 1})];
        insert(store, form, &without.map(|fields| forms.record("all", fields))).await.unwrap();
        let mut draft = forms.record("all", json!({"no": "1"}));
        draft.system.flow_state = Some("draft".into());
        insert(store, form, &[draft.clone()]).await.unwrap();
        let clash = insert(store, form, &[forms.record("all", json!({"no": "1"}))]).await.unwrap_err();
        assert_eq!(clash, Error::NotUnique { fields: vec!["no".to_string()] });
        let clash = insert(store, form, &[forms.record("all", json!({"a": "x", "b": 1}))]).await.unwrap_err();
        assert_eq!(clash, Error::NotUnique { fields: vec!["a".to_string(), "b".to_string()] });
        // In the bin it holds none, and may be in the way of coming back.
        let mut binned = first.clone();
        binned.version = 2;
        binned.system.deleted_at = Some(first.system.created_at);
        update(store, form, &first, &binned).await.unwrap();
        let mut submitted = draft.clone();
        submitted.version = 2;
        submitted.system.flow_state = None;
        update(store, form, &draft, &submitted).await.unwrap();
        let back = Record { version: 3, ..first.clone() };
        assert!(matches!(update(store, form, &binned, &back).await, Err(Error::NotUnique { .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_records_swap_their_unique_values() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, numbered()).await;
        let form = forms.form_ref("all");
        let old = [json!({"no": "1"}), json!({"no": "2"})].map(|fields| forms.record("all", fields));
        insert(store, form, &old).await.unwrap();
        let mut new = old.clone();
        for (record, no) in new.iter_mut().zip(["2", "1"]) {
            record.version = 2;
            record.values.insert("no".into(), Value::text(no));
        }
        let (before, after) = (old.clone(), new.clone());
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    let changes: Vec<super::Change> =
                        before.iter().zip(&after).map(|(old, new)| super::Change { old, new }).collect();
                    super::update(tx, &Access::system("test"), form, &changes).await
                })
            })
            .await;
        done.unwrap();
        for record in new {
            assert_eq!(read(store, &forms, record.id).await, Some(record));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_field_comes_back_with_its_values() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, every_kind()).await;
        let old = settled(&filled(&forms));
        insert(store, forms.form_ref("all"), std::slice::from_ref(&old)).await.unwrap();
        let mut without = every_kind();
        let fields = without["fields"].as_array_mut().unwrap();
        fields.retain(|field| field["key"] != "title" && field["key"] != "lines");
        forms.publish(store, without).await;
        let seen = read(store, &forms, old.id).await.unwrap();
        assert!(!seen.values.contains_key("title") && !seen.values.contains_key("lines"));
        insert(store, forms.form_ref("all"), &[forms.record("all", json!({"note": "x"}))]).await.unwrap();
        forms.publish(store, every_kind()).await;
        assert_eq!(read(store, &forms, old.id).await, Some(old));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uniqueness_that_the_data_breaks_is_refused_at_publish() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        let mut plain = numbered();
        plain["fields"][0]["unique"] = json!(false);
        forms.publish(store, plain).await;
        let form = forms.form_ref("all");
        let twice = [json!({"no": "1"}), json!({"no": "1"})].map(|fields| forms.record("all", fields));
        insert(store, form, &twice).await.unwrap();
        let sketch = engine::form::Sketch {
            id: form.form,
            app: "test".into(),
            document: serde_json::from_value(numbered()).unwrap(),
        };
        let strict = engine::form::Form::publish(std::sync::Arc::new(sketch), 2, &forms).unwrap();
        let strict = std::sync::Arc::new(strict);
        let refused: Result<(), Error> = store
            .write(move |tx| {
                let strict = strict.clone();
                Box::pin(async move {
                    let now = engine::value::Timestamp::from_second(1_790_000_000).unwrap();
                    crate::table::publish(tx, form.workspace, &strict, None, now).await.map(drop)
                })
            })
            .await;
        let clash = refused.unwrap_err();
        assert_eq!(clash, Error::NotUnique { fields: vec!["no".to_string()] });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_purged_leaves_nothing() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, every_kind()).await;
        let record = filled(&forms);
        let (form, id) = (forms.form_ref("all"), record.id);
        insert(store, form, &[record]).await.unwrap();
        let removed: Result<u64, Error> = store
            .write(move |tx| {
                Box::pin(async move { super::purge(tx, &Access::system("test"), form, &[id]).await })
            })
            .await;
        assert_eq!(removed, Ok(1));
        let mut db = store.read().await.unwrap();
        let table = db.table(form).await.unwrap();
        let mut names = vec![table.name()];
        names.extend(table.subforms().map(|subform| table.rows_name(subform)));
        names.extend(table.columns.iter().filter(|column| column.is_many()).map(|c| table.side_name(c)));
        assert!(names.len() > 4);
        for name in names {
            let count = db.fetch_one(format!("SELECT count(*) FROM {name}"), Vec::new()).await.unwrap();
            assert_eq!(count.get::<i64>(0), Ok(0), "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_changes_its_kind_keeps_the_values_that_fit() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        let shape = |code, codes, qty| {
            json!({"key": "all", "label": "全", "fields": [
                {"key": "code", "label": "码", "kind": code},
                {"key": "codes", "label": "码", "kind": codes, "options": choices(codes)},
                {"key": "lines", "label": "行", "kind": "subform", "options": {"fields": [
                    {"key": "qty", "label": "量", "kind": qty}]}}]})
        };
        fn choices(kind: &str) -> serde_json::Value {
            let choice = |key: &str| json!({"key": key, "label": {"zh-CN": format!("选{key}"), "en": key}});
            match kind {
                "text" => json!({}),
                _ => json!({"choices": [choice("x"), choice("y")]}),
            }
        }
        forms.publish(store, shape("text", "select", "text")).await;
        let stored = [
            json!({"code": "12.50", "codes": "x", "lines": [{"qty": "１"}, {"qty": "many"}]}),
            json!({"code": "abc", "codes": "y", "lines": []}),
            json!({}),
        ]
        .map(|fields| forms.record("all", fields));
        insert(store, forms.form_ref("all"), &stored).await.unwrap();
        let [first, second, _] = &stored;
        forms.publish(store, shape("number", "multi_select", "number")).await;
        let seen = read(store, &forms, first.id).await.unwrap();
        assert_eq!(seen.value("code"), Value::Number("12.50".parse().unwrap()));
        assert_eq!(seen.value("codes"), Value::List(vec![Value::text("x")]));
        let rows = seen.value("lines");
        assert_eq!(rows.rows()[0].values.get("qty"), Some(&Value::number(1)));
        assert_eq!(rows.rows()[1].values.get("qty"), None);
        assert_eq!(read(store, &forms, second.id).await.unwrap().value("code"), Value::Empty);
        // On the way back it is what it is now that is taken over, where that has changed since; else it is what once was.
        let mut emptied = seen.clone();
        emptied.version = 2;
        emptied.values.remove("code");
        update(store, forms.form_ref("all"), &seen, &emptied).await.unwrap();
        forms.publish(store, shape("text", "text", "text")).await;
        let seen = read(store, &forms, first.id).await.unwrap();
        assert_eq!((seen.value("code"), seen.value("codes")), (Value::Empty, Value::text("选x")));
        let amounts = seen.value("lines");
        let amounts = amounts.rows().iter().map(|row| row.values.get("qty").cloned());
        assert_eq!(amounts.collect::<Vec<_>>(), [Some(Value::text("１")), Some(Value::text("many"))]);
        assert_eq!(read(store, &forms, second.id).await.unwrap().value("code"), Value::text("abc"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choices_that_are_taken_out_come_back_with_their_records() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        let with = |keys: &[&str]| {
            let choices: Vec<_> = keys.iter().map(|key| json!({"key": key, "label": key})).collect();
            json!({"key": "all", "label": "全", "fields": [
                {"key": "state", "label": "态", "kind": "select", "options": {"choices": choices}},
                {"key": "tags", "label": "标", "kind": "multi_select", "options": {"choices": choices}}]})
        };
        forms.publish(store, with(&["a", "b"])).await;
        let stored = [json!({"state": "a", "tags": ["a", "b"]}), json!({"state": "b", "tags": ["b"]})]
            .map(|fields| forms.record("all", fields));
        insert(store, forms.form_ref("all"), &stored).await.unwrap();
        let [first, second] = &stored;
        let before = forms.forms["all"].clone();
        let after = forms.publish(store, with(&["a"])).await;
        let seen = read(store, &forms, first.id).await.unwrap();
        assert_eq!(seen.value("state"), Value::text("a"));
        assert_eq!(seen.value("tags"), Value::List(vec![Value::text("a")]));
        let lost = read(store, &forms, second.id).await.unwrap();
        assert_eq!((lost.value("state"), lost.value("tags")), (Value::Empty, Value::Empty));
        // What would come back is known before it does.
        let mut db = store.read().await.unwrap();
        let form = forms.form_ref("all");
        let back = crate::table::conversions(&mut db, form.workspace, &before, &after).await.unwrap();
        let state = back.iter().find(|conversion| conversion.path() == "state").unwrap();
        let mut steps = crate::table::Steps::default();
        let taken = state.look(&mut db, form, &mut steps, &jiff::tz::TimeZone::UTC).await.unwrap();
        let taken = taken.into_iter().map(|one| (one.record, one.is_back, one.after.value()));
        assert_eq!(
            taken.collect::<Vec<_>>(),
            [(first.id, false, Value::text("a")), (second.id, true, Value::text("b"))]
        );
        drop(db);
        forms.publish(store, with(&["a", "b"])).await;
        for record in &stored {
            assert_eq!(read(store, &forms, record.id).await.as_ref(), Some(record));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_comes_by_every_record_once_whatever_became_of_it() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, every_kind()).await;
        let mut all: Vec<Record> = (0..7).map(|_| settled(&filled(&forms))).collect();
        all[1].system.flow_state = Some("draft".into());
        all[2].system.deleted_at = Some(crate::testing::at(5));
        insert(store, forms.form_ref("all"), &all).await.unwrap();
        all.sort_by_key(|record| record.id);
        let mut found: Vec<Record> = Vec::new();
        loop {
            let mut db = store.read().await.unwrap();
            let after = found.last().map(|record| record.id);
            let access = Access::system("test");
            let page = walk(&mut db, &access, forms.form_ref("all"), after, 3).await.unwrap();
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        assert_eq!(found, all);
        let mut db = store.read().await.unwrap();
        let some = Access::granted(Vec::new());
        assert_eq!(walk(&mut db, &some, forms.form_ref("all"), None, 3).await, Ok(Vec::new()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_reader_sees_one_moment_while_others_write() {
    on_both(async |store| {
        let mut forms = TestForms::new();
        forms.publish(store, every_kind()).await;
        let table = forms.form_ref("all");
        let access = Access::system("test");
        insert(store, table, &[filled(&forms)]).await.unwrap();
        let mut frozen = store.read().await.unwrap();
        frozen.freeze().await.unwrap();
        assert_eq!(walk(&mut frozen, &access, table, None, 9).await.unwrap().len(), 1);
        insert(store, table, &[filled(&forms)]).await.unwrap();
        assert_eq!(walk(&mut frozen, &access, table, None, 9).await.unwrap().len(), 1);
        assert_eq!(walk(&mut store.read().await.unwrap(), &access, table, None, 9).await.unwrap().len(), 2);
        frozen.thaw().await.unwrap();
        assert_eq!(walk(&mut frozen, &access, table, None, 9).await.unwrap().len(), 2);
        // One that is given back frozen freezes nobody else.
        frozen.freeze().await.unwrap();
        assert_eq!(walk(&mut frozen, &access, table, None, 9).await.unwrap().len(), 2);
        drop(frozen);
        insert(store, table, &[filled(&forms)]).await.unwrap();
        let mut others = Vec::new();
        for _ in 0..2 {
            others.push(store.read().await.unwrap());
        }
        for db in &mut others {
            assert_eq!(walk(db, &access, table, None, 9).await.unwrap().len(), 3);
        }
    })
    .await;
}
