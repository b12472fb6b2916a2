//! The properties of the block that is selected.

use engine::print::{Align, Block, BlockKind, CodeSymbol, TextSize};
use engine::text::Label;
use leptos::prelude::*;

use super::editor::{Editor, text_in, written};
use super::words::{columns, fields, kind_name, names, subforms};
use crate::browser;
use crate::ui::{
    Checkbox, Choice, Field, FileDrop, MultiSelect, NumberInput, Segment, Segmented, Select, TextArea, toast,
};
use crate::{t, text};

/// Bytes of a picture at most: written in letters they are a third more.
const LARGEST_PICTURE: usize = 150 << 10;
const PICTURES: &str = "image/png,image/jpeg,image/webp,image/gif";

/// The form of the selected block. It is made anew when another one is selected, and not while somebody types.
#[component]
pub fn Properties(editor: Editor) -> impl IntoView {
    let of = Memo::new(move |_| {
        let place = editor.selected.get()?;
        editor.document.with(|document| Some((place, document.blocks.get(place)?.kind)))
    });
    let inputs = move || {
        let Some((place, kind)) = of.get() else {
            return view! { <p class="muted">{t!("prints-select")}</p> }.into_any();
        };
        view! {
            <h2>{move || kind_name(kind)}</h2>
            {of_kind(editor, place, kind)}
        }
        .into_any()
    };
    view! { <section class="stack g3 print-properties" aria-label=t!("prints-properties")>{inputs}</section> }
}

fn of_kind(editor: Editor, place: usize, kind: BlockKind) -> AnyView {
    let words = view! { <Words editor=editor place=place/> };
    let alignment = view! { <Alignment editor=editor place=place/> };
    match kind {
        BlockKind::Heading => view! { {words}{alignment}<Size editor=editor place=place/> }.into_any(),
        BlockKind::Text => {
            let read: Reads = |block| block.bold;
            let write: Writes = |block, on| block.bold = on;
            view! {
                {words}
                {alignment}
                <Size editor=editor place=place/>
                <Flag editor=editor place=place label="prints-bold" read=read write=write/>
            }
            .into_any()
        }
        BlockKind::Fields => view! { {words}<FieldsOf editor=editor place=place/> }.into_any(),
        BlockKind::Rows => view! { {words}<RowsOf editor=editor place=place/> }.into_any(),
        BlockKind::Opinions => words.into_any(),
        BlockKind::Signatures => view! { <Signatures editor=editor place=place/> }.into_any(),
        BlockKind::Image => {
            view! { <Picture editor=editor place=place/>{alignment}<Width editor=editor place=place/> }
                .into_any()
        }
        BlockKind::Code => {
            view! { <Code editor=editor place=place/>{alignment}<Width editor=editor place=place/> }
                .into_any()
        }
        BlockKind::PageNumber => alignment.into_any(),
        BlockKind::Space => {
            let read: ReadsLength = |block| block.height;
            let write: WritesLength = |block, height| block.height = height;
            view! { <Millimetres editor=editor place=place label="prints-height" read=read write=write/> }
                .into_any()
        }
        BlockKind::Line | BlockKind::PageBreak => {
            view! { <p class="note muted">{t!("prints-nothing-to-say")}</p> }.into_any()
        }
    }
}

/// What the block at a place says of itself; tracked.
fn read<T: Send + Sync + PartialEq + Clone + 'static>(
    editor: Editor,
    place: usize,
    of: impl Fn(&Block) -> T + Send + Sync + 'static,
) -> Signal<T> {
    let nothing = Block::default();
    let memo = Memo::new(move |_| {
        editor.document.with(|document| of(document.blocks.get(place).unwrap_or(&nothing)))
    });
    memo.into()
}

/// The text, with a list of the names that it may hold.
#[component]
fn Words(editor: Editor, place: usize) -> impl IntoView {
    let value = Signal::derive(move || {
        let language = editor.language.get();
        let text = |block: &Block| block.text.as_ref().map(|text| text_in(text, language));
        editor.document.with(|document| document.blocks.get(place).and_then(text)).unwrap_or_default()
    });
    let set = move |text: String| {
        let language = editor.language.get_untracked();
        editor.type_block(place, "text", |block| {
            let text = written(&block.text.clone().unwrap_or_default(), language, &text);
            block.text = (!text.is_blank()).then_some(text);
        });
    };
    let offered =
        Signal::derive(move || editor.form.with_value(|form| names(&form.form, crate::i18n::language())));
    let insert = move |name: Option<String>| {
        if let Some(name) = name {
            let text = value.get_untracked();
            let gap = if text.is_empty() || text.ends_with(char::is_whitespace) { "" } else { " " };
            set(format!("{text}{gap}{{{name}}}"));
        }
    };
    let none = Signal::stored(None::<String>);
    view! {
        <Field label=t!("prints-text") help=Signal::derive(t!("prints-text-help"))>
            <TextArea value=value on_input=set rows=3 name="print-text"/>
        </Field>
        <Field label=t!("prints-insert")>
            <Select choices=offered value=none on_change=insert placeholder=Signal::derive(t!("prints-insert-choose"))/>
        </Field>
    }
}

#[component]
fn Alignment(editor: Editor, place: usize) -> impl IntoView {
    let segments = vec![
        Segment::new("start", t!("prints-align-start")),
        Segment::new("center", t!("prints-align-center")),
        Segment::new("end", t!("prints-align-end")),
    ];
    let selected = read(editor, place, |block| block.align.name().to_string());
    let set = move |name: &'static str| {
        if let Some(align) = Align::from_name(name) {
            editor.set(place, |block| block.align = align);
        }
    };
    view! {
        <Field label=t!("prints-align")>
            <Segmented segments=segments selected=selected on_select=set label=Signal::derive(t!("prints-align"))/>
        </Field>
    }
}

#[component]
fn Size(editor: Editor, place: usize) -> impl IntoView {
    let segments = vec![
        Segment::new("small", t!("prints-size-small")),
        Segment::new("normal", t!("prints-size-normal")),
        Segment::new("large", t!("prints-size-large")),
    ];
    let selected = read(editor, place, |block| block.size.name().to_string());
    let set = move |name: &'static str| {
        if let Some(size) = TextSize::from_name(name) {
            editor.set(place, |block| block.size = size);
        }
    };
    view! {
        <Field label=t!("prints-size")>
            <Segmented segments=segments selected=selected on_select=set label=Signal::derive(t!("prints-size"))/>
        </Field>
    }
}

/// How something that is so or not is read from a block, and written.
type Reads = fn(&Block) -> bool;
type Writes = fn(&mut Block, bool);

/// Something that is so or not.
#[component]
fn Flag(editor: Editor, place: usize, label: &'static str, read: Reads, write: Writes) -> impl IntoView {
    let checked = self::read(editor, place, read);
    let set = move |on: bool| editor.set(place, |block| write(block, on));
    view! { <Checkbox checked=checked on_change=set>{move || crate::i18n::lookup(label, &[])}</Checkbox> }
}

/// The same of a length.
type ReadsLength = fn(&Block) -> Option<u32>;
type WritesLength = fn(&mut Block, Option<u32>);

/// A length in millimetres; nothing typed is as the product has it.
#[component]
fn Millimetres(
    editor: Editor,
    place: usize,
    label: &'static str,
    read: ReadsLength,
    write: WritesLength,
) -> impl IntoView {
    let value = self::read(editor, place, move |block| {
        read(block).map(|length| length.to_string()).unwrap_or_default()
    });
    let set = move |text: String| {
        let text = text.trim();
        let length = text.parse::<u32>().ok();
        if text.is_empty() || length.is_some() {
            editor.set(place, |block| write(block, length));
        }
    };
    view! {
        <Field label=Signal::derive(move || crate::i18n::lookup(label, &[]))>
            <NumberInput value=value on_change=set suffix=Signal::derive(t!("prints-mm"))/>
        </Field>
    }
}

#[component]
fn Width(editor: Editor, place: usize) -> impl IntoView {
    let read: ReadsLength = |block| block.width;
    let write: WritesLength = |block, width| block.width = width;
    view! { <Millimetres editor=editor place=place label="prints-width" read=read write=write/> }
}

#[component]
fn FieldsOf(editor: Editor, place: usize) -> impl IntoView {
    let choices =
        Signal::derive(move || editor.form.with_value(|form| fields(&form.form, crate::i18n::language())));
    let value = read(editor, place, |block| block.fields.clone());
    let set = move |fields: Vec<String>| editor.set(place, |block| block.fields = fields);
    let beside = Signal::stored(
        (1..=4).map(|count: u32| Choice::new(count.to_string(), count.to_string())).collect::<Vec<_>>(),
    );
    let hides: Reads = |block| block.hide_empty;
    let hide: Writes = |block, on| block.hide_empty = on;
    let count = read(editor, place, |block| Some(block.columns.unwrap_or(2).to_string()));
    let set_count = move |count: Option<String>| {
        let count = count.and_then(|count| count.parse().ok());
        editor.set(place, |block| block.columns = count);
    };
    view! {
        <Field label=t!("prints-fields") required=true>
            <MultiSelect choices=choices value=value on_change=set/>
        </Field>
        <Field label=t!("prints-columns")>
            <Select choices=beside value=count on_change=set_count/>
        </Field>
        <Flag editor=editor place=place label="prints-hide-empty" read=hides write=hide/>
    }
}

#[component]
fn RowsOf(editor: Editor, place: usize) -> impl IntoView {
    let all =
        Signal::derive(move || editor.form.with_value(|form| subforms(&form.form, crate::i18n::language())));
    let subform = read(editor, place, |block| block.subform.clone());
    let set_subform = move |subform: Option<String>| {
        editor.set(place, |block| {
            if block.subform != subform {
                block.fields.clear();
                block.totals.clear();
            }
            block.subform = subform;
        });
    };
    let of_rows = Signal::derive(move || {
        let Some(subform) = subform.get() else { return Vec::new() };
        editor.form.with_value(|form| columns(&form.form, &subform, crate::i18n::language()))
    });
    let value = read(editor, place, |block| block.fields.clone());
    let set = move |fields: Vec<String>| {
        editor.set(place, |block| {
            block.totals.retain(|key| fields.contains(key));
            block.fields = fields;
        });
    };
    let numbers: Reads = |block| block.numbered;
    let number: Writes = |block, on| block.numbered = on;
    let added = read(editor, place, |block| block.totals.clone());
    let shown = Signal::derive(move || {
        let shown = value.get();
        of_rows.get().into_iter().filter(|choice| shown.contains(&choice.key)).collect::<Vec<_>>()
    });
    let set_added = move |totals: Vec<String>| editor.set(place, |block| block.totals = totals);
    view! {
        <Field label=t!("prints-subform") required=true>
            <Select choices=all value=subform on_change=set_subform/>
        </Field>
        <Field label=t!("prints-row-columns") required=true>
            <MultiSelect choices=of_rows value=value on_change=set/>
        </Field>
        <Field label=t!("prints-totals")>
            <MultiSelect choices=shown value=added on_change=set_added/>
        </Field>
        <Flag editor=editor place=place label="prints-numbered" read=numbers write=number/>
    }
}

/// Who signs, one a line, in the language that is written.
#[component]
fn Signatures(editor: Editor, place: usize) -> impl IntoView {
    let value = Signal::derive(move || {
        let language = editor.language.get();
        let lines = |block: &Block| {
            block.lines.iter().map(|line| text_in(line, language)).collect::<Vec<_>>().join("\n")
        };
        editor.document.with(|document| document.blocks.get(place).map(lines)).unwrap_or_default()
    });
    let set = move |text: String| {
        let language = editor.language.get_untracked();
        editor.type_block(place, "lines", |block| {
            let known = std::mem::take(&mut block.lines);
            let texts: Vec<&str> = text.lines().collect();
            let line = |(place, text): (usize, &&str)| {
                written(known.get(place).unwrap_or(&Label::default()), language, text)
            };
            block.lines = texts.iter().enumerate().map(line).collect();
        });
    };
    view! {
        <Field label=t!("prints-signers") help=Signal::derive(t!("prints-signers-help"))>
            <TextArea value=value on_input=set rows=4 name="print-signers"/>
        </Field>
    }
}

#[component]
fn Picture(editor: Editor, place: usize) -> impl IntoView {
    let take = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        leptos::task::spawn_local(async move {
            match browser::data_address(&file, LARGEST_PICTURE).await {
                Some(data) => editor.set(place, |block| block.data = Some(data)),
                None => toast::show(text!("prints-picture-too-large")),
            }
        });
    };
    let accept = PICTURES;
    let shown = read(editor, place, |block| block.data.clone());
    view! {
        <Field label=t!("prints-picture") required=true help=Signal::derive(t!("prints-picture-help"))>
            <FileDrop on_files=take text=Signal::derive(t!("prints-picture-drop")) accept=accept/>
        </Field>
        {move || shown.get().map(|data| view! { <img class="print-picture" src=data alt=t!("prints-picture")/> })}
    }
}

#[component]
fn Code(editor: Editor, place: usize) -> impl IntoView {
    let segments =
        vec![Segment::new("qr", t!("prints-code-qr")), Segment::new("code128", t!("prints-code-128"))];
    let symbol = read(editor, place, |block| block.symbol.name().to_string());
    let set_symbol = move |name: &'static str| {
        if let Some(symbol) = CodeSymbol::from_name(name) {
            editor.set(place, |block| block.symbol = symbol);
        }
    };
    let choices =
        Signal::derive(move || editor.form.with_value(|form| fields(&form.form, crate::i18n::language())));
    let value = read(editor, place, |block| block.field.clone());
    let set = move |field: Option<String>| editor.set(place, |block| block.field = field);
    view! {
        <Field label=t!("prints-code")>
            <Segmented segments=segments selected=symbol on_select=set_symbol label=Signal::derive(t!("prints-code"))/>
        </Field>
        <Field label=t!("prints-code-of") help=Signal::derive(t!("prints-code-help"))>
            <Select choices=choices value=value on_change=set clearable=true placeholder=Signal::derive(t!("prints-code-link"))/>
        </Field>
    }
}
