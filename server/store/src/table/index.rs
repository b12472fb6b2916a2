//! Which indexes a form has: for what is unique, for links, and for the default sort; more by observed use.
//!
//! All are partial, over records that count (`live = 1`): drafts and records in the bin hold no unique value and
//! are in no list. Because the condition is an equality, SQLite can answer from the index alone.
//!
//! Names say what an index is on: `t12__c3__c4` is unique over two columns, `t12_c3_f4` orders by one and then by
//! the folded text of another.

use engine::field::Shape;
use engine::form::Form;

use super::long::has_room;
use super::{Column, Table, Wish};
use crate::connection::{Reader, Tx};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;

/// Indexes of one form at most, besides those that uniqueness needs.
const BUDGET: usize = 16;

/// One column of an index.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Column(i64),
    /// The folded text of a column: what sorting looks at.
    Folded(i64),
    /// What sorting by sound looks at.
    Sound(i64),
    /// The initials of a text.
    Initials(i64),
    /// A text spelled out without blanks, as it is typed.
    Spelled(i64),
    CreatedAt,
}

impl Part {
    fn name(&self) -> String {
        match self {
            Part::Column(number) => format!("c{number}"),
            Part::Folded(number) => format!("f{number}"),
            Part::Sound(number) => format!("s{number}"),
            Part::Initials(number) => format!("i{number}"),
            Part::Spelled(number) => format!("p{number}"),
            Part::CreatedAt => "created".to_string(),
        }
    }

    fn from_name(name: &str) -> Option<Part> {
        let number = |name: &str| name.parse().ok();
        match name {
            "created" => Some(Part::CreatedAt),
            _ if name.starts_with('c') => number(&name[1..]).map(Part::Column),
            _ if name.starts_with('f') => number(&name[1..]).map(Part::Folded),
            _ if name.starts_with('s') => number(&name[1..]).map(Part::Sound),
            _ if name.starts_with('i') => number(&name[1..]).map(Part::Initials),
            _ if name.starts_with('p') => number(&name[1..]).map(Part::Spelled),
            _ => None,
        }
    }

    /// Whether it is a text of the table.
    pub(super) fn is_text(&self, table: &Table) -> bool {
        match self {
            Part::Column(number) => {
                let column = table.columns.iter().find(|column| column.number == *number);
                column.is_some_and(|column| matches!(column.shape, Shape::Text | Shape::Parts | Shape::Key))
            }
            Part::Folded(_) | Part::Sound(_) | Part::Initials(_) | Part::Spelled(_) => true,
            Part::CreatedAt => false,
        }
    }

    pub(super) fn sql(&self) -> String {
        match self {
            Part::Column(number) => format!("c{number}"),
            Part::Folded(number) => format!("coalesce(c{number}f, c{number})"),
            Part::Sound(number) => format!("coalesce(c{number}p, c{number}f, c{number})"),
            Part::Initials(number) => format!("c{number}i"),
            Part::Spelled(number) => format!("replace(c{number}p, ' ', '')"),
            Part::CreatedAt => "created_at".to_string(),
        }
    }
}

impl Table {
    /// Whether an index begins with these parts.
    pub(crate) fn has_index(&self, parts: &[Part]) -> bool {
        self.indexes.iter().any(|index| index.starts_with(parts))
    }
}

/// An index that a form is to have.
pub(super) struct Wanted {
    unique: bool,
    parts: Vec<Part>,
}

impl Wanted {
    pub(super) fn plain(parts: Vec<Part>) -> Wanted {
        Wanted::of(false, parts)
    }

    pub(super) fn of(unique: bool, parts: Vec<Part>) -> Wanted {
        Wanted { unique, parts }
    }

    fn name(&self, table: &Table) -> String {
        let between = if self.unique { "__" } else { "_" };
        let parts: Vec<String> = self.parts.iter().map(Part::name).collect();
        format!("{}{between}{}", table.name(), parts.join(between))
    }
}

/// Makes the indexes that the definition asks for and are not there; removes unique ones that it no longer has.
pub(super) async fn settle(tx: &mut Tx, table: &Table, form: &Form) -> Result<()> {
    let sql = "SELECT name FROM form_index WHERE workspace = ? AND form = ?";
    let rows = tx.fetch_all(sql, args![table.workspace, table.form]).await?;
    let present: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
    let wanted = wanted(table, form);
    for name in &present {
        let is_unique = unique_columns(name).is_some();
        if is_unique && !wanted.iter().any(|index| index.name(table) == *name) {
            tx.batch(format!("DROP INDEX {name}")).await?;
            let sql = "DELETE FROM form_index WHERE workspace = ? AND form = ? AND name = ?";
            tx.execute(sql, args![table.workspace, table.form, name]).await?;
        }
    }
    for index in wanted {
        if !present.contains(&index.name(table)) {
            create(tx, table, &index).await?;
        }
    }
    Ok(())
}

fn wanted(table: &Table, form: &Form) -> Vec<Wanted> {
    let mut all = Vec::new();
    let single = form.fields().filter(|column| column.field.unique).map(|column| vec![column.path.clone()]);
    for paths in single.chain(form.sketch.document.unique.iter().cloned()) {
        let mut columns: Vec<&Column> = paths.iter().filter_map(|path| table.column(path)).collect();
        columns.sort_by_key(|column| column.number);
        if columns.is_empty() || columns.len() < paths.len() {
            continue;
        }
        let parts = columns.iter().map(|column| Part::Column(column.number)).collect();
        all.push(Wanted { unique: true, parts });
    }
    all.push(Wanted { unique: false, parts: vec![Part::CreatedAt] });
    let links = table.fields().filter(|column| column.shape == Shape::Ref && column.is_own());
    let links = links.map(|column| Wanted { unique: false, parts: vec![Part::Column(column.number)] });
    all.extend(links.take(BUDGET / 2));
    all
}

impl Table {
    /// The index that observation asks for, unless the form has it or has too many.
    fn wanted_by(&self, wish: &Wish) -> Option<Wanted> {
        let is_known = |number: &i64| self.columns.iter().any(|column| column.number == *number);
        let known = wish.parts.iter().all(|part| match part {
            Part::Column(number) | Part::Folded(number) => is_known(number),
            Part::Sound(number) | Part::Initials(number) | Part::Spelled(number) => is_known(number),
            Part::CreatedAt => true,
        });
        let plain = self.indexes.len().saturating_sub(self.unique.len());
        let wanted = known && plain < BUDGET && !self.has_index(&wish.parts);
        wanted.then(|| Wanted { unique: false, parts: wish.parts.clone() })
    }
}

/// How an observed index is made beside the writers of PostgreSQL.
pub(crate) struct Making {
    /// The statement that removes what a try that broke off has left under its name: PostgreSQL uses it for nothing, and takes
    /// it for the index when that is made again.
    pub(crate) leftover: Option<String>,
    pub(crate) create: String,
    /// The table that it is on.
    pub(crate) table: String,
}

impl Reader {
    /// How PostgreSQL is to make an observed index; `None` where the form has it, or has too many, or has a text that it
    /// could not hold.
    pub(crate) async fn index_to_make(&mut self, wish: Wish) -> Result<Option<Making>> {
        let table = self.linked_table(wish.workspace, wish.form).await?;
        let Some(index) = table.wanted_by(&wish) else { return Ok(None) };
        if !has_room(self, &table, &index.parts).await? {
            self.tables.observer.refuse(wish);
            return Ok(None);
        }
        let name = index.name(&table);
        let sql = "SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                   JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE n.nspname = current_schema() AND c.relname = ? AND NOT i.indisvalid";
        let is_left_over = self.fetch_optional(sql, args![&name]).await?.is_some();
        Ok(Some(Making {
            leftover: is_left_over.then(|| format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")),
            create: statement(self.dialect(), &table, &index, "CONCURRENTLY "),
            table: table.name(),
        }))
    }
}

impl Tx {
    /// Makes an observed index, and notes that the form has it.
    pub(crate) async fn make_index(&mut self, wish: Wish) -> Result<()> {
        let table = self.linked_table(wish.workspace, wish.form).await?;
        let Some(index) = table.wanted_by(&wish) else { return Ok(()) };
        create(self, &table, &index).await?;
        tracing::info!(index = index.name(&table), "an index is made for what is often asked");
        self.table_changed(table.workspace, table.form).await.map(drop)
    }
}

pub(super) async fn create(tx: &mut Tx, table: &Table, index: &Wanted) -> Result<()> {
    let sql = statement(tx.dialect(), table, index, "");
    tx.batch(sql).await?;
    let sql = "INSERT INTO form_index (workspace, form, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    tx.execute(sql, args![table.workspace, table.form, index.name(table)]).await.map(drop)
}

fn statement(dialect: Dialect, table: &Table, index: &Wanted, how: &str) -> String {
    let name = index.name(table);
    let unique = if index.unique { "UNIQUE " } else { "" };
    let scope = match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => "workspace, ",
    };
    let list = index.parts.iter().map(Part::sql).collect::<Vec<_>>().join(", ");
    // The id comes last: ties in a sort are broken by it, and SQLite's indexes end with it anyway.
    let id = match dialect {
        Dialect::Postgres if !index.unique => ", id",
        _ => "",
    };
    let table = table.name();
    format!("CREATE {unique}INDEX {how}IF NOT EXISTS {name} ON {table} ({scope}{list}{id}) WHERE live = 1")
}

/// The column numbers of a unique index, from its name; `None` for any other.
pub(super) fn unique_columns(name: &str) -> Option<Vec<i64>> {
    let (_, columns) = name.split_once("__")?;
    let number = |column: &str| column.strip_prefix('c')?.parse().ok();
    columns.split("__").map(number).collect()
}

/// What an index is on, from its name.
pub(super) fn parts(name: &str) -> Option<Vec<Part>> {
    let (parts, between) = match name.split_once("__") {
        Some((_, parts)) => (parts, "__"),
        None => (name.split_once('_')?.1, "_"),
    };
    parts.split(between).map(Part::from_name).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::testing::{TestForms, execute, new_postgres};
    use crate::{Database, Store};

    /// PostgreSQL keeps an index whose making broke off, under its name, and uses it for nothing.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_index_whose_making_broke_off_is_made_again() {
        let Some((settings, drop_database)) = new_postgres().await else { return };
        let Database::Postgres(url) = settings.database.clone() else { panic!("this is PostgreSQL") };
        let store = Store::open(&settings).await.unwrap();
        let mut forms = TestForms::new();
        let day = json!({"key": "day", "label": "d", "kind": "date"});
        forms.publish(&store, json!({"key": "orders", "label": "o", "fields": [day]})).await;
        let form = forms.form_ref("orders");
        let broken = "CREATE INDEX t1_c1 ON t1 (c1); \
                      UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't1_c1'::regclass";
        execute(&url, broken.to_string()).await;

        let mut db = store.read().await.unwrap();
        let table = db.table(form).await.unwrap();
        for _ in 0..100 {
            db.tables.observer.note(&table, vec![Part::Column(1)], Duration::from_millis(4));
        }
        for attempt in 0.. {
            assert!(attempt < 200, "no index was made");
            if db.table(form).await.unwrap().has_index(&[Part::Column(1)]) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let differences = crate::schema::differences(&mut db).await.unwrap();
        assert!(differences.is_empty(), "{differences:?}");
        drop(db);
        store.close().await;
        drop_database.await;
    }

    #[test]
    fn names_say_what_an_index_is_for() {
        assert_eq!(unique_columns("t12__c3__c40"), Some(vec![3, 40]));
        assert_eq!(unique_columns("t12_c3"), None);
        assert_eq!(parts("t12_c3_f40"), Some(vec![Part::Column(3), Part::Folded(40)]));
        assert_eq!(parts("t12__c3__c40"), Some(vec![Part::Column(3), Part::Column(40)]));
        assert_eq!(parts("t12_created"), Some(vec![Part::CreatedAt]));
        let sounds = vec![Part::Initials(3), Part::Spelled(3), Part::Sound(40)];
        assert_eq!(parts("t12_i3_p3_s40"), Some(sounds));
    }
}
