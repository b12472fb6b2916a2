//! How records of a form stand on paper.

use engine::value::Id;

use crate::connection::Reader;
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct PrintTemplate in "print_template" by (workspace: Id, id: Id) {
        pub form: Id,
        pub key: String,
        pub document: String,
        pub version: i64,
    }
}

impl PrintTemplate {
    /// The templates of a form, in the order in which they were made.
    pub async fn of_form(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<PrintTemplate>> {
        PrintTemplate::all(db, "WHERE workspace = ? AND form = ? ORDER BY id", args![workspace, form]).await
    }
}
