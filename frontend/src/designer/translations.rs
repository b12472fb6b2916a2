//! Every text of a form in every language, and which are missing.

use std::collections::BTreeMap;

use engine::field::FieldKind;
use engine::form::FormDocument;
use engine::form::edit::Edit;
use engine::text::{Label, Language};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::headings::{self, Heading};
use super::state::{Designer, text_of};
use crate::draft_editor::DraftEditor;
use crate::ui::{Badge, Dialog, DialogSize, Switch, TextInput, Tone};
use crate::{i18n, t, text};

/// Where a text stands in the document.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Form,
    /// A member of the field at a path, and the way to the text inside of it.
    Field {
        path: String,
        member: &'static str,
        way: Vec<String>,
    },
    Heading(Heading),
    Check(usize),
}

/// A text with where it stands and what it belongs to.
#[derive(Clone, Debug, PartialEq)]
struct TextAt {
    place: Place,
    of: String,
    label: Label,
}

impl TextAt {
    /// Whether somebody who reads this language gets the text of another one.
    fn is_missing(&self, language: Language, written_in: Language) -> bool {
        match &self.label {
            Label::Plain(text) => language != language_of(text, written_in),
            Label::Translated(texts) => texts.get(&language).is_none_or(|text| text.trim().is_empty()),
        }
    }

    fn own(&self, language: Language) -> String {
        match &self.label {
            Label::Plain(text) if language == language_of(text, i18n::language()) => text.clone(),
            Label::Plain(_) => String::new(),
            Label::Translated(texts) => texts.get(&language).cloned().unwrap_or_default(),
        }
    }
}

/// All texts of a form, in its order.
fn texts(document: &FormDocument, language: Language) -> Vec<TextAt> {
    let mut found =
        vec![TextAt { place: Place::Form, of: text!("designer-form"), label: document.label.clone() }];
    for (path, field) in document.all_fields() {
        let of = field.label.get(language).to_string();
        let mut add = |member: &'static str, way: Vec<String>, label: &Label| {
            let place = Place::Field { path: path.clone(), member, way };
            found.push(TextAt { place, of: of.clone(), label: label.clone() });
        };
        add("label", Vec::new(), &field.label);
        for (member, label) in [("help", &field.help), ("placeholder", &field.placeholder)] {
            if let Some(label) = label {
                add(member, Vec::new(), label);
            }
        }
        if let FieldKind::Note(note) = &field.kind
            && let Some(label) = &note.text
        {
            add("options.text", Vec::new(), label);
        }
        let options = field.kind.options();
        for member in ["choices", "tabs"] {
            let whole = if member == "choices" { "options.choices" } else { "options.tabs" };
            for (way, label) in labels_in(options.get(member), &[]) {
                add(whole, way, &label);
            }
        }
    }
    let headings = headings::all(document).into_iter();
    found.extend(headings.map(|(heading, label)| {
        let of = if heading.is_tab() { text!("designer-tab") } else { text!("designer-section") };
        TextAt { place: Place::Heading(heading), of, label }
    }));
    let checks = document.validate.iter().enumerate();
    found.extend(checks.map(|(place, check)| TextAt {
        place: Place::Check(place),
        of: text!("designer-check", number = place + 1),
        label: check.message.clone(),
    }));
    found
}

/// The labels of a list of choices and of those below them, each with the way there.
fn labels_in(list: Option<&Json>, around: &[String]) -> Vec<(Vec<String>, Label)> {
    let items = list.and_then(Json::as_array).into_iter().flatten().enumerate();
    let of = |(place, item): (usize, &Json)| {
        let way: Vec<String> = around.iter().cloned().chain([place.to_string()]).collect();
        let label = item.get("label").and_then(|label| serde_json::from_value::<Label>(label.clone()).ok());
        let own = label.map(|label| (way.iter().cloned().chain(["label".to_string()]).collect(), label));
        let below: Vec<String> = way.iter().cloned().chain(["children".to_string()]).collect();
        own.into_iter().chain(labels_in(item.get("children"), &below)).collect::<Vec<_>>()
    };
    items.flat_map(of).collect()
}

/// In which language a text is that says none: in that of its reader, but what has Chinese characters is not English.
fn language_of(text: &str, reader: Language) -> Language {
    let is_chinese = |sign: char| ('\u{4e00}'..='\u{9fff}').contains(&sign);
    if reader == Language::En && text.chars().any(is_chinese) { Language::ZhCn } else { reader }
}

/// The label with another text in one language; nothing where it would say nothing at all.
fn translated(label: &Label, language: Language, text: &str, written_in: Language) -> Option<Label> {
    let mut texts: BTreeMap<Language, String> = match label {
        Label::Plain(text) => BTreeMap::from([(language_of(text, written_in), text.clone())]),
        Label::Translated(texts) => texts.clone(),
    };
    match text.trim() {
        "" => drop(texts.remove(&language)),
        text => drop(texts.insert(language, text.to_string())),
    }
    (!texts.is_empty()).then_some(Label::Translated(texts))
}

/// The command that puts a text where another one stands.
fn edit(document: &FormDocument, place: &Place, label: Label) -> Option<Edit> {
    let value = serde_json::to_value(&label).ok()?;
    match place {
        Place::Form => Some(Edit::SetForm { member: "label".into(), value }),
        Place::Field { path, member, way } => {
            let key = path.clone();
            if way.is_empty() {
                return Some(Edit::Set { key, member: (*member).to_string(), value });
            }
            let field = serde_json::to_value(document.field(path)?).ok()?;
            let mut whole = field.pointer(&format!("/{}", member.replace('.', "/")))?.clone();
            *whole.pointer_mut(&format!("/{}", way.join("/")))? = value;
            Some(Edit::Set { key, member: (*member).to_string(), value: whole })
        }
        Place::Heading(heading) => heading.renamed(document, label),
        Place::Check(position) => {
            let mut validation = document.validate.get(*position)?.clone();
            validation.message = label;
            Some(Edit::SetValidation { position: *position, validation })
        }
    }
}

/// The table of all texts.
#[component]
pub fn TranslationsDialog(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title=t!("designer-translations") size=DialogSize::Large>
            <Body designer=designer/>
        </Dialog>
    }
}

#[component]
fn Body(designer: Designer) -> impl IntoView {
    let all = Memo::new(move |_| designer.document.with(|document| texts(document, i18n::language())));
    let missing = Memo::new(move |_| {
        let written_in = i18n::language();
        let of = |language: Language| {
            all.with(|all| all.iter().filter(|it| it.is_missing(language, written_in)).count())
        };
        Language::ALL.map(of)
    });
    let only_missing = RwSignal::new(false);
    // A line stays while its last text is written: lines are chosen when the switch is turned, not at each change.
    let shown = Memo::new(move |_| {
        let only = only_missing.get();
        let written_in = i18n::language();
        let is_shown =
            |it: &TextAt| !only || Language::ALL.iter().any(|language| it.is_missing(*language, written_in));
        untrack(|| {
            all.with(|all| {
                (0..all.len()).filter(|place| all.get(*place).is_some_and(is_shown)).collect::<Vec<_>>()
            })
        })
    });
    let line = move |place: usize| {
        let of = move || all.with(|all| all.get(place).map(|it| it.of.clone()));
        let cell = move |language: Language| {
            let value = Signal::derive(move || {
                all.with(|all| all.get(place).map(|it| it.own(language))).unwrap_or_default()
            });
            let set = move |said: String| write(designer, all.get_untracked().get(place), language, &said);
            let label = Signal::derive(move || {
                format!("{} – {}", of().unwrap_or_default(), i18n::own_name(language))
            });
            view! { <td><TextInput value=value on_change=set label=label/></td> }
        };
        view! { <tr><th scope="row" class="wrap">{of}</th>{Language::ALL.map(cell).into_iter().collect_view()}</tr> }
    };
    let heads = Language::ALL.into_iter().enumerate().map(|(place, language)| {
        let count = move || missing.with(|missing| missing.get(place).copied().unwrap_or_default());
        view! {
            <th scope="col">
                <span class="row">
                    {i18n::own_name(language)}
                    {move || (count() > 0).then(|| view! { <Badge tone=Tone::Warning>{t!("designer-missing", count = count())}</Badge> })}
                </span>
            </th>
        }
    });
    let heads = heads.collect_view();
    view! {
        <div class="stack g4">
            <label class="switch-row">
                <span>{t!("designer-only-missing")}</span>
                <Switch checked=only_missing on_change=move |on: bool| only_missing.set(on)/>
            </label>
            <div class="frame">
                <table class="grid plain auto">
                    <thead><tr><th scope="col">{t!("designer-text-of")}</th>{heads}</tr></thead>
                    <tbody>{move || shown.get().into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}

fn write(designer: Designer, at: Option<&TextAt>, language: Language, said: &str) {
    let Some(at) = at else { return };
    let changed = translated(&at.label, language, said, i18n::language_now());
    let Some(label) = changed.filter(|label| *label != at.label) else { return };
    let edit = designer.document.with_untracked(|document| edit(document, &at.place, label));
    if let Some(edit) = edit {
        designer.run(text_of("designer-step-translate", &at.of), vec![edit]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> FormDocument {
        serde_json::from_value(json!({"key": "f", "label": {"zh-CN": "表", "en": "Form"}, "fields": [
            {"key": "a", "label": "A", "help": "Help", "kind": "select",
                "options": {"choices": [{"key": "x", "label": "X"}]}},
            {"key": "l", "label": "L", "kind": "subform", "options": {"fields": [
                {"key": "c", "label": "C", "kind": "cascader", "options": {"choices":
                    [{"key": "p", "label": "P", "children": [{"key": "q", "label": "Q"}]}]}}]}}],
            "layout": [{"divider": "D"}, {"row": [{"field": "a", "width": 12}]}],
            "validate": [{"key": "v", "formula": "1 = 1", "message": "No"}]}))
        .unwrap()
    }

    #[test]
    fn every_text_is_listed_and_each_can_be_translated() {
        let mut document = form();
        let all = texts(&document, Language::En);
        let said: Vec<&str> = all.iter().map(|it| it.label.get(Language::En)).collect();
        assert_eq!(said, ["Form", "A", "Help", "X", "L", "C", "P", "Q", "D", "No"]);
        for it in &all {
            let label = translated(&it.label, Language::ZhTw, "繁", Language::En).unwrap();
            edit(&document, &it.place, label).unwrap().apply(&mut document).unwrap();
        }
        for (before, after) in all.iter().zip(texts(&document, Language::En)) {
            assert_eq!(after.label.get(Language::ZhTw), "繁");
            assert_eq!(after.label.get(Language::En), before.label.get(Language::En));
            assert!(!after.is_missing(Language::ZhTw, Language::En));
        }
    }

    #[test]
    fn a_text_of_one_language_is_missing_in_the_others() {
        let all = texts(&form(), Language::En);
        let missing =
            |language: Language| all.iter().filter(|it| it.is_missing(language, Language::En)).count();
        assert_eq!(Language::ALL.map(missing), [9, 10, 0]);
        let only = Label::Translated(BTreeMap::from([(Language::En, "A".to_string())]));
        assert_eq!(translated(&only, Language::En, " ", Language::En), None, "a name is never empty");
    }

    #[test]
    fn a_chinese_text_without_a_language_is_missing_in_english_whoever_reads() {
        let plain = Label::Plain("金额".into());
        let at = TextAt { place: Place::Form, of: String::new(), label: plain.clone() };
        let missing = |reader: Language| Language::ALL.map(|language| at.is_missing(language, reader));
        assert_eq!(missing(Language::En), [false, true, true]);
        assert_eq!(missing(Language::ZhTw), [true, false, true]);
        let both = translated(&plain, Language::En, "Amount", Language::En).unwrap();
        assert_eq!((both.get(Language::ZhCn), both.get(Language::En)), ("金额", "Amount"));
    }
}
