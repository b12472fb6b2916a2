//! What there is of hooks, and making another one.

use engine::value::Id;
use leptos::prelude::*;
use wire::Hook;

use super::card::HookCard;
use super::deliveries::DeliveriesDialog;
use super::dialog::HookDialog;
use super::secret::SecretDialog;
use crate::api::forms::OpenForm;
use crate::api::hooks;
use crate::t;
use crate::ui::{Button, Empty};

/// The hooks at work. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct HookDesk {
    pub form: StoredValue<OpenForm>,
    pub hooks: RwSignal<Vec<Hook>>,
    /// Whether a hook is made or changed, and which one.
    pub editing: RwSignal<bool>,
    pub edited: RwSignal<Option<Hook>>,
    /// The hook whose secret has just been made.
    pub told: RwSignal<Option<Hook>>,
    /// The hook of which is shown what came.
    pub watched: RwSignal<Option<Hook>>,
}

impl HookDesk {
    /// Takes in what became of a hook.
    pub fn put(self, hook: Hook) {
        // The secret is told once, and kept nowhere.
        let hook = Hook { secret: None, ..hook };
        let _ = self.hooks.try_update(|hooks| match hooks.iter_mut().find(|known| known.id == hook.id) {
            Some(known) => *known = hook,
            None => hooks.insert(0, hook),
        });
    }

    pub fn remove(self, id: Id) {
        let _ = self.hooks.try_update(|hooks| hooks.retain(|hook| hook.id != id));
    }

    fn begin(self) {
        self.edited.set(None);
        self.editing.set(true);
    }

    /// Asks for the hooks anew: somebody else has changed one.
    pub async fn reload(self) {
        let Some(form) = self.form.try_with_value(|form| form.info.id) else { return };
        if let Ok(found) = hooks::hooks(form).await {
            let _ = self.hooks.try_set(found);
        }
    }
}

#[component]
pub fn HooksSection(form: StoredValue<OpenForm>, hooks: Vec<Hook>) -> impl IntoView {
    let desk = HookDesk {
        form,
        hooks: RwSignal::new(hooks),
        editing: RwSignal::new(false),
        edited: RwSignal::new(None),
        told: RwSignal::new(None),
        watched: RwSignal::new(None),
    };
    let cards = move || {
        let hooks = desk.hooks.get();
        if hooks.is_empty() {
            return view! {
                <Empty icon="inbox" title=Signal::derive(t!("hooks-none")) text=Signal::derive(t!("hooks-none-text"))/>
            }
            .into_any();
        }
        hooks.into_iter().map(|hook| view! { <HookCard desk=desk hook=hook/> }).collect_view().into_any()
    };
    view! {
        <section class="stack g4" id="hooks" aria-labelledby="hooks-heading">
            <div class="row">
                <h2 id="hooks-heading">{t!("hooks-title")}</h2>
                <span class="push"><Button icon="plus" on_press=move |_| desk.begin()>{t!("hooks-new")}</Button></span>
            </div>
            <p class="soft-text">{t!("hooks-text")}</p>
            {cards}
        </section>
        <HookDialog desk=desk/>
        <SecretDialog desk=desk/>
        <DeliveriesDialog desk=desk/>
    }
}
