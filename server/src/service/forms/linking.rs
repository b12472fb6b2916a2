//! The forms whose records link to those of a form: what stands below a record.

use engine::access::{FieldRight, Operation};
use engine::field::FieldKind;
use wire::LinkingForm;

use crate::service::apps::label;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Each field of a form that links to this one, as far as the caller may see records by it.
///
/// # Errors
/// Not found for a form that the caller may not use.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<LinkingForm>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let target = designs.form_to_use(form, caller)?.row.id;
    let links = |kind: &FieldKind| matches!(kind, FieldKind::Link(_) | FieldKind::Links(_));
    let mut found = Vec::new();
    for design in designs.forms.values() {
        let Some(sketch) = &design.sketch else { continue };
        // Most forms link to none: they need not be compiled for this.
        if !sketch.document.fields.iter().any(|field| links(&field.kind)) {
            continue;
        }
        let Ok(compiled) = designs.compiled(design) else { continue };
        let access = designs.access(design, &compiled, caller);
        if !access.may(Operation::View) {
            continue;
        }
        let columns = compiled.form.fields().filter(|column| {
            links(&column.field.kind)
                && column.target == Some(target)
                && access.right(&column.path) >= FieldRight::Read
        });
        found.extend(columns.map(|column| LinkingForm {
            form: design.row.id,
            app: sketch.app.clone(),
            label: label(&design.row.label),
            field: column.path.clone(),
            field_label: column.field.label.clone(),
            several: matches!(column.field.kind, FieldKind::Links(_)),
            create: access.may(Operation::Create) && access.right(&column.path) == FieldRight::Edit,
        }));
    }
    Ok(found)
}
