//! Parts of the layout that the palette has besides the kinds of fields: titles of sections, and tabs.

use engine::form::edit::Edit;
use engine::form::{FormDocument, LayoutItem, Tab};
use engine::text::Label;
use leptos::prelude::*;

use super::canvas::whole_layout;
use super::drag::Landing;
use super::headings::{Heading, insert_at, places_of};
use super::state::{Designer, Selected, kind_name, text_of};
use crate::draft_editor::DraftEditor;
use crate::i18n;

/// Whether a kind of the palette is a part of the layout, and no field.
pub fn is_part(kind: &str) -> bool {
    matches!(kind, "divider" | "tabs")
}

/// Adds a part of a kind where it landed, and selects its heading.
pub fn add_part(designer: Designer, kind: &str, landing: &Landing) {
    let name = untrack(|| kind_name(kind));
    let part = match kind {
        "tabs" => LayoutItem { row: None, tabs: Some([1, 2].map(new_tab).to_vec()), divider: None },
        _ => LayoutItem { row: None, tabs: None, divider: Some(Label::Plain(name.clone())) },
    };
    let Some((edit, heading)) =
        designer.document.with_untracked(|document| with_part(document, part, landing))
    else {
        return;
    };
    if designer.run(text_of("designer-step-add", &name), vec![edit]) {
        designer.selected.set(Selected::Heading(heading));
    }
}

/// What the so manieth tab is called before somebody names it.
pub fn tab_name(number: usize) -> Label {
    let number = i64::try_from(number).unwrap_or_default();
    Label::Plain(untrack(|| i18n::lookup("designer-tab-new", &[("number", number.into())])))
}

fn new_tab(number: usize) -> Tab {
    Tab { label: tab_name(number), rows: Vec::new() }
}

/// The command that puts a part where it landed, and where its heading is then. Tabs stand in no other tabs, but after them.
fn with_part(document: &FormDocument, part: LayoutItem, landing: &Landing) -> Option<(Edit, Heading)> {
    let mut layout = whole_layout(document);
    let mut places = match (&landing.under, &landing.beside) {
        (Some(heading), _) => heading.first_place(),
        (None, Some(field)) => {
            let mut places = places_of(&layout, field)?;
            *places.last_mut()? += usize::from(landing.after);
            places
        }
        (None, None) => vec![layout.len()],
    };
    let is_tabs = part.tabs.is_some();
    if is_tabs && places.len() > 1 {
        places = vec![places.first()? + 1];
    }
    insert_at(&mut layout, &places, part)?;
    let (place, around) = places.split_last()?;
    let heading = if is_tabs { Heading::at(&places, 0) } else { Heading::at(around, *place) };
    Some((Edit::SetLayout { layout }, heading))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::laid_out;

    fn title() -> LayoutItem {
        LayoutItem { row: None, tabs: None, divider: Some(Label::Plain("New".into())) }
    }

    fn tabs() -> LayoutItem {
        let tab = |name: &str| Tab { label: Label::Plain(name.into()), rows: Vec::new() };
        LayoutItem { row: None, tabs: Some(vec![tab("One"), tab("Two")]), divider: None }
    }

    fn beside(field: &str, after: bool) -> Landing {
        Landing { beside: Some(field.into()), after, under: None }
    }

    /// Where the part came to stand; what is done is taken back whole.
    fn lands(layout: &serde_json::Value, part: LayoutItem, landing: &Landing) -> Vec<usize> {
        let mut document = laid_out(layout.clone());
        let start = document.clone();
        let (edit, heading) = with_part(&document, part, landing).unwrap();
        let undo = edit.apply(&mut document).unwrap();
        assert!(heading.label(&document).is_some());
        undo.iter().for_each(|edit| drop(edit.apply(&mut document).unwrap()));
        assert_eq!(document, start);
        heading.places().to_vec()
    }

    #[test]
    fn a_part_lands_beside_a_field_or_under_a_heading_or_at_the_end() {
        let none = json!([]);
        assert_eq!(lands(&none, title(), &beside("b", false)), [1]);
        assert_eq!(lands(&none, title(), &beside("b", true)), [2]);
        assert_eq!(lands(&none, tabs(), &Landing::default()), [3, 0]);
        let row = |field: &str| json!({"row": [{"field": field, "width": 12}]});
        let tabbed = json!([{"divider": "D"}, row("a"),
            {"tabs": [{"label": "T", "rows": [row("b")]}, {"label": "U", "rows": []}]}, row("c")]);
        assert_eq!(lands(&tabbed, title(), &Landing::under(Heading::at(&[], 0))), [1]);
        assert_eq!(lands(&tabbed, title(), &beside("b", true)), [2, 0, 1]);
        assert_eq!(lands(&tabbed, title(), &Landing::under(Heading::at(&[2], 1))), [2, 1, 0]);
        assert_eq!(lands(&tabbed, tabs(), &beside("b", true)), [3, 0]);
        assert_eq!(lands(&tabbed, tabs(), &beside("a", false)), [1, 0]);
        assert_eq!(lands(&tabbed, title(), &Landing::default()), [4]);
    }
}
