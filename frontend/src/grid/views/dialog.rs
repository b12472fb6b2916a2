//! The dialog that makes a view, or calls and arranges the open one otherwise.

use engine::view::{ViewKind, ViewOptions};
use leptos::prelude::*;

use super::options::{boards, covers, days, ends, lack_of, own_days, usual};
use super::store::{Asking, Views};
use crate::api::forms::OpenForm;
use crate::i18n;
use crate::ui::{
    Banner, Button, ButtonKind, Choice, Dialog, Field, Segment, Segmented, Select, TextInput, Tone,
};
use crate::{t, text};

/// The icon of a kind of view.
pub fn icon_of(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Table => "table",
        ViewKind::Kanban => "kanban",
        ViewKind::Calendar => "date",
        ViewKind::Gallery => "gallery",
        ViewKind::Gantt => "rows",
    }
}

/// What a kind of view is called.
pub fn name_of(kind: ViewKind) -> String {
    i18n::lookup(&format!("view-kind-{}", kind.name()), &[])
}

#[component]
pub fn ViewDialog(views: Views) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let kind = RwSignal::new(ViewKind::default());
    let options = RwSignal::new(ViewOptions::default());
    let asking = views.asking;
    let form = views.form;
    // It begins with what the open view is; a new one has no name yet.
    Effect::new(move |_| {
        let asked = asking.get();
        if let Some(asked) = asked {
            let view = views.state.view.get_untracked();
            let called = view.as_ref().filter(|_| asked == Asking::Settings);
            name.set(called.map(|view| view.label.get(i18n::language_now()).to_string()).unwrap_or_default());
            kind.set(view.as_ref().map(|view| view.kind).unwrap_or_default());
            options.set(view.map(|view| view.options).unwrap_or_default());
        }
        open.set(asked.is_some());
    });
    Effect::new(move |_| {
        if !open.get() && asking.with_untracked(Option::is_some) {
            asking.set(None);
        }
    });
    let lack = Memo::new(move |_| form.with_value(|form| lack_of(&form.form, kind.get())));
    let why_not = Signal::derive(move || {
        let unnamed = name.with(|name| name.trim().is_empty());
        lack.get().map(|lack| i18n::lookup(lack, &[])).or_else(|| unnamed.then(|| text!("view-name-missing")))
    });
    let save = move || {
        if why_not.with_untracked(Option::is_some) {
            return;
        }
        let (name, kind, options) = (name.get_untracked(), kind.get_untracked(), options.get_untracked());
        match asking.get_untracked() {
            Some(Asking::New) => views.create(name.trim(), kind, options),
            Some(Asking::Settings) => views.arrange(name.trim(), kind, &options),
            None => {}
        }
    };
    let choose = move |key: &'static str| {
        let Some(chosen) = ViewKind::from_name(key) else { return };
        kind.set(chosen);
        options.set(form.with_value(|form| usual(&form.form, chosen)));
    };
    let segments = move || {
        let segment = |kind: ViewKind| Segment::new(kind.name(), move || name_of(kind)).icon(icon_of(kind));
        ViewKind::ALL.into_iter().map(segment).collect::<Vec<_>>()
    };
    let title = move || match asking.get() {
        Some(Asking::Settings) => text!("view-settings"),
        Some(Asking::New) | None => text!("view-new"),
    };
    let action = move || match asking.get() {
        Some(Asking::Settings) => text!("view-save"),
        Some(Asking::New) | None => text!("view-create"),
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| asking.set(None)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=views.busy disabled_reason=why_not on_press=move |_| save()>{action}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(title) foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                <Field label=t!("view-name")>
                    <TextInput value=name on_input=move |text| name.set(text) autofocus=true/>
                </Field>
                <Field label=t!("view-kind")>
                    <div class="view-kinds">
                        <Segmented
                            segments=segments()
                            selected=Signal::derive(move || kind.get().name().to_string())
                            on_select=choose
                            label=Signal::derive(t!("view-kind"))
                        />
                    </div>
                </Field>
                {move || match lack.get() {
                    Some(lack) => view! { <Banner tone=Tone::Info>{move || i18n::lookup(lack, &[])}</Banner> }.into_any(),
                    None => view! { <Arrangement form=form kind=kind.get() options=options/> }.into_any(),
                }}
            </form>
        </Dialog>
    }
}

/// What the records are arranged by.
#[component]
fn Arrangement(form: StoredValue<OpenForm>, kind: ViewKind, options: RwSignal<ViewOptions>) -> impl IntoView {
    let of = move |offered: fn(&engine::form::Form) -> Vec<Choice>| {
        Signal::derive(move || form.with_value(|form| offered(&form.form)))
    };
    let offered_ends = Signal::derive(move || {
        let start = options.with(|options| options.start.clone());
        form.with_value(|form| ends(&form.form, start.as_deref()))
    });
    let start = Signal::derive(move || options.with(|options| options.start.clone()));
    let end = Signal::derive(move || options.with(|options| options.end.clone()));
    let begin = move |key: Option<String>| {
        options.update(|options| {
            options.start = key;
            let fitting = form.with_value(|form| ends(&form.form, options.start.as_deref()));
            let fits = |end: &String| fitting.iter().any(|choice| choice.key == *end);
            options.end = options.end.take().filter(fits);
            if kind == ViewKind::Gantt && options.end.is_none() {
                options.end = fitting.into_iter().next().map(|choice| choice.key);
            }
        });
    };
    let finish = move |key: Option<String>| options.update(|options| options.end = key);
    match kind {
        ViewKind::Table => ().into_any(),
        ViewKind::Kanban => {
            let by = Signal::derive(move || options.with(|options| options.by.clone()));
            view! {
                <Field label=t!("view-by")>
                    <Select choices=of(boards) value=by on_change=move |key| options.update(|options| options.by = key)/>
                </Field>
            }
            .into_any()
        }
        ViewKind::Gallery => {
            let cover = Signal::derive(move || options.with(|options| options.cover.clone()));
            view! {
                <Field label=t!("view-cover")>
                    <Select
                        choices=of(covers)
                        value=cover
                        clearable=true
                        on_change=move |key| options.update(|options| options.cover = key)
                    />
                </Field>
            }
            .into_any()
        }
        ViewKind::Calendar => view! {
            <Field label=t!("view-start")><Select choices=of(days) value=start on_change=begin/></Field>
            <Field label=t!("view-end-optional")><Select choices=offered_ends value=end clearable=true on_change=finish/></Field>
        }
        .into_any(),
        ViewKind::Gantt => view! {
            <Field label=t!("view-start")><Select choices=of(own_days) value=start on_change=begin/></Field>
            <Field label=t!("view-end")><Select choices=offered_ends value=end on_change=finish/></Field>
        }
        .into_any(),
    }
}
