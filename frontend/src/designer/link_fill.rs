//! What a link brings along: columns of the linked record in fields of this form, copied once or read whenever shown.

use engine::field::{FieldKind, FillMode, Shape};
use engine::form::FormDocument;
use engine::form::edit::Edit;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::kind_options::{field_named, fields_of};
use super::state::{Designer, text_of};
use crate::draft_editor::DraftEditor;
use crate::ui::{
    Badge, Button, ButtonKind, Choice, ControlSize, Field, IconButton, Segment, Segmented, Select, Tone,
};
use crate::{i18n, t};

/// One line: from a field of the other form to one of this, copied (`snapshot`) or read (`live`).
#[derive(Clone, Debug, Default, PartialEq)]
struct Filling {
    from: String,
    to: String,
    live: bool,
}

impl Filling {
    fn read(json: &Json) -> Filling {
        let part = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_string();
        Filling { from: part("from"), to: part("to"), live: part("mode") == "live" }
    }

    fn is_whole(&self) -> bool {
        !self.from.is_empty() && !self.to.is_empty()
    }

    fn json(&self) -> Json {
        if self.live {
            json!({"from": self.from, "to": self.to, "mode": "live"})
        } else {
            json!({"from": self.from, "to": self.to})
        }
    }
}

/// The lines of a link.
#[component]
pub fn FillOptions(designer: Designer, path: String) -> impl IntoView {
    let form = designer.member(&path, "options.form");
    let stored = designer.member(&path, "options.fill");
    let other = Signal::derive(move || form.get().as_str().unwrap_or_default().to_string());
    let within = path.split_once('.').map(|(subform, _)| subform.to_string());
    // Nothing is read through several links.
    let may_be_live = designer.document.with_untracked(|document| {
        document.field(&path).is_some_and(|field| matches!(field.kind, FieldKind::Link(_)))
    });
    let at = StoredValue::new(path);
    // Half a line brings nothing yet, and stays on the screen.
    let half = RwSignal::new(Vec::<Filling>::new());
    let lines = move || {
        let stored = stored.get();
        let whole = stored.as_array().into_iter().flatten().map(Filling::read);
        whole.chain(half.get()).collect::<Vec<_>>()
    };
    let take = move |lines: Vec<Filling>| {
        let (whole, rest): (Vec<Filling>, Vec<Filling>) = lines.into_iter().partition(Filling::is_whole);
        half.set(rest);
        let fill: Vec<Json> = whole.iter().map(Filling::json).collect();
        let fill = if fill.is_empty() { Json::Null } else { Json::Array(fill) };
        if fill == stored.get_untracked() {
            return;
        }
        let path = at.get_value();
        let mut edits = fitting_kinds(designer, &path, &other.get_untracked(), &whole);
        edits.push(Edit::Set { key: path.clone(), member: "options.fill".into(), value: fill });
        let label = untrack(|| designer.label(&path));
        designer.run(text_of("designer-step-change", &label), edits);
    };
    let theirs = Signal::derive(move || fields_of(designer, &other.get()));
    let within = StoredValue::new(within);
    let own = Signal::derive(move || {
        let language = i18n::language();
        designer.document.with(|document| {
            let fields = within.with_value(|within| siblings(document, within.as_deref()));
            let takes = fields
                .into_iter()
                .filter(|field| field.kind.is_input() || matches!(field.kind, FieldKind::Lookup(_)));
            takes.map(|field| Choice::new(&field.key, field.label.get(language))).collect::<Vec<_>>()
        })
    });
    let line = move |(place, filling): (usize, Filling)| {
        let change = move |change: &dyn Fn(&mut Filling)| {
            let mut all = untrack(lines);
            if let Some(filling) = all.get_mut(place) {
                change(filling);
            }
            take(all);
        };
        let from = Signal::stored(Some(filling.from.clone()).filter(|key| !key.is_empty()));
        let to = Signal::stored(Some(filling.to.clone()).filter(|key| !key.is_empty()));
        let set_from = move |key: Option<String>| change(&|it| it.from = key.clone().unwrap_or_default());
        let set_to = move |key: Option<String>| {
            if key.as_deref() == Some(NEW) {
                let made = add_target(designer, &other.get_untracked(), &filling.from, within.get_value());
                return change(&|it| it.to = made.clone().unwrap_or_default());
            }
            change(&|it| it.to = key.clone().unwrap_or_default());
        };
        let targets = Signal::derive(move || {
            let mut all = own.get();
            if from.with(Option::is_some) {
                all.push(Choice::new(NEW, i18n::lookup("designer-fill-new", &[])));
            }
            all
        });
        let mode = if filling.live { "live" } else { "snapshot" };
        let set_mode = move |mode: &'static str| change(&|it| it.live = mode == "live");
        let remove = move |_| {
            let mut all = untrack(lines);
            if place < all.len() {
                all.remove(place);
            }
            take(all);
        };
        view! {
            <div class="stack g1 fill-line">
                <div class="row">
                    <Select choices=theirs value=from on_change=set_from label=Signal::derive(t!("designer-match-there"))/>
                    <span>"→"</span>
                    <Select choices=targets value=to on_change=set_to label=Signal::derive(t!("designer-match-here"))/>
                    <IconButton icon="close" label=Signal::derive(t!("ui-remove")) size=ControlSize::Small on_press=remove/>
                </div>
                {may_be_live.then(|| view! { <Segmented
                    segments=vec![
                        Segment::new("snapshot", t!("designer-fill-snapshot")),
                        Segment::new("live", t!("designer-fill-live")),
                    ]
                    selected=Signal::stored(mode.to_string())
                    on_select=set_mode
                    label=Signal::derive(t!("designer-fill-mode"))
                /> })}
            </div>
        }
    };
    let add = move |_| half.update(|half| half.push(Filling::default()));
    view! {
        <Field label=t!("designer-fill") help=Signal::derive(t!("designer-fill-help"))>
            <div class="stack g2">
                {move || lines().into_iter().enumerate().map(line).collect_view()}
                <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-fill")}</Button></div>
            </div>
        </Field>
    }
}

/// The commands that make the fields fit how they get their values: what is read live is a lookup, what is copied a field of
/// its own.
fn fitting_kinds(designer: Designer, path: &str, form: &str, fillings: &[Filling]) -> Vec<Edit> {
    let (within, link) = match path.split_once('.') {
        Some((subform, link)) => (Some(subform), link),
        None => (None, path),
    };
    let target = |key: &str| within.map_or_else(|| key.to_string(), |subform| format!("{subform}.{key}"));
    let edit = |filling: &Filling| {
        let key = target(&filling.to);
        let now = designer.document.with_untracked(|it| it.field(&key).map(|field| field.kind.clone()))?;
        let shows = matches!(&now, FieldKind::Lookup(lookup) if lookup.link == link);
        let wanted = if filling.live {
            json!({"link": link, "field": filling.from})
        } else if shows {
            let source = untrack(|| field_named(designer, form, &filling.from))?;
            let (kind, options) = (source.kind.name().to_string(), source.kind.options());
            return Some(Edit::SetKind { key, kind, options });
        } else {
            return None;
        };
        let is_wanted = now.name() == "lookup" && now.options() == wanted;
        (!is_wanted).then(|| Edit::SetKind { key, kind: "lookup".into(), options: wanted })
    };
    fillings.iter().filter_map(edit).collect()
}

/// What stands for a field that is made for it.
const NEW: &str = "$new";

fn siblings<'d>(document: &'d FormDocument, within: Option<&str>) -> Vec<&'d engine::form::Field> {
    match within {
        None => document.fields.iter().collect(),
        Some(subform) => document.field(subform).map(|it| it.columns().iter().collect()).unwrap_or_default(),
    }
}

/// Makes a field like the one of the other form, beside the link; gives its key.
fn add_target(designer: Designer, form: &str, from: &str, within: Option<String>) -> Option<String> {
    let mut field = untrack(|| field_named(designer, form, from))?;
    let path =
        |key: &str| within.as_ref().map_or_else(|| key.to_string(), |subform| format!("{subform}.{key}"));
    let is_free = |key: &String| designer.document.with_untracked(|it| it.field(&path(key)).is_none());
    let mut named = std::iter::once(from.to_string()).chain((2..).map(|number| format!("{from}_{number}")));
    let key = named.find(is_free)?;
    let label = field.label.get(i18n::language_now()).to_string();
    field.key.clone_from(&key);
    if !field.kind.is_input() {
        // What is computed there is entered here.
        let kind = if matches!(field.kind.shape(), Shape::Decimal(_)) { "number" } else { "text" };
        field.kind = FieldKind::from_parts(kind, Json::Null).ok()?;
    }
    (field.unique, field.required, field.compute, field.default) = (false, false, None, None);
    (field.visible_when, field.required_when) = (None, None);
    let edit = Edit::AddField { within, position: None, at: None, field: Box::new(field) };
    designer.run(text_of("designer-step-add", &label), vec![edit]).then_some(key)
}

/// How the field gets its value from a link, if one brings it: shown beside its name.
pub fn brought_by(document: &FormDocument, key: &str) -> Option<FillMode> {
    document.fields.iter().find_map(|field| {
        let link = match &field.kind {
            FieldKind::Link(link) => link,
            FieldKind::Links(links) => &links.0,
            _ => return None,
        };
        link.fill.iter().find(|fill| fill.to == key).map(|fill| fill.mode)
    })
}

/// The badge of a field that a link brings, or a lookup.
#[component]
pub fn BroughtBadge(mode: FillMode) -> impl IntoView {
    match mode {
        FillMode::Snapshot => {
            view! { <Badge tone=Tone::Neutral>{t!("designer-badge-snapshot")}</Badge> }.into_any()
        }
        FillMode::Live => view! { <Badge tone=Tone::Info>{t!("designer-badge-live")}</Badge> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_what_a_link_brings() {
        for json in
            [json!({"from": "name", "to": "who"}), json!({"from": "tier", "to": "tier", "mode": "live"})]
        {
            assert_eq!(Filling::read(&json).json(), json);
            serde_json::from_value::<engine::field::options::Link>(json!({"form": "f", "fill": [json]}))
                .unwrap();
        }
        assert!(!Filling::default().is_whole());
    }

    #[test]
    fn a_field_says_how_a_link_brings_its_value() {
        let form: FormDocument = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "who", "label": "Who", "kind": "link", "options": {"form": "c",
                "fill": [{"from": "a", "to": "a"}, {"from": "b", "to": "b", "mode": "live"}]}},
            {"key": "a", "label": "A", "kind": "text"}, {"key": "c", "label": "C", "kind": "text"}]}))
        .unwrap();
        let modes = ["a", "b", "c"].map(|key| brought_by(&form, key));
        assert_eq!(modes, [Some(FillMode::Snapshot), Some(FillMode::Live), None]);
    }
}
