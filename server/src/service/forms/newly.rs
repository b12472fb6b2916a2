//! What designs go by behind links, where a change of another one has these lead elsewhere: a link in the midst of a path, or a field
//! at its end, may be another than when the path was written.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::form::Form;

use crate::service::Refusal;
use crate::service::designs::{Designs, FormDesign, pattern_reads};
use crate::service::flows::design::read_by;
use crate::service::people::Caller;

/// What a form, with its groups and its flow in force, reads behind links.
#[derive(Default)]
struct Behind {
    /// For who looks.
    shown: BTreeSet<Reach>,
    /// Whoever looks.
    decided: BTreeSet<Reach>,
}

impl Behind {
    fn of(designs: &Designs, design: &FormDesign, form: &Form) -> Behind {
        let title = pattern_reads(form.sketch.document.title.as_deref(), form, designs);
        let mut behind = Behind {
            shown: form.link_reads().iter().cloned().chain(title).collect(),
            decided: form.deciding_reads(),
        };
        let rows = design.groups.iter().filter_map(|group| group.document.rows.as_ref());
        for rows in rows.filter_map(|rows| form.check(rows, designs).ok()) {
            behind.decided.extend(form.reads_behind(rows.reaches()));
        }
        if let Some((_, flow)) = &design.flow {
            behind.decided.extend(read_by(designs, form, flow));
        }
        behind
    }
}

/// Refuses a change after which forms go by what whoever makes it may not see, and did not before.
///
/// # Errors
/// `reads_hidden_field`; `reads_hidden_records`.
pub fn check(was: &Designs, now: &Designs, caller: &Caller) -> Result<(), Refusal> {
    if caller.is_administrator() {
        return Ok(());
    }
    for design in now.forms.values().filter(|design| design.sketch.is_some()) {
        // One that is new has been looked at by itself.
        let Some(before) = was.forms.get(&design.row.id) else { continue };
        let Ok(compiled) = now.compiled(design) else { continue };
        let known = match was.compiled(before) {
            Ok(compiled) if before.sketch.is_some() => Behind::of(was, before, &compiled.form),
            Ok(_) | Err(_) => Behind::default(),
        };
        let behind = Behind::of(now, design, &compiled.form);
        let new =
            |now: &BTreeSet<Reach>, was: &BTreeSet<Reach>| now.difference(was).cloned().collect::<Vec<_>>();
        now.may_read_behind(caller, &new(&behind.shown, &known.shown))?;
        now.may_decide_behind(caller, &new(&behind.decided, &known.decided))?;
    }
    Ok(())
}
