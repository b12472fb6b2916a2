//! The dialog that makes a form: blank, or of a table.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::ShellContext;
use crate::api::{apps, segment};
use crate::imports::{FromSheet, SheetBody, SheetFoot};
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, Field, Segment, Segmented, TextInput};
use crate::{browser, t, text};

/// Makes a form and opens it: a blank one in the designer, one of a table with its records.
#[component]
pub fn NewFormDialog() -> impl IntoView {
    let shell = ShellContext::expect();
    let open = shell.new_form;
    let sheet = FromSheet::new();
    let blank = BlankForm::new();
    let from_sheet = shell.form_from_sheet;
    let navigate = StoredValue::new(use_navigate());
    let go = move |path: String| navigate.with_value(|go| go(&path, Default::default()));
    Effect::new(move || {
        if open.get() {
            sheet.start_over();
        }
    });
    let create = move || {
        blank.create(shell, move |form| {
            let Some(app) = shell.app_key.get_untracked() else { return };
            go(format!("/apps/{app}/forms/{form}/design"));
        });
    };
    let arrived = move |form: Id| {
        let Some(app) = shell.app_key.get_untracked() else { return };
        open.set(false);
        // Lists are newest first; what somebody made of their table is met in the order that they know.
        go(format!("/apps/{app}/forms/{form}?sort={}", segment("$id")));
    };
    let buttons = move || {
        if from_sheet.get() {
            let made = move |_form: wire::Form| shell.forms.refetch();
            view! { <SheetFoot sheet=sheet app=shell.app_key open=open on_made=made on_done=arrived/> }
                .into_any()
        } else {
            view! {
                <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
                <Button kind=ButtonKind::Primary busy=blank.busy on_press=move |_| create()>{t!("app-create-form")}</Button>
            }
            .into_any()
        }
    };
    // The foot is built once for an opening; the way may change after that.
    let foot = move || view! { {buttons} };
    let size = move || match from_sheet.get() && sheet.is_wide() {
        true => DialogSize::Large,
        false => DialogSize::Normal,
    };
    let ways = || {
        let blank = Segment::new("blank", t!("app-form-blank")).icon("form");
        vec![blank, Segment::new("sheet", t!("app-form-from-sheet")).icon("table")]
    };
    view! {
        <Dialog open=open title=t!("app-new-form") asks=true size=Signal::derive(size) foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <Show when=move || !(from_sheet.get() && sheet.is_wide())>
                    <Segmented
                        segments=ways()
                        selected=Signal::derive(move || if from_sheet.get() { "sheet".to_string() } else { "blank".to_string() })
                        on_select=move |way: &'static str| from_sheet.set(way == "sheet")
                        label=Signal::derive(t!("app-new-form"))
                    />
                </Show>
                <Show
                    when=move || from_sheet.get()
                    fallback=move || view! { <BlankBody blank=blank on_submit=move |()| create()/> }
                >
                    <SheetBody sheet=sheet app=shell.app_key/>
                </Show>
            </div>
        </Dialog>
    }
}

/// A blank form before it is made.
#[derive(Clone, Copy)]
struct BlankForm {
    name: RwSignal<String>,
    busy: RwSignal<bool>,
    fault: RwSignal<Option<String>>,
}

impl BlankForm {
    fn new() -> BlankForm {
        BlankForm {
            name: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            fault: RwSignal::new(None),
        }
    }

    fn create(self, shell: ShellContext, on_made: impl FnOnce(Id) + 'static) {
        let label = self.name.get_untracked().trim().to_string();
        if label.is_empty() {
            return self.fault.set(Some(text!("app-form-name-needed")));
        }
        self.busy.set(true);
        spawn_local(async move {
            let Some(app) = shell.app_key.get_untracked() else { return };
            let answer = apps::create_form(&app, &new_key(), &label, &text!("app-first-field")).await;
            self.busy.set(false);
            match answer {
                Ok(form) => {
                    shell.new_form.set(false);
                    self.name.set(String::new());
                    self.fault.set(None);
                    shell.forms.refetch();
                    on_made(form.id);
                }
                Err(problem) => self.fault.set(Some(problem.sentence())),
            }
        });
    }
}

#[component]
fn BlankBody(blank: BlankForm, #[prop(into)] on_submit: Callback<()>) -> impl IntoView {
    view! {
        <form
            class="stack g4"
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
        >
            <Field label=t!("app-form-name") required=true error=blank.fault>
                <TextInput
                    value=blank.name
                    on_input=move |text| blank.name.set(text)
                    placeholder=t!("app-form-name-example")
                    autofocus=true
                    name="form-name"
                />
            </Field>
        </form>
    }
}

/// A form's key never changes and is not read aloud; labels may be in any script.
fn new_key() -> String {
    format!("form_{}", &browser::random_key()[..8])
}
