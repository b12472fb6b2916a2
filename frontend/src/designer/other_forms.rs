//! The forms that the draft can name: those of its app and around it, and for formulas, which count records, those of the
//! other apps that their designer administers.

use std::sync::Arc;

use engine::form::Sketch;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::FormState;

use super::state::Designer;
use crate::api::{apps, forms};

/// As many forms of other apps are offered.
const MOST: usize = 200;

/// Finds the published forms of the other apps, once: whoever writes a formula with room may count their records.
pub fn learn_further(designer: Designer) {
    if designer.asked_further.get_value() {
        return;
    }
    designer.asked_further.set_value(true);
    let (own, app) = (designer.id, designer.app());
    spawn_local(async move {
        let mut found = further(&app).await;
        // What leads back to the draft means the draft.
        found.retain(|sketch| sketch.id != own);
        if !found.is_empty() {
            // All at once: the canvas is made anew with them.
            let _ = designer.further.try_set(found);
        }
    });
}

/// The published forms of the apps that the reader administers, but for the app `own`.
async fn further(own: &str) -> Vec<Arc<Sketch>> {
    let all = apps::apps().await.unwrap_or_default();
    let mut found: Vec<Arc<Sketch>> = Vec::new();
    for app in all.into_iter().filter(|app| app.administrator && app.key != own) {
        let listed = apps::forms(&app.key).await.unwrap_or_default();
        for info in listed.into_iter().filter(|info| info.state == FormState::Published) {
            if found.len() >= MOST {
                return found;
            }
            let Ok((_, sketches)) = forms::sketches(&info.id.to_string()).await else { continue };
            add_unknown(&mut found, sketches);
        }
    }
    found
}

/// Every form that the draft can name, but for itself; tracked.
pub fn around(designer: Designer) -> Vec<Arc<Sketch>> {
    let mut all = designer.others.get();
    designer.further.with(|further| add_unknown(&mut all, further.clone()));
    all
}

/// Adds the forms that are not known yet.
pub fn add_unknown(known: &mut Vec<Arc<Sketch>>, more: Vec<Arc<Sketch>>) {
    for sketch in more {
        if known.iter().all(|known| known.id != sketch.id) {
            known.push(sketch);
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::value::Id;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_that_is_known_stays_as_it_is_known() {
        let sketch = |id: i64, label: &str| {
            let document = json!({"key": "a", "label": label, "fields": []});
            let document = serde_json::from_value(document).unwrap();
            Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "crm".into(), document })
        };
        let mut known = vec![sketch(1, "whole")];
        add_unknown(&mut known, vec![sketch(1, "outline"), sketch(2, "other"), sketch(2, "again")]);
        let labels: Vec<_> =
            known.iter().map(|it| it.document.label.get(Default::default()).to_string()).collect();
        assert_eq!(labels, ["whole", "other"]);
    }
}
