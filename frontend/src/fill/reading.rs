//! Values as they are read: in lists, in records that can't be edited, in computed fields.

use std::collections::{BTreeMap, BTreeSet};

use engine::context::CallsByName;
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Column, Form};
use engine::text::{Fault, Language};
use engine::value::{Id, Value};
use leptos::prelude::*;

use super::checks::sentence;
use super::known_files;
use crate::api::files;
use crate::i18n;
use crate::ui::{Branch, Choice, ChoiceChip, Icon, IconSize, Stars};
use crate::{t, text};

/// Titles of linked records and members by their ids, filled as they become known.
#[derive(Clone, Copy, Default)]
pub struct Titles {
    known: RwSignal<BTreeMap<Id, String>>,
    /// Those that are on their way.
    awaited: RwSignal<BTreeSet<Id>>,
    /// Those that the server was asked for: of one that it did not give, there is nothing more to know.
    asked: StoredValue<BTreeSet<Id>>,
}

impl Titles {
    /// Takes the `titles` of an answer: by form (or `member`) and id.
    pub fn learn(self, titles: &BTreeMap<String, BTreeMap<String, String>>) {
        self.known.update(|known| {
            for (id, title) in titles.values().flatten() {
                if let Ok(id) = id.parse() {
                    known.insert(id, title.clone());
                }
            }
        });
    }

    pub fn learn_one(self, id: Id, title: String) {
        self.known.update(|known| drop(known.insert(id, title)));
    }

    /// All of these came with the titles that their reader may see.
    pub fn came(self, ids: impl IntoIterator<Item = Id>) {
        let _ = self.asked.try_update_value(|asked| asked.extend(ids));
    }

    /// Whether it is to be asked for; it is awaited from now on.
    pub fn await_unknown(self, id: Id) -> bool {
        let is_new = self.known.with_untracked(|known| !known.contains_key(&id))
            && self.asked.try_update_value(|asked| asked.insert(id)) == Some(true);
        if is_new {
            self.awaited.update(|awaited| {
                awaited.insert(id);
            });
        }
        is_new
    }

    /// The server was asked for these; of the `missed` it could not answer, which are asked for again.
    pub fn answered(self, ids: &[Id], missed: &[Id]) {
        let _ = self.asked.try_update_value(|asked| asked.retain(|id| !missed.contains(id)));
        self.awaited.update(|awaited| awaited.retain(|id| !ids.contains(id) || missed.contains(id)));
    }

    /// The title of a record or member; three dots while it is not known.
    pub fn of(self, id: Id) -> String {
        self.known(id).unwrap_or_else(|| "…".to_string())
    }

    /// The title where all came that the reader may see: without one that is on its way, they may not see it.
    pub fn read(self, id: Id) -> String {
        if self.is_closed(id) { text!("fill-no-access") } else { self.of(id) }
    }

    /// Whether it has no title that the reader may see.
    pub fn is_closed(self, id: Id) -> bool {
        self.known(id).is_none() && !self.awaited.with(|awaited| awaited.contains(&id))
    }

    /// Is told anew whenever more titles are known.
    pub fn follow(self) {
        self.known.track();
    }

    /// The title of a record or member, if it is known.
    pub fn known(self, id: Id) -> Option<String> {
        self.known.with(|known| known.get(&id).cloned())
    }
}

impl CallsByName for Titles {
    fn name(&self, id: Id) -> Option<String> {
        self.known.try_with_untracked(|known| known.get(&id).cloned()).flatten()
    }
}

/// The value as plain text in the reader's language: what a list, an export or a tooltip says.
pub fn value_text(column: &Column, value: &Value, titles: Titles, language: Language) -> String {
    kind_text(&column.read_kind, value, titles, language)
}

/// The same for a value of a kind, such as one of a system field.
pub fn kind_text(kind: &FieldKind, value: &Value, titles: Titles, language: Language) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Error(error) => sentence(&Fault::not_computed("", *error)),
        Value::Ref(_) | Value::List(_) if kind.reference() == Some(Reference::File) => {
            i18n::listed(value.items().iter().filter_map(Value::as_ref_id).map(|id| file_name(id, titles)))
        }
        Value::Ref(id) => titles.read(*id),
        Value::List(items) if kind.shape() == Shape::Refs => {
            let of = |item: &Value| item.as_ref_id().map(|id| titles.read(id)).unwrap_or_default();
            i18n::listed(items.iter().map(of))
        }
        Value::Date(day) if kind.name() == "month" => i18n::month(*day),
        Value::Date(day) => i18n::date(*day),
        Value::DateTime(instant) => i18n::date_time(*instant),
        Value::Number(_) => number_text(kind, value, language),
        Value::Bool(_) | Value::Text(_) | Value::Time(_) | Value::List(_) | Value::Rows(_) => {
            kind.display(value, language)
        }
    }
}

/// The text of what a form has at a path: of what could not be computed, why, with the fields that it is computed from.
pub fn text_in(form: &Form, path: &str, kind: &FieldKind, value: &Value, titles: Titles) -> String {
    match value {
        Value::Error(error) => sentence(&form.not_computed(path, *error)),
        value => kind_text(kind, value, titles, i18n::language()),
    }
}

/// What a file is called: as the record's answer said, else as its own address says.
fn file_name(id: Id, titles: Titles) -> String {
    let known = titles.known(id).or_else(|| known_files::facts(id).map(|facts| facts.name));
    known.unwrap_or_else(|| "…".to_string())
}

/// A number with its digits grouped and as many decimals as its kind shows.
pub fn number_text(kind: &FieldKind, value: &Value, language: Language) -> String {
    kind.number_text(value, language)
}

/// How many decimals a number shows at least where its kind keeps more than people write. None where all are shown.
pub fn fewest_decimals(kind: &FieldKind) -> Option<usize> {
    kind.fewest_decimals()
}

/// The option colour of a choice, 1–12.
pub fn colour_of(choice: &engine::field::Choice) -> Option<u8> {
    choice.color.as_deref()?.strip_prefix('o')?.parse().ok().filter(|colour| (1..=12).contains(colour))
}

/// The choices of a kind, for selects and chips.
pub fn choices(kind: &FieldKind, language: Language) -> Vec<Choice> {
    kind.choices().iter().map(|choice| shown(choice, language)).collect()
}

/// Those of them that can be chosen: of a tree its ends, where it says so.
pub fn offered(kind: &FieldKind, language: Language) -> Vec<Choice> {
    match kind {
        FieldKind::Cascader(tree) => tree.offered().map(|choice| shown(choice, language)).collect(),
        kind => choices(kind, language),
    }
}

/// The choices of a tree, each with what it is within; none of another kind.
pub fn branches(kind: &FieldKind, language: Language) -> Vec<Branch> {
    let mut all = Vec::new();
    if let FieldKind::Cascader(tree) = kind {
        collect(&tree.choices, None, language, &mut all);
    }
    all
}

fn collect(
    choices: &[engine::field::Branch],
    within: Option<&str>,
    language: Language,
    all: &mut Vec<Branch>,
) {
    for choice in choices {
        let key = within.map_or_else(|| choice.key.clone(), |within| format!("{within}/{}", choice.key));
        let named = Choice::new(key.clone(), choice.label.get(language));
        all.push(Branch { choice: named, within: within.map(str::to_string) });
        collect(&choice.children, Some(&key), language, all);
    }
}

fn shown(choice: &engine::field::Choice, language: Language) -> Choice {
    let shown = Choice::new(choice.key.clone(), choice.label.get(language));
    colour_of(choice).map_or(shown.clone(), |colour| shown.colour(colour))
}

/// What is said in place of a linked record that its reader may not see.
#[component]
pub fn NoAccess() -> impl IntoView {
    view! {
        <span class="row gap-1 muted" title=t!("fill-no-access-help")>
            <Icon name="lock" size=IconSize::Small/>
            <span class="clip">{t!("fill-no-access")}</span>
        </span>
    }
}

/// Whether a kind holds pictures and nothing else.
fn is_of_pictures(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Images(_) | FieldKind::Signature(_))
}

/// The first pictures of a value, small, and how many more there are.
fn thumbnails(value: &Value, names: Signal<String>) -> impl IntoView + use<> {
    const SHOWN: usize = 3;
    let ids: Vec<Id> = value.items().iter().filter_map(Value::as_ref_id).collect();
    let more = ids.len().saturating_sub(SHOWN);
    let pictures = ids.into_iter().take(SHOWN).map(|id| {
        view! { <img class="thumb tiny" src=files::address(id) alt="" loading="lazy"/> }
    });
    view! {
        <span class="row gap-1" title=names>
            {pictures.collect_view()}
            {(more > 0).then(|| view! { <span class="note muted">{format!("+{more}")}</span> })}
        </span>
    }
}

/// A value on the screen: chips for choices, aligned digits for numbers, a dash for nothing.
#[component]
pub fn ValueText(
    #[prop(into)] value: Signal<Value>,
    /// The kind of what is shown.
    kind: StoredValue<FieldKind>,
    /// The text, as [`value_text`] gives it.
    #[prop(into)]
    text: Signal<String>,
    /// What linked records are called; one without a title may not be seen.
    titles: Titles,
    /// An error only says that something is still to be filled in.
    #[prop(optional, into)]
    waits: Signal<bool>,
) -> impl IntoView {
    move || {
        let value = value.get();
        if value.is_empty() {
            return view! { <span class="muted">"—"</span> }.into_any();
        }
        if kind.with_value(is_of_pictures) {
            return thumbnails(&value, text).into_any();
        }
        let is_file = kind.with_value(|kind| kind.reference() == Some(Reference::File));
        if let Value::Ref(id) = value
            && !is_file
            && titles.is_closed(id)
        {
            return view! { <NoAccess/> }.into_any();
        }
        if matches!(value, Value::Error(_)) {
            if waits.get() {
                return view! { <span class="muted" title=t!("fill-waits")>"—"</span> }.into_any();
            }
            return view! { <span class="bad-text clip" title=text>{t!("fill-not-computed")}</span> }
                .into_any();
        }
        if let Some(max) = kind.with_value(stars_of)
            && let Some(given) = value.as_number().and_then(|number| u32::try_from(number).ok())
        {
            return view! { <Stars given=given max=max/> }.into_any();
        }
        if kind.with_value(|kind| kind.name() == "url")
            && let Some(address) = value.as_text().filter(|text| is_address(text)).map(str::to_string)
        {
            return view! {
                <a
                    class="link clip"
                    href=address
                    target="_blank"
                    rel="noopener noreferrer"
                    title=text
                    on:click=move |event| event.stop_propagation()
                >
                    {text}
                </a>
            }
            .into_any();
        }
        let choices = kind.with_value(|kind| choices(kind, i18n::language()));
        if choices.is_empty() {
            return view! { <span class="clip" title=text>{text}</span> }.into_any();
        }
        let shown = value.items().iter().filter_map(|item| {
            let key = item.as_text()?;
            let known = choices.iter().find(|choice| choice.key == key).cloned();
            Some(known.unwrap_or_else(|| Choice::new(key, key)))
        });
        let chips: Vec<_> = shown.map(|choice| view! { <ChoiceChip choice=choice/> }).collect();
        view! { <span class="row gap-1 wrap">{chips}</span> }.into_any()
    }
}

/// How many stars a rating has; nothing for other kinds.
fn stars_of(kind: &FieldKind) -> Option<u32> {
    match kind {
        FieldKind::Rating(rating) => Some(rating.max),
        _ => None,
    }
}

/// Whether a browser may follow it.
fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use engine::value::parse_decimal;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_shows_the_decimals_that_were_asked_for_else_those_that_it_has() {
        let shown = |kind: &str, options: serde_json::Value, digits: &str| {
            let kind = FieldKind::from_parts(kind, options).unwrap();
            number_text(&kind, &Value::Number(parse_decimal(digits).unwrap()), Language::En)
        };
        assert_eq!(shown("number", json!({}), "3.00"), "3");
        assert_eq!(shown("number", json!({}), "1234.5"), "1,234.5");
        assert_eq!(shown("number", json!({"scale": 2}), "3"), "3.00");
        assert_eq!(shown("number", json!({"unit": "kg"}), "3"), "3\u{a0}kg");
        assert_eq!(shown("formula", json!({"formula": "1"}), "3.00"), "3");
        assert_eq!(shown("money", json!({}), "3"), "3.00");
    }

    #[test]
    fn a_title_that_is_on_its_way_is_not_closed() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let titles = Titles::default();
        titles.came([id(1)]);
        assert!(titles.is_closed(id(1)) && !titles.await_unknown(id(1)), "it came without a title");
        assert!(titles.await_unknown(id(2)) && !titles.await_unknown(id(2)));
        assert!(titles.await_unknown(id(3)) && titles.await_unknown(id(4)));
        assert!(!titles.is_closed(id(2)));
        assert_eq!(titles.read(id(2)), "…");
        titles.learn_one(id(2), "Acme".to_string());
        titles.answered(&[id(2), id(3), id(4)], &[id(4)]);
        assert_eq!(titles.read(id(2)), "Acme");
        assert!(titles.is_closed(id(3)) && !titles.await_unknown(id(3)), "it may not be seen");
        assert!(!titles.is_closed(id(4)) && titles.await_unknown(id(4)), "nobody knows yet");
    }
}
