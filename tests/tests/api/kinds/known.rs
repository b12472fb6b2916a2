//! What values of some kinds stand for: people, departments, linked records, files. Made once for a story.

use serde_json::json;
use tests::design::{form, text};
use tests::workspace::id_of;
use tests::{App, Workspace};

/// Ids that values can name. Those of one sort are in their order.
pub struct Known {
    /// Members, by id, with their e-mail addresses.
    pub people: Vec<(String, String)>,
    /// Departments beside each other, by id, with their names.
    pub departments: Vec<(String, String)>,
    /// Records of the form `target` of the same app, by id, with their titles.
    pub records: Vec<(String, String)>,
    /// Files that nothing holds yet.
    pub files: Vec<String>,
    /// The same of pictures, in their order.
    pub pictures: Vec<String>,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

impl Known {
    pub async fn new(workspace: &Workspace, app: &App) -> Known {
        let mut people = Vec::new();
        for name in ["ann", "bob"] {
            // Other stories of the shared workspace have people too, and a name is read back only if it is one's own.
            let person = workspace.person(&format!("{name}.{}", app.key)).await;
            people.push((person.id.clone(), person.email.clone()));
        }
        let mut departments = Vec::new();
        for name in ["North", "South"] {
            // Names are not unique in a shared workspace.
            let name = format!("{name} {}", people[0].0);
            let made = workspace.admin.post("/departments", json!({ "name": name })).await.created();
            departments.push((id_of(&made), name));
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
        let mut pictures = Vec::new();
        for name in ["a.png", "b.png", "c.png", "d.png"] {
            pictures.push(workspace.admin.upload(name, "image/png", PNG.to_vec()).await);
        }
        // Ids are sorted as they are; the file's names say nothing.
        people.sort();
        departments.sort();
        records.sort();
        pictures.sort();
        Known { people, departments, records, files, pictures }
    }

    /// Names that stand for nothing, to look at the table alone.
    pub fn nothing() -> Known {
        let two = |name: &str| vec![(format!("{name}0"), String::new()), (format!("{name}1"), String::new())];
        let some = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Known {
            people: two("p"),
            departments: two("d"),
            records: two("r"),
            files: some(&["f0", "f1"]),
            pictures: some(&["i0", "i1", "i2", "i3"]),
        }
    }
}
