//! What values of some kinds stand for: people, linked records, files. Made once for a story.

use serde_json::json;
use tests::design::{form, text};
use tests::workspace::id_of;
use tests::{App, Workspace};

/// Ids that values can name. Those of one sort are in their order.
pub struct Known {
    /// Members, by id, with their e-mail addresses.
    pub people: Vec<(String, String)>,
    /// Records of the form `target` of the same app, by id, with their titles.
    pub records: Vec<(String, String)>,
    /// Files that nothing holds yet.
    pub files: Vec<String>,
}

impl Known {
    pub async fn new(workspace: &Workspace, app: &App) -> Known {
        let mut people = Vec::new();
        for name in ["ann", "bob"] {
            let person = workspace.person(name).await;
            people.push((person.id.clone(), person.email.clone()));
        }
        let target = app.form(form("target", [text("name")])).await;
        let mut records = Vec::new();
        for name in ["Apfel", "Birne"] {
            records.push((id_of(&target.add(json!({ "name": name })).await), name.to_string()));
        }
        let mut files = Vec::new();
        for name in ["a.txt", "b.txt"] {
            files.push(workspace.admin.upload(name, "text/plain", name.as_bytes().to_vec()).await);
        }
        // Ids are sorted as they are; the file's names say nothing.
        people.sort();
        records.sort();
        Known { people, records, files }
    }

    /// Names that stand for nothing, to look at the table alone.
    pub fn nothing() -> Known {
        let two = |name: &str| vec![(format!("{name}0"), String::new()), (format!("{name}1"), String::new())];
        Known { people: two("p"), records: two("r"), files: vec!["f0".to_string(), "f1".to_string()] }
    }
}
