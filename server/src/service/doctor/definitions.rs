//! Whether what people have designed still means something, and is kept as its records need it.

use engine::text::Language;
use store::Reader;

use super::Finding;
use crate::service::designs::{Designs, FormDesign};
use crate::service::faults::detail;
use crate::service::{Refusal, sentence_of};

/// Looks through the forms of a workspace, with their groups and columns.
pub async fn look(db: &mut Reader, designs: &Designs, found: &mut Vec<Finding>) -> Result<(), Refusal> {
    for design in designs.forms.values().filter(|design| design.sketch.is_some()) {
        let form = name_of(designs, design);
        let compiled = match designs.compiled(design) {
            Ok(compiled) => compiled,
            Err(refusal) => {
                found.push(Finding::new("form_broken").arg("form", &form).arg("detail", first_of(&refusal)));
                continue;
            }
        };
        for (group, grant) in design.groups.iter().zip(&compiled.grants) {
            if grant.is_none() {
                let key = &group.document.key;
                found.push(Finding::new("group_broken").arg("form", &form).arg("group", key));
            }
        }
        for path in store::table::lacking(db, designs.workspace, &compiled.form).await? {
            found.push(Finding::new("field_without_column").arg("form", &form).arg("field", path));
        }
    }
    Ok(())
}

/// `app.form`, as forms are named everywhere.
fn name_of(designs: &Designs, design: &FormDesign) -> String {
    format!("{}.{}", designs.app_key(design.row.app), design.row.key)
}

/// What is wrong first, for who looks after the server.
pub fn first_of(refusal: &Refusal) -> String {
    let faults = if refusal.faults.is_empty() { &refusal.inside } else { &refusal.faults };
    match faults.first() {
        Some(fault) if faults.len() == 1 => {
            format!("{} {}", fault.path, sentence_of(fault, Language::En))
        }
        Some(fault) => format!("{} {}", fault.path, detail(fault, faults.len(), Language::En)),
        None => refusal.to_string(),
    }
}
