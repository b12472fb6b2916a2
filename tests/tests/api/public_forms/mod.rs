//! Public links of forms: what administrators make of them, what visitors do, and what they try (reliability.md T09, T16 to T24).

mod attacks;
mod files;
mod lookups;
mod making;
mod visiting;

use serde_json::json;
use tests::design::{Field, form, number, select, serial, subform, test, text};
use tests::{Form, Workspace};

/// A form as people give it to the public.
async fn signup(workspace: &Workspace) -> Form {
    let when = test("kind", "eq", "group");
    let fields = [
        text("name").required(),
        Field::new("email", "email").unique(),
        select("kind", &["single", "group"]),
        number("seats", 0).with("visible_when", when).option("max", "50"),
        number("fee", 2).computed("seats * 5"),
        subform("guests", [text("called"), Field::new("host", "member")]),
        Field::new("papers", "files"),
        Field::new("seller", "member"),
        text("status").with("default", "new"),
        text("source"),
        serial("no", "S-"),
    ];
    let lucky = json!({"key": "lucky", "formula": "seats <> 13", "message": "Not thirteen"});
    workspace.form(form("signup", fields).with("validate", json!([lucky])).with("title", "{name}")).await
}

/// The fields that a visitor fills in.
const FIELDS: [&str; 7] = ["name", "email", "kind", "seats", "fee", "guests", "papers"];
