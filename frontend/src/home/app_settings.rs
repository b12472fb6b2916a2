//! The settings of an app: what it is called in each language, its icon, who administers it, its secrets and calls, and its end.

use engine::text::Label;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use wire::{App, AppPatch};

use super::app_calls::AppCalls;
use super::app_secrets::AppSecrets;
use super::next_steps::NextSteps;
use crate::api::{apps, segment, session, templates};
use crate::i18n::{self, Language};
use crate::settings::{AdministratorInputs, Administrators, SavedCard, Saving};
use crate::shell::{AppIcons, ShellContext, Top, app_icon};
use crate::ui::{
    Button, ButtonKind, Crumb, Dialog, DialogSize, Empty, Field, Skeleton, TextInput, Together, toast,
    wait_for,
};
use crate::{browser, t, text};

#[component]
pub fn AppSettingsPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = Memo::new(move |_| shell.current_app());
    let name = move || app.get().map(|app| app.label.get(i18n::language()).to_string()).unwrap_or_default();
    let crumbs = move || {
        let path = format!("/apps/{}", shell.app_key.get().unwrap_or_default());
        vec![Crumb::link(name(), path), Crumb::here(text!("app-settings"))]
    };
    // Of the same app, however often the list of apps comes anew: what is being typed stays.
    let id = Memo::new(move |_| app.with(|app| app.as_ref().map(|app| (app.id, app.administrator))));
    let closed = || {
        view! {
            <div class="card">
                <Empty icon="lock" title=t!("app-settings-closed") text=Signal::derive(t!("app-settings-closed-text"))/>
            </div>
        }
    };
    let page = move || match (id.get(), app.get_untracked()) {
        (None, _) if shell.apps.get().is_none() => view! { <Skeleton lines=8/> }.into_any(),
        (Some((_, true)), Some(app)) => view! { <Settings app=app name=Signal::derive(name)/> }.into_any(),
        _closed => closed().into_any(),
    };
    view! {
        <Top crumbs=Signal::derive(crumbs)/>
        <main class="page"><div class="page-in stack g6">{page}</div></main>
    }
}

/// The way to the sample records that came with an app's template.
#[component]
fn SampleData(app: Id) -> impl IntoView {
    let all = LocalResource::new(templates::templates);
    wait_for(move || all.with(Option::is_some));
    let of_app = move || {
        let all = all.get().and_then(Result::ok)?;
        let id = app.to_string();
        all.into_iter().find(|template| template.installed.contains(&id)).map(|template| template.key)
    };
    let administers = session::me().is_some_and(|me| me.member.administrator);
    move || {
        let key = of_app().filter(|_| administers)?;
        Some(view! {
            <section class="card">
                <div class="card-head"><h2>{t!("template-demo-title")}</h2></div>
                <div class="card-body stack g4">
                    <p class="soft-text">{t!("app-samples-text")}</p>
                    <div class="row">
                        <A href=format!("/templates?show={}", segment(&key)) attr:class="btn">{t!("template-demo-clear")}</A>
                    </div>
                </div>
            </section>
        })
    }
}

#[component]
fn Settings(app: App, name: Signal<String>) -> impl IntoView {
    let id = app.id;
    view! {
        <Together>
            <General app=app.clone()/>
            <AdministratorsCard app=app/>
            <AppSecrets app=id/>
            <AppCalls app=id/>
            <NextSteps goes=false/>
            <SampleData app=id/>
            <End id=id name=name/>
        </Together>
    }
}

/// Saves what an app says of itself; lists of apps come anew.
fn save(shell: ShellContext, saving: Saving, app: Id, patch: AppPatch) {
    saving.save(async move { apps::change_app(app, &patch).await }, move |_| shell.apps.refetch());
}

/// Names and icon.
#[component]
fn General(app: App) -> impl IntoView {
    let (shell, saving) = (ShellContext::expect(), Saving::new());
    let id = app.id;
    let plain = session::me().map(|me| me.workspace.language).unwrap_or_default();
    let names = Language::ALL.map(|language| (language, RwSignal::new(text_in(&app.label, language, plain))));
    let icon = RwSignal::new(app_icon(&app));
    let fault = RwSignal::new(None::<String>);
    let on_save = move |()| {
        let given = names.map(|(language, name)| (language, name.get_untracked().trim().to_string()));
        let Some(label) = label_of(&given, plain) else {
            return fault.set(Some(text!("new-app-name-needed")));
        };
        fault.set(None);
        let icon = Some(Some(icon.get_untracked()));
        save(shell, saving, id, AppPatch { label: Some(label), icon, ..AppPatch::default() });
    };
    let inputs = names.map(|(language, name)| {
        let label = move || text!("app-name-in", language = i18n::own_name(language));
        let error = Signal::derive(move || fault.get().filter(|_| language == plain));
        view! {
            <Field label=Signal::derive(label) required={language == plain} error=error>
                <TextInput value=name on_input=move |text| name.set(text) name=language.tag()/>
            </Field>
        }
    });
    view! {
        <SavedCard title=t!("app-settings-general") saving=saving on_save=on_save>
            {inputs.into_iter().collect_view()}
            <div class="field">
                <span class="label">{t!("new-app-icon")}</span>
                <AppIcons icon=icon on_choose=move |name: &'static str| icon.set(name.to_string())/>
            </div>
        </SavedCard>
    }
}

/// What an app is called in a language and no other. A plain name is in the language of the workspace.
fn text_in(label: &Label, language: Language, plain: Language) -> String {
    match label {
        Label::Plain(text) if language == plain => text.clone(),
        Label::Plain(_) => String::new(),
        Label::Translated(texts) => texts.get(&language).cloned().unwrap_or_default(),
    }
}

/// The label of the names that were given; none without a name in the language of the workspace.
fn label_of(names: &[(Language, String)], plain: Language) -> Option<Label> {
    let given: Vec<&(Language, String)> = names.iter().filter(|(_, name)| !name.is_empty()).collect();
    let own = given.iter().find(|(language, _)| *language == plain)?;
    Some(match given.len() {
        1 => Label::Plain(own.1.clone()),
        _ => Label::Translated(given.into_iter().cloned().collect()),
    })
}

/// Who administers the app, besides the administrators of the workspace.
#[component]
fn AdministratorsCard(app: App) -> impl IntoView {
    let (shell, saving) = (ShellContext::expect(), Saving::new());
    let (id, named) = (app.id, Administrators::of(&app.admins));
    let on_save = move |()| {
        save(shell, saving, id, AppPatch { admins: Some(vec![named.entry()]), ..AppPatch::default() });
    };
    view! {
        <SavedCard title=t!("app-settings-admins") saving=saving on_save=on_save>
            <p class="note muted">{t!("app-settings-admins-text")}</p>
            <AdministratorInputs named=named/>
        </SavedCard>
    }
}

/// Puts the app into the recycle bin, once the name that it has now was typed.
#[component]
fn End(id: Id, name: Signal<String>) -> impl IntoView {
    let shell = ShellContext::expect();
    let go = StoredValue::new(use_navigate());
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let typed = RwSignal::new(String::new());
    let differs = Signal::derive(move || {
        let same = typed.with(|typed| typed.trim() == name.get().trim());
        (!same).then(|| text!("app-delete-type", name = name.get()))
    });
    let delete = move |_| {
        busy.set(true);
        spawn_local(async move {
            match apps::delete_app(id).await {
                Ok(()) => {
                    toast::show_with(text!("app-deleted"), text!("grid-bin"), || {
                        browser::follow("/settings/bin")
                    });
                    shell.apps.refetch();
                    go.with_value(|go| go("/", Default::default()));
                }
                Err(problem) => {
                    toast::refused(&problem);
                    let _ = (busy.try_set(false), asking.try_set(false));
                }
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| asking.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Danger busy=busy disabled_reason=differs on_press=delete>{t!("app-delete")}</Button>
        }
    };
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("app-delete")}</h2></div>
            <div class="card-body stack g4">
                <p>{t!("app-delete-text")}</p>
                <div class="row">
                    <Button kind=ButtonKind::DangerQuiet icon="trash" on_press=move |_| { typed.set(String::new()); asking.set(true); }>
                        {t!("app-delete")}
                    </Button>
                </div>
            </div>
        </section>
        <Dialog
            open=asking
            title=Signal::derive(move || text!("app-delete-question", name = name.get()))
            size=DialogSize::Small
            foot=Some(ViewFn::from(foot))
        >
            <div class="stack g4">
                <p>{t!("app-delete-text")}</p>
                <Field label=Signal::derive(move || text!("app-delete-type", name = name.get()))>
                    <TextInput value=typed on_input=move |text| typed.set(text) autofocus=true name="app-to-delete"/>
                </Field>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_is_plain_and_several_are_translations() {
        let names = |cn: &str, tw: &str, en: &str| {
            [
                (Language::ZhCn, cn.to_string()),
                (Language::ZhTw, tw.to_string()),
                (Language::En, en.to_string()),
            ]
        };
        let plain = label_of(&names("", "", "Sales"), Language::En).unwrap();
        assert_eq!(plain, Label::from("Sales"));
        assert_eq!(text_in(&plain, Language::En, Language::En), "Sales");
        assert_eq!(text_in(&plain, Language::ZhCn, Language::En), "");
        let both = label_of(&names("销售", "", "Sales"), Language::En).unwrap();
        assert_eq!(text_in(&both, Language::ZhCn, Language::En), "销售");
        assert_eq!(text_in(&both, Language::ZhTw, Language::En), "", "nothing is made up");
        assert_eq!(label_of(&names("销售", "", ""), Language::En), None);
    }
}
