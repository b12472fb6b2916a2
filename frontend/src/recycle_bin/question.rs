//! Before a thing goes into the bin: what uses it, and whether it can go at all.

use engine::text::Label;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Dependent;

use crate::api::bin::{self, Uses};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogSize, Loaded, Tone, toast};
use crate::{browser, i18n, t, text};

/// A thing that somebody wants to delete: how it is called, and where it is in the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Doomed {
    pub name: String,
    pub path: String,
    /// The app that has it, where the address does not say so.
    pub app: Option<String>,
}

/// Asks whether a thing is to go into the bin, naming what uses it. `on_deleted` is called once it lies there.
#[component]
pub fn DeleteQuestion(
    open: RwSignal<bool>,
    #[prop(into)] thing: Signal<Option<Doomed>>,
    #[prop(into)] on_deleted: Callback<()>,
) -> impl IntoView {
    let title = Signal::derive(move || {
        let name = thing.with(|thing| thing.as_ref().map(|thing| thing.name.clone()));
        text!("bin-delete-question", name = name.unwrap_or_default())
    });
    let found = RwSignal::new(None::<Uses>);
    let busy = RwSignal::new(false);
    let obstacle = Signal::derive(move || {
        found.with(|found| match found {
            None => Some(text!("bin-delete-looks")),
            Some(found) => found.items.iter().any(|one| one.blocks).then(|| text!("bin-delete-used")),
        })
    });
    let delete = move |_| {
        let (Some(doomed), Some(version)) =
            (thing.get_untracked(), found.with_untracked(|found| found.as_ref().map(|found| found.version)))
        else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = bin::delete(&doomed.path, doomed.app.as_deref(), version).await;
            // The page may be left by now.
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = open.try_set(false);
                    toast::show_with(
                        text!("bin-thing-deleted", name = doomed.name),
                        text!("grid-bin"),
                        || browser::follow("/settings/bin"),
                    );
                    let _ = on_deleted.try_run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Danger busy=busy disabled_reason=obstacle on_press=delete>{t!("bin-delete")}</Button>
        }
    };
    view! {
        <Dialog open=open title=title size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <Named thing=thing found=found/>
        </Dialog>
    }
}

/// What uses the thing, looked for when the question is asked.
#[component]
fn Named(thing: Signal<Option<Doomed>>, found: RwSignal<Option<Uses>>) -> impl IntoView {
    found.set(None);
    let answer = LocalResource::new(move || {
        let doomed = thing.get();
        async move {
            let Some(doomed) = doomed else { return Ok(Uses::default()) };
            let uses = bin::uses(&doomed.path, doomed.app.as_deref()).await?;
            let _ = found.try_set(Some(uses.clone()));
            Ok(uses)
        }
    });
    let shown = move |uses: Uses| {
        let blocks = uses.items.iter().any(|one| one.blocks);
        let line = |one: Dependent| view! { <li>{move || said(&one)}</li> };
        let lines = uses.items.into_iter().map(line).collect_view();
        view! {
            {blocks.then(|| view! { <Banner tone=Tone::Warning>{t!("bin-delete-used")}</Banner> })}
            <ul class="stack g1 uses">{lines}</ul>
            {(!blocks).then(|| view! { <p>{t!("bin-delete-text")}</p> })}
        }
    };
    view! { <div class="stack g3" role="status"><Loaded answer=answer lines=2 view=shown/></div> }
}

/// A use in words.
pub fn said(one: &Dependent) -> String {
    let name = |label: &Label| label.get(i18n::language()).to_string();
    let number = i64::from(one.number.unwrap_or_default());
    match (one.object.as_str(), one.label.as_ref().map(name)) {
        ("dashboard", Some(name)) => text!("bin-use-dashboard", name = name),
        ("dashboard", None) => text!("bin-use-dashboard-of-others"),
        ("form", Some(name)) => text!("bin-use-form", name = name),
        ("form", None) => text!("bin-use-form-of-others"),
        ("favourite", _) => text!("bin-use-favourite", count = number),
        ("running", _) => text!("bin-use-running", count = number),
        ("ended", _) => text!("bin-use-ended", count = number),
        (other, name) => name.unwrap_or_else(|| other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_others_design_is_told_without_its_name() {
        i18n::set_language(i18n::Language::En);
        let told = |json| said(&serde_json::from_value(json).unwrap());
        let use_of = |object: &str| json!({"object": object, "used_in": object, "blocks": true});
        assert_eq!(told(use_of("dashboard")), "A dashboard of another app");
        let named = json!({"object": "dashboard", "used_in": "dashboard", "label": "Sales", "blocks": true});
        assert_eq!(told(named), "Dashboard “Sales”");
        let counted = json!({"object": "running", "used_in": "running", "number": 2, "blocks": true});
        assert_eq!(told(counted), "2 requests go on by it");
    }
}
