//! The page of one app: its forms.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};

use wire::{Form, FormState};

use crate::api::apps;
use crate::shell::{ShellContext, Top};
use crate::ui::{Badge, Button, ButtonKind, Crumb, Dialog, Empty, Field, Loaded, TextInput, Tile, icon_or};
use crate::{browser, i18n, t, text};

#[component]
pub fn AppPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let params = use_params_map();
    let app = Memo::new(move |_| params.with(|params| params.get("app")).unwrap_or_default());
    let forms = LocalResource::new(move || {
        let app = app.get();
        async move { apps::forms(&app).await }
    });
    let name = move || {
        let label = shell.app(&app.get()).map(|app| app.label);
        label.map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
    };
    let new_form = RwSignal::new(false);
    let card = move |form: Form| {
        let app = app.get_untracked();
        let href = match form.state {
            FormState::Published => format!("/apps/{app}/forms/{}", form.id),
            FormState::Draft => format!("/apps/{app}/forms/{}/design", form.id),
        };
        let draft = form.state == FormState::Draft;
        view! {
            <A href=href attr:class="card click">
                <span class="card-body row gap-4">
                    <Tile icon=icon_or(form.icon.as_deref(), "table") colour=1 size="l"/>
                    <span class="stack g1 grow">
                        <span class="strong clip">{move || form.label.get(i18n::language()).to_string()}</span>
                    </span>
                    {draft.then(|| view! { <Badge>{t!("app-draft")}</Badge> })}
                </span>
            </A>
        }
    };
    let cards = move |forms: Vec<Form>| {
        if forms.is_empty() {
            view! {
                <div class="card">
                    <Empty icon="form" title=t!("app-no-forms") text=Signal::derive(t!("app-no-forms-text"))>
                        <Button kind=ButtonKind::Primary on_press=move |_| new_form.set(true)>{t!("app-new-form")}</Button>
                    </Empty>
                </div>
            }
            .into_any()
        } else {
            view! { <div class="cards-3">{forms.into_iter().map(card).collect_view()}</div> }.into_any()
        }
    };
    view! {
        <Top crumbs=Signal::derive(move || vec![Crumb::here(name())])>
            <Button kind=ButtonKind::Primary icon="plus" on_press=move |_| new_form.set(true)>{t!("app-new-form")}</Button>
        </Top>
        <main class="page">
            <div class="page-in wide"><Loaded answer=forms view=cards/></div>
        </main>
        <NewFormDialog open=new_form app=app/>
    }
}

/// Makes a blank form and opens the designer.
#[component]
fn NewFormDialog(open: RwSignal<bool>, app: Memo<String>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let navigate = StoredValue::new(use_navigate());
    let create = move || {
        let label = name.get_untracked().trim().to_string();
        if label.is_empty() {
            return fault.set(Some(text!("app-form-name-needed")));
        }
        busy.set(true);
        spawn_local(async move {
            let app = app.get_untracked();
            let answer = apps::create_form(&app, &new_key(), &label, &text!("app-first-field")).await;
            busy.set(false);
            match answer {
                Ok(form) => {
                    open.set(false);
                    let path = format!("/apps/{app}/forms/{}/design", form.id);
                    navigate.with_value(|go| go(&path, Default::default()));
                }
                Err(problem) => fault.set(Some(problem.sentence())),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| create()>{t!("app-create-form")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("app-new-form") foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    create();
                }
            >
                <Field label=t!("app-form-name") required=true error=fault>
                    <TextInput
                        value=name
                        on_input=move |text| name.set(text)
                        placeholder=t!("app-form-name-example")
                        autofocus=true
                        name="form-name"
                    />
                </Field>
            </form>
        </Dialog>
    }
}

/// A form's key never changes and is not read aloud; labels may be in any script.
fn new_key() -> String {
    format!("form_{}", &browser::random_key()[..8])
}
