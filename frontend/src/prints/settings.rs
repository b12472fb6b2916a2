//! What a template is called, and the paper that it is for.

use engine::print::{Margins, Orientation, Paper};
use engine::text::Language;
use leptos::prelude::*;

use super::editor::{Editor, text_in, written};
use crate::ui::{Checkbox, Choice, Field, NumberInput, Segment, Segmented, Select, TextInput};
use crate::{i18n, t};

/// Which language the texts are written in.
#[component]
pub fn Languages(editor: Editor) -> impl IntoView {
    let segments = Language::ALL
        .map(|language| Segment::new(language.tag(), move || i18n::own_name(language).to_string()));
    let selected = Signal::derive(move || editor.language.get().tag().to_string());
    let choose = move |tag: &'static str| {
        if let Some(language) = Language::from_tag(tag) {
            editor.language.set(language);
        }
    };
    let segments = segments.into_iter().collect::<Vec<_>>();
    view! {
        <Field label=t!("prints-language") help=Signal::derive(t!("prints-language-help"))>
            <Segmented segments=segments selected=selected on_select=choose label=Signal::derive(t!("prints-language"))/>
        </Field>
    }
}

#[component]
pub fn SheetSettings(editor: Editor) -> impl IntoView {
    let document = editor.document;
    let label = Signal::derive(move || {
        let language = editor.language.get();
        document.with(|document| text_in(&document.label, language))
    });
    let name = move |text: String| {
        let language = editor.language.get_untracked();
        editor.type_in("label".to_string(), |document| {
            document.label = written(&document.label, language, &text)
        });
    };
    let papers = Signal::derive(move || {
        let choice = |paper: &Paper| {
            Choice::new(paper.name(), i18n::lookup(&format!("prints-paper-{}", paper.name()), &[]))
        };
        Paper::ALL.iter().map(choice).collect::<Vec<_>>()
    });
    let paper = Signal::derive(move || Some(document.with(|document| document.paper.name().to_string())));
    let set_paper = move |name: Option<String>| {
        let Some(paper) = name.as_deref().and_then(Paper::from_name) else { return };
        editor.change(|document| {
            document.paper = paper;
            if matches!(paper, Paper::Roll80 | Paper::Roll58) {
                document.margins = Margins { top: 3, right: 3, bottom: 3, left: 3 };
            }
        });
    };
    let is_sheet = Memo::new(move |_| {
        document.with(|document| !matches!(document.paper, Paper::Roll80 | Paper::Roll58))
    });
    let ways = vec![
        Segment::new("portrait", t!("prints-portrait")),
        Segment::new("landscape", t!("prints-landscape")),
    ];
    let ways = StoredValue::new(ways);
    let way = Signal::derive(move || document.with(|document| document.orientation.name().to_string()));
    let turn = move |name: &'static str| {
        if let Some(way) = Orientation::from_name(name) {
            editor.change(|document| document.orientation = way);
        }
    };
    let first = Signal::derive(move || document.with(|document| document.is_default));
    let set_first = move |on: bool| editor.change(|document| document.is_default = on);
    view! {
        <section class="stack g3" aria-label=t!("prints-sheet")>
            <Field label=t!("prints-name") required=true>
                <TextInput value=label on_input=name name="print-name"/>
            </Field>
            <Field label=t!("prints-paper")>
                <Select choices=papers value=paper on_change=set_paper/>
            </Field>
            <Show when=move || is_sheet.get()>
                <Field label=t!("prints-orientation")>
                    <Segmented segments=ways.get_value() selected=way on_select=turn label=Signal::derive(t!("prints-orientation"))/>
                </Field>
            </Show>
            <div class="row wrap print-margins">
                <Edge editor=editor name="top"/>
                <Edge editor=editor name="right"/>
                <Edge editor=editor name="bottom"/>
                <Edge editor=editor name="left"/>
            </div>
            <Checkbox checked=first on_change=set_first>{t!("prints-default")}</Checkbox>
        </section>
    }
}

fn edge<'m>(margins: &'m mut Margins, name: &str) -> &'m mut u32 {
    match name {
        "top" => &mut margins.top,
        "right" => &mut margins.right,
        "bottom" => &mut margins.bottom,
        _left => &mut margins.left,
    }
}

/// What stays free at one edge.
#[component]
fn Edge(editor: Editor, name: &'static str) -> impl IntoView {
    let value = Signal::derive(move || {
        let mut margins = editor.document.with(|document| document.margins);
        edge(&mut margins, name).to_string()
    });
    let set = move |text: String| {
        let Ok(width) = text.trim().parse::<u32>() else { return };
        editor.change(|document| *edge(&mut document.margins, name) = width);
    };
    let label = move || i18n::lookup(&format!("prints-margin-{name}"), &[]);
    view! {
        <Field label=Signal::derive(label)>
            <NumberInput value=value on_change=set suffix=Signal::derive(t!("prints-mm"))/>
        </Field>
    }
}
