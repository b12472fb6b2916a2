//! What there is, as the database itself tells it.

use std::collections::{BTreeMap, BTreeSet};

use super::Of;
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;

/// Tables with their columns, indexes and triggers.
pub(super) struct Catalogue {
    /// `None` for a type that nothing of ours has.
    pub(super) tables: BTreeMap<String, BTreeMap<String, Option<Of>>>,
    pub(super) indexes: BTreeSet<String>,
    /// Indexes that are there and not used.
    pub(super) unfinished: BTreeSet<String>,
    /// Those that are in force.
    pub(super) triggers: BTreeSet<String>,
}

impl Catalogue {
    pub(super) async fn read(db: &mut Reader) -> Result<Catalogue> {
        let (columns, indexes, triggers) = match db.dialect() {
            Dialect::Sqlite => (
                "SELECT m.name, c.name, c.type FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table'",
                "SELECT name, 1 FROM sqlite_schema WHERE type = 'index'",
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
            ),
            Dialect::Postgres => (
                "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), CAST(t.typname AS TEXT) \
                 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid \
                 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() \
                 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped",
                "SELECT CAST(c.relname AS TEXT), CAST(i.indisvalid AS INTEGER) FROM pg_index i \
                 JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = current_schema()",
                "SELECT CAST(t.tgname AS TEXT) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
                 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() \
                 AND NOT t.tgisinternal AND t.tgenabled <> 'D'",
            ),
        };
        let mut catalogue = Catalogue {
            tables: BTreeMap::new(),
            indexes: BTreeSet::new(),
            unfinished: BTreeSet::new(),
            triggers: BTreeSet::new(),
        };
        for row in db.fetch_all(columns, args![]).await? {
            let (table, column, of): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            catalogue.tables.entry(table).or_default().insert(column, Of::named(&of));
        }
        for row in db.fetch_all(indexes, args![]).await? {
            let (name, is_valid): (String, bool) = (row.get(0)?, row.get(1)?);
            if !is_valid {
                catalogue.unfinished.insert(name.clone());
            }
            catalogue.indexes.insert(name);
        }
        for row in db.fetch_all(triggers, args![]).await? {
            catalogue.triggers.insert(row.get(0)?);
        }
        Ok(catalogue)
    }
}
