//! The sound of texts, beside them: `c5i` has the initials of a text with Chinese characters, `c5p` its syllables and then
//! the text. Lists are sorted by `coalesce(c5p, c5f, c5)`, and pickers search all three.

use std::collections::BTreeSet;

use engine::field::Shape;
use engine::form::Form;
use engine::value::Id;

use super::index::{Wanted, create};
use super::long::has_room;
use super::{Column, FormRef, Part, Table};
use crate::cell;
use crate::connection::{Sql, Tx};
use crate::error::Result;
use crate::row::args;

/// Values in one step: a form of a million records is never in memory as a whole.
const STEP: usize = 1000;
/// Texts of a record by whose sound a picker finds it, at most, and others by which it does. Each costs a save the writing of
/// its indexes.
const MOST_TITLES: usize = 2;
const MOST_SHOWN: usize = 4;

/// Makes a form's records quick to find by what somebody types: by the beginnings of these texts of their titles, however
/// they are written, and of these other texts that pickers show. Texts and indexes that are there stay as they are.
pub async fn searchable(
    tx: &mut Tx,
    workspace: Id,
    form: Id,
    titles: &[String],
    shown: &[String],
) -> Result<()> {
    let table = tx.linked_table(workspace, form).await?;
    let text = |path: &&String| table.column(path).is_some_and(Column::is_searched);
    let titles: Vec<String> = titles.iter().filter(text).take(MOST_TITLES).cloned().collect();
    let shown: Vec<String> = shown.iter().filter(text).take(MOST_SHOWN).cloned().collect();
    for path in &titles {
        if let Some(column) = table.column(path).filter(|column| !column.spelled) {
            add(tx, &table, column).await?;
        }
    }
    let table = tx.table_changed(workspace, form).await?;
    let number = |path: &String| table.column(path).map(|column| column.number);
    let mut parts: Vec<Part> = titles.iter().chain(&shown).filter_map(number).map(Part::Folded).collect();
    for title in titles.iter().filter_map(number) {
        parts.extend([Part::Initials(title), Part::Spelled(title)]);
    }
    for part in parts {
        let is_there = table.has_index(std::slice::from_ref(&part));
        if !is_there && has_room(tx, &table, std::slice::from_ref(&part)).await? {
            create(tx, &table, &Wanted::plain(vec![part])).await?;
        }
    }
    tx.table_changed(workspace, form).await.map(drop)
}

/// Puts the sound beside the texts that the form sorts by it, and makes it anew beside those that were `converted`.
pub(super) async fn settle(
    tx: &mut Tx,
    table: &Table,
    form: &Form,
    converted: &BTreeSet<String>,
) -> Result<()> {
    let sorted = |column: &&Column| {
        let field = form.column(&column.path).map(|column| &column.field.kind);
        column.is_searched() && field.is_some_and(|kind| kind.sorts_by_sound())
    };
    for column in table.fields().filter(sorted).filter(|column| !column.spelled) {
        add(tx, table, column).await?;
    }
    for column in table.fields().filter(|column| column.spelled && converted.contains(&column.path)) {
        fill(tx, table, column).await?;
    }
    Ok(())
}

/// Makes the sound anew beside those of these fields that have one: their texts were written by themselves.
///
/// # Errors
/// When the database can't be written.
pub async fn spell(tx: &mut Tx, form: FormRef, fields: &BTreeSet<String>) -> Result<()> {
    let table = tx.table(form).await?;
    for column in table.fields().filter(|column| column.spelled && fields.contains(&column.path)) {
        fill(tx, &table, column).await?;
    }
    Ok(())
}

impl Column {
    /// Whether it is a text of the record itself, by which it can be found and sorted.
    pub(crate) fn is_searched(&self) -> bool {
        self.shape == Shape::Text && self.is_own() && self.subform().is_none()
    }

    /// The columns with the initials and with the syllables.
    pub(crate) fn sound_names(&self) -> [String; 2] {
        [format!("{}i", self.name()), format!("{}p", self.name())]
    }
}

async fn add(tx: &mut Tx, table: &Table, column: &Column) -> Result<()> {
    let of_type = tx.dialect().column_type(Shape::Text);
    for name in column.sound_names() {
        tx.batch(format!("ALTER TABLE {} ADD COLUMN {name} {of_type}", table.name())).await?;
    }
    let sql = "UPDATE form_column SET spelled = 1 WHERE workspace = ? AND form = ? AND number = ?";
    tx.execute(sql, args![table.workspace, table.form, column.number]).await?;
    fill(tx, table, column).await
}

/// Writes the sound of every text.
async fn fill(tx: &mut Tx, table: &Table, column: &Column) -> Result<()> {
    let (name, text) = (table.name(), column.name());
    let [initials, syllables] = column.sound_names();
    let sql = format!(
        "SELECT id, {text}, {initials} FROM {name} WHERE workspace = ? AND id > ? \
         AND ({text} IS NOT NULL OR {initials} IS NOT NULL) ORDER BY id LIMIT {STEP}"
    );
    let update = format!("UPDATE {name} SET {initials} = ?, {syllables} = ? WHERE workspace = ? AND id = ?");
    let mut after = 0i64;
    loop {
        let rows = tx.fetch_all(Sql::Template(sql.clone()), args![table.workspace, after]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get(0)?;
        for row in &rows {
            let (value, former) = (cell::decode(row, 1, Shape::Text)?, row.get::<Option<String>>(2)?);
            let [initials, syllables] = cell::sound(&value);
            // Most texts have none, and none is written.
            if former.is_none() && initials == cell::null(tx.dialect(), Shape::Text) {
                continue;
            }
            let values = args![initials, syllables, table.workspace, row.get::<i64>(0)?];
            tx.execute_ahead(Sql::Template(update.clone()), values).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::access::Access;
    use engine::condition::Checked;
    use serde_json::{Value as Json, json};

    use crate::query::{Beginning, By, From, Query, Shelf, Sort, beginning, page};
    use crate::record::Record;
    use crate::testing::{TestForms, context, insert, on_both, update};
    use crate::{Error, Store};

    fn names(sort: Option<&str>) -> Json {
        let options = sort.map_or(json!({}), |sort| json!({"sort": sort}));
        json!({"key": "people", "label": "人", "fields": [
            {"key": "name", "label": "名", "kind": "text", "options": options},
            {"key": "sku", "label": "号", "kind": "text"}]})
    }

    async fn sorted(store: &Store, forms: &TestForms) -> Vec<String> {
        let form = forms.forms["people"].clone();
        let (reach, kind) = form.find("name", forms).unwrap();
        let query = Query {
            shelf: Shelf::Live,
            filter: Checked::always(),
            sort: vec![Sort { reach, kind, descending: false }],
            limit: 3,
            from: From::Start,
            fields: None,
        };
        let mut db = store.read().await.unwrap();
        let (access, table) = (Access::system("test"), forms.form_ref("people"));
        let mut all = Vec::new();
        let mut from = From::Start;
        loop {
            let query = Query { from, ..query.clone() };
            let found = page(&mut db, &access, table, &query, &context()).await.unwrap();
            all.extend(found.records.iter().map(|record| text(record, "name")));
            match found.next {
                Some(next) => from = From::After(next),
                None => return all,
            }
        }
    }

    fn text(record: &Record, path: &str) -> String {
        record.value(path).as_text().unwrap_or_default().to_string()
    }

    const NAMES: [&str; 8] = ["先生", "西安", "张三", "章三", "张", "Zebra", "重庆", "abc"];
    const BY_SOUND: [&str; 8] = ["abc", "重庆", "西安", "先生", "Zebra", "张", "张三", "章三"];

    /// What is there when the option comes is sorted by its sound, and so is what comes after; on both databases alike.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn texts_are_sorted_by_their_sound() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            forms.publish(store, names(None)).await;
            let record = |forms: &TestForms, name: &str| forms.record("people", json!({"name": name}));
            let (old, new) = NAMES.split_at(4);
            let old: Vec<Record> = old.iter().map(|name| record(&forms, name)).collect();
            insert(store, forms.form_ref("people"), &old).await.unwrap();
            let mut by_letters: Vec<String> = old.iter().map(|record| text(record, "name")).collect();
            by_letters.sort();
            assert_eq!(sorted(store, &forms).await, by_letters);
            forms.publish(store, names(Some("pinyin"))).await;
            let new: Vec<Record> = new.iter().map(|name| record(&forms, name)).collect();
            insert(store, forms.form_ref("people"), &new).await.unwrap();
            assert_eq!(sorted(store, &forms).await, BY_SOUND);
            // A change is followed.
            let first = &old[0];
            let mut renamed = Record { version: 2, ..first.clone() };
            renamed.values.insert("name".into(), engine::value::Value::text("啊"));
            update(store, forms.form_ref("people"), first, &renamed).await.unwrap();
            assert_eq!(sorted(store, &forms).await[0], "啊");
        })
        .await;
    }

    /// A record is found by how its title begins, as it is written, by its initials, and spelled out.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn records_are_found_by_how_their_texts_begin_and_sound() {
        on_both(async |store| {
            let mut forms = TestForms::new();
            forms.publish(store, names(None)).await;
            let record =
                |(name, sku): (&str, &str)| forms.record("people", json!({"name": name, "sku": sku}));
            let records: Vec<Record> = [
                ("重庆长安", "C-1"),
                ("重庆火锅", "C-2"),
                ("张三", "Z%1"),
                ("张三丰", "Z_2"),
                ("Chair", "c-3"),
            ]
            .map(record)
            .into();
            let form = forms.form_ref("people");
            insert(store, form, &records).await.unwrap();
            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        // Twice is once.
                        for _ in 0..2 {
                            let (titles, shown) = (["name".to_string()], ["sku".to_string()]);
                            super::searchable(tx, form.workspace, form.form, &titles, &shown).await?;
                        }
                        Ok(())
                    })
                })
                .await;
            done.unwrap();
            let mut db = store.read().await.unwrap();
            let mut found = async |field: &str, by: By, typed: &str| -> Vec<String> {
                let wanted = Beginning { filter: Checked::always(), field, by, text: typed, limit: 20 };
                let access = Access::system("test");
                let records = beginning(&mut db, &access, form, &wanted, &context()).await.unwrap();
                records.iter().map(|record| text(record, "name")).collect()
            };
            assert_eq!(found("name", By::Text, "重庆").await, ["重庆火锅", "重庆长安"]);
            assert_eq!(found("name", By::Text, "CHA").await, ["Chair"]);
            assert_eq!(found("name", By::Initials, "cq").await, ["重庆长安", "重庆火锅"]);
            assert_eq!(found("name", By::Initials, "zsf").await, ["张三丰"]);
            assert_eq!(found("name", By::Sound, "zhangs").await, ["张三", "张三丰"]);
            assert_eq!(found("name", By::Sound, "chongqingh").await, ["重庆火锅"]);
            assert_eq!(found("sku", By::Text, "z%").await, ["张三"]);
            assert_eq!(found("sku", By::Text, "c-").await, ["重庆长安", "重庆火锅", "Chair"]);
            assert!(found("sku", By::Initials, "c").await.is_empty(), "a code has no sound");
            assert!(found("nothing", By::Text, "c").await.is_empty());
        })
        .await;
    }
}
