//! The secrets of an app: what its calls are signed with, or bring. What one is is typed in, or shown once, and never again.

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Secret, SecretInput, SecretPurpose};

use crate::api::sending;
use crate::settings::{SavedCard, Saving};
use crate::ui::{
    Banner, Choice, ConfirmDialog, ControlSize, Empty, Field, IconButton, InputType, Loaded, Select,
    TextInput, Tone, toast,
};
use crate::{i18n, t, text};

fn purpose_name(purpose: SecretPurpose) -> String {
    match purpose {
        SecretPurpose::Sign => text!("secrets-sign"),
        SecretPurpose::Bearer => text!("secrets-bearer"),
        SecretPurpose::Header => text!("secrets-header"),
    }
}

/// The hosts in a line, however they are parted.
fn hosts_in(line: &str) -> Vec<String> {
    let parts = line.split([',', '，', '、', ';', ' ', '\n']);
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_string).collect()
}

/// The card of the secrets of an app.
#[component]
pub fn AppSecrets(app: Id) -> impl IntoView {
    let answer = LocalResource::new(move || async move { sending::secrets(&app.to_string()).await });
    let refresh = Callback::new(move |()| answer.refetch());
    let table = move |secrets: Vec<Secret>| {
        if secrets.is_empty() {
            return view! { <Empty icon="lock" title=t!("secrets-none")/> }.into_any();
        }
        let rows = secrets.into_iter().map(|secret| view! { <Row secret=secret refresh=refresh/> });
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th scope="col">{t!("secrets-name")}</th>
                            <th scope="col">{t!("secrets-purpose")}</th>
                            <th scope="col">{t!("secrets-hosts")}</th>
                            <th scope="col">{t!("secrets-since")}</th>
                            <th><span class="sr">{t!("member-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card" id="app-secrets">
            <div class="card-head"><h2>{t!("secrets-title")}</h2></div>
            <Loaded answer=answer view=table lines=3/>
        </section>
        <NewSecret app=app refresh=refresh/>
    }
}

#[component]
fn Row(secret: Secret, refresh: Callback<()>) -> impl IntoView {
    let id = secret.id;
    let asking = RwSignal::new(false);
    let at = parse_timestamp(&secret.created_at);
    let remove = move |()| {
        asking.set(false);
        spawn_local(async move {
            match sending::remove_secret(id).await {
                Ok(()) => {
                    toast::show(text!("secrets-removed"));
                    let _ = refresh.try_run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let (purpose, header) = (secret.purpose, secret.header.clone());
    let used = move || match &header {
        Some(header) => format!("{} {header}", purpose_name(purpose)),
        None => purpose_name(purpose),
    };
    let name = StoredValue::new(secret.name.clone());
    view! {
        <tr>
            <td class="title">{secret.name}</td>
            <td>{used}</td>
            <td>{secret.hosts.join(", ")}</td>
            <td>{at.map(|at| move || i18n::around(at))}</td>
            <td class="text-right">
                <IconButton icon="trash" label=Signal::derive(move || text!("secrets-remove", name = name.get_value())) size=ControlSize::Small on_press=move |_| asking.set(true)/>
                <ConfirmDialog
                    open=asking
                    title=Signal::derive(move || text!("secrets-remove", name = name.get_value()))
                    action=Signal::derive(t!("secrets-remove-do"))
                    on_confirm=remove
                >
                    <p>{t!("secrets-remove-text")}</p>
                </ConfirmDialog>
            </td>
        </tr>
    }
}

#[component]
fn NewSecret(app: Id, refresh: Callback<()>) -> impl IntoView {
    let saving = Saving::new();
    let (name, header) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (hosts, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let purpose = RwSignal::new(SecretPurpose::Sign);
    let made = RwSignal::new(None::<String>);
    let purposes = Signal::derive(|| {
        SecretPurpose::ALL.map(|purpose| Choice::new(purpose.key(), purpose_name(purpose))).to_vec()
    });
    let chosen = Signal::derive(move || Some(purpose.get().key().to_string()));
    let choose = move |key: Option<String>| {
        if let Some(known) = key.and_then(|key| SecretPurpose::from_key(&key)) {
            purpose.set(known);
        }
    };
    let in_header = move || purpose.get() == SecretPurpose::Header;
    let value_help = Signal::derive(move || match purpose.get() {
        SecretPurpose::Sign => text!("secrets-value-made"),
        SecretPurpose::Bearer | SecretPurpose::Header => text!("secrets-value-help"),
    });
    let on_save = move |()| {
        made.set(None);
        let given =
            |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let input = SecretInput {
            name: name.get_untracked().trim().to_string(),
            purpose: purpose.get_untracked(),
            header: given(header).filter(|_| purpose.get_untracked() == SecretPurpose::Header),
            hosts: hosts_in(&hosts.get_untracked()),
            value: given(value),
        };
        let sent = async move { sending::keep_secret(&app.to_string(), &input).await };
        saving.save(sent, move |kept: Secret| {
            for text in [name, header, hosts, value] {
                let _ = text.try_set(String::new());
            }
            let _ = made.try_set(kept.value);
            let _ = refresh.try_run(());
        });
    };
    let hosts_fault = Signal::derive(move || {
        let first = saving.fault("hosts").get();
        first.or_else(|| saving.fault("hosts.0").get()).or_else(|| saving.fault("hosts.1").get())
    });
    view! {
        <SavedCard title=t!("secrets-new") saving=saving on_save=on_save>
            <p class="note muted">{t!("secrets-text")}</p>
            {move || made.get().map(|key| view! {
                <Banner tone=Tone::Success>
                    <span>{t!("secrets-made")}" "</span><code class="wrap-anywhere">{key}</code>
                </Banner>
            })}
            <Field label=t!("secrets-name") required=true help=Signal::derive(t!("secrets-name-help")) error=saving.fault("name")>
                <TextInput value=name on_input=move |text| name.set(text) name="secret-name"/>
            </Field>
            <Field label=t!("secrets-purpose")>
                <Select choices=purposes value=chosen on_change=choose/>
            </Field>
            <Show when=in_header>
                <Field label=t!("secrets-header-name") required=true error=saving.fault("header")>
                    <TextInput value=header on_input=move |text| header.set(text) name="secret-header"/>
                </Field>
            </Show>
            <Field label=t!("secrets-hosts") required=true help=Signal::derive(t!("secrets-hosts-help")) error=hosts_fault>
                <TextInput value=hosts on_input=move |text| hosts.set(text) name="secret-hosts"/>
            </Field>
            <Field label=t!("secrets-value") help=value_help error=saving.fault("value")>
                <TextInput value=value on_input=move |text| value.set(text) kind=InputType::Password autocomplete="new-password" name="secret-value"/>
            </Field>
        </SavedCard>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_parted_as_people_part_them() {
        assert_eq!(hosts_in("a.example.com, b.example.com、c"), ["a.example.com", "b.example.com", "c"]);
        assert!(hosts_in(" , ").is_empty());
    }
}
