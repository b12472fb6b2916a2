//! Two macros that save writing the same four statements for every table with fixed columns.

/// A struct whose members are the columns of a table; `by` names its key. Gives `find`, `insert`, `update`, `put`
/// and `delete`, and for finders of its own `select` (the statement up to `FROM table`, then what follows)
/// and `read`.
macro_rules! stored {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal by ($first:ident: $first_type:ty $(, $key:ident: $key_type:ty)*) {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            pub $first: $first_type,
            $(pub $key: $key_type,)*
            $($(#[$field_meta])* pub $field: $type,)*
        }

        #[allow(dead_code, reason = "not every table needs each of them")]
        impl $name {
            /// The row with this key.
            pub async fn find(
                db: &mut $crate::Reader,
                $first: $first_type,
                $($key: $key_type,)*
            ) -> $crate::Result<Option<$name>> {
                let tail = concat!("WHERE ", stringify!($first), " = ?" $(, " AND ", stringify!($key), " = ?")*);
                $name::one(db, tail, $crate::row::args![$first $(, $key)*]).await
            }

            /// # Errors
            /// [`crate::Error::Conflict`] when something unique about it is taken.
            pub async fn insert(&self, tx: &mut $crate::Tx) -> $crate::Result<()> {
                const SQL: &str = concat!(
                    "INSERT INTO ", $table, " (", stringify!($first) $(, ", ", stringify!($key))*
                    $(, ", ", stringify!($field))*, ") VALUES (?"
                    $(, $crate::stored::mark!($key))* $(, $crate::stored::mark!($field))*, ")"
                );
                let values = $crate::row::args![&self.$first $(, &self.$key)* $(, &self.$field)*];
                tx.execute(SQL, values).await.map(drop)
            }

            /// Inserts many, some to a statement.
            ///
            /// # Errors
            /// As for `insert`.
            pub async fn insert_all(tx: &mut $crate::Tx, rows: &[$name]) -> $crate::Result<()> {
                for (sql, values) in $name::inserts(rows) {
                    tx.execute(sql, values).await?;
                }
                Ok(())
            }

            /// As `insert_all`, for rows that cannot clash with others: nobody waits for them
            /// ([`crate::Tx::execute_ahead`]).
            pub async fn insert_ahead(tx: &mut $crate::Tx, rows: &[$name]) -> $crate::Result<()> {
                for (sql, values) in $name::inserts(rows) {
                    tx.execute_ahead(sql, values).await?;
                }
                Ok(())
            }

            fn inserts(
                rows: &[$name],
            ) -> impl Iterator<Item = ($crate::connection::Sql, Vec<sea_query::Value>)> {
                const HEAD: &str = concat!(
                    "INSERT INTO ", $table, " (", stringify!($first) $(, ", ", stringify!($key))*
                    $(, ", ", stringify!($field))*, ") VALUES "
                );
                const MARKS: &str = concat!(
                    "(?" $(, $crate::stored::mark!($key))* $(, $crate::stored::mark!($field))*, ")"
                );
                rows.chunks($crate::stored::MOST_ROWS).map(|chunk| {
                    let marks = vec![MARKS; chunk.len()].join(", ");
                    let values = chunk.iter().flat_map(|row| {
                        $crate::row::args![&row.$first $(, &row.$key)* $(, &row.$field)*]
                    });
                    let sql = $crate::connection::Sql::Template(format!("{HEAD}{marks}"));
                    (sql, values.collect())
                })
            }

            /// Stores all members anew.
            ///
            /// # Errors
            /// [`crate::Error::NotFound`] when it is gone, [`crate::Error::Conflict`] as for `insert`.
            pub async fn update(&self, tx: &mut $crate::Tx) -> $crate::Result<()> {
                const SQL: &str = concat!(
                    "UPDATE ", $table, " SET ", stringify!($first), " = ", stringify!($first)
                    $(, ", ", stringify!($field), " = ?")*,
                    " WHERE ", stringify!($first), " = ?" $(, " AND ", stringify!($key), " = ?")*
                );
                let values = $crate::row::args![$(&self.$field,)* &self.$first $(, &self.$key)*];
                tx.execute_one($table, SQL, values).await
            }

            /// Stores it, whether or not there was one. Of several who do so at once nobody is refused, and the last one stays.
            pub async fn put(&self, tx: &mut $crate::Tx) -> $crate::Result<()> {
                const SQL: &str = concat!(
                    "INSERT INTO ", $table, " (", stringify!($first) $(, ", ", stringify!($key))*
                    $(, ", ", stringify!($field))*, ") VALUES (?"
                    $(, $crate::stored::mark!($key))* $(, $crate::stored::mark!($field))*,
                    ") ON CONFLICT (", stringify!($first) $(, ", ", stringify!($key))*,
                    ") DO UPDATE SET ", stringify!($first), " = excluded.", stringify!($first)
                    $(, ", ", stringify!($field), " = excluded.", stringify!($field))*
                );
                let values = $crate::row::args![&self.$first $(, &self.$key)* $(, &self.$field)*];
                tx.execute(SQL, values).await.map(drop)
            }

            /// Whether there was one to delete.
            pub async fn delete(
                tx: &mut $crate::Tx,
                $first: $first_type,
                $($key: $key_type,)*
            ) -> $crate::Result<bool> {
                const SQL: &str = concat!(
                    "DELETE FROM ", $table,
                    " WHERE ", stringify!($first), " = ?" $(, " AND ", stringify!($key), " = ?")*
                );
                Ok(tx.execute(SQL, $crate::row::args![$first $(, $key)*]).await? > 0)
            }

            fn select(tail: &str) -> $crate::connection::Sql {
                const SELECT: &str = concat!(
                    "SELECT ", stringify!($first) $(, ", ", stringify!($key))* $(, ", ", stringify!($field))*,
                    " FROM ", $table, " "
                );
                $crate::connection::Sql::Template(format!("{SELECT}{tail}"))
            }

            fn read(row: &$crate::row::Row) -> $crate::Result<$name> {
                let mut places = 0..;
                let mut next = || places.next().unwrap_or(usize::MAX);
                Ok($name {
                    $first: row.get(next())?,
                    $($key: row.get(next())?,)*
                    $($field: row.get(next())?,)*
                })
            }

            async fn one(
                db: &mut $crate::Reader,
                tail: &str,
                values: Vec<sea_query::Value>,
            ) -> $crate::Result<Option<$name>> {
                let row = db.fetch_optional($name::select(tail), values).await?;
                row.as_ref().map($name::read).transpose()
            }

            async fn all(
                db: &mut $crate::Reader,
                tail: &str,
                values: Vec<sea_query::Value>,
            ) -> $crate::Result<Vec<$name>> {
                db.fetch_all($name::select(tail), values).await?.iter().map($name::read).collect()
            }
        }
    };
}

/// Rows in one statement at most: more gain nothing, and equal statements are prepared once.
pub(crate) const MOST_ROWS: usize = 50;

/// `, ?` for each column.
macro_rules! mark {
    ($column:ident) => {
        ", ?"
    };
}

/// An enum that is stored, and written in JSON, by its variants' keys.
macro_rules! keyed {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $key:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $key)] $variant,)*
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The key on disk and on the wire.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)* }
            }

            pub fn from_key(key: &str) -> Option<$name> {
                match key { $($key => Some($name::$variant),)* _ => None }
            }
        }

        impl $crate::row::Column for $name {
            fn read(row: &$crate::row::Row, place: usize) -> $crate::Result<$name> {
                let key: String = row.get(place)?;
                $name::from_key(&key).ok_or_else(|| $crate::Error::corrupt("?", stringify!($name), key))
            }
        }

        impl $crate::row::Bind for $name {
            fn bind(self) -> sea_query::Value {
                self.key().bind()
            }
        }
    };
}

pub(crate) use {keyed, mark, stored};
