//! The page of a form's public links and of its inbound hooks: what there is, and making another one.

use engine::value::Id;
use leptos::prelude::*;
use wire::{Hook, Link, LinkState};

use super::card::LinkCard;
use super::code_dialog::CodeDialog;
use super::dialog::LinkDialog;
use super::hooks::HooksSection;
use crate::api::forms::{self, OpenForm};
use crate::api::{Problem, hooks, links};
use crate::draft_editor::{DesignTabs, Part};
use crate::records::{app_param, form_param};
use crate::shell::{ShellContext, Top};
use crate::ui::{Button, ButtonKind, Crumb, Empty, Loaded};
use crate::{i18n, t};

/// What the page starts with.
#[derive(Clone)]
struct Opened {
    form: OpenForm,
    links: Vec<Link>,
    hooks: Vec<Hook>,
}

async fn open(form: &str) -> Result<Opened, Problem> {
    let form = forms::open(form).await?;
    let links = links::links(form.info.id).await?;
    let hooks = hooks::hooks(form.info.id).await?;
    Ok(Opened { form, links, hooks })
}

/// The page at work. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub form: StoredValue<OpenForm>,
    pub links: RwSignal<Vec<Link>>,
    /// Whether a link is made or changed, and which one.
    pub editing: RwSignal<bool>,
    pub edited: RwSignal<Option<Link>>,
    /// The link whose address is shown.
    pub shown: RwSignal<Option<Link>>,
}

impl Desk {
    /// Takes in what became of a link.
    pub fn put(self, link: Link) {
        let _ = self.links.try_update(|links| match links.iter_mut().find(|known| known.id == link.id) {
            Some(known) => *known = link,
            None => links.insert(0, link),
        });
    }

    pub fn remove(self, id: Id) {
        let _ = self.links.try_update(|links| links.retain(|link| link.id != id));
    }

    fn begin(self) {
        self.edited.set(None);
        self.editing.set(true);
    }

    /// Asks for the links anew: somebody else has changed one.
    pub async fn reload(self) {
        let Some(form) = self.form.try_with_value(|form| form.info.id) else { return };
        if let Ok(found) = links::links(form).await {
            let _ = self.links.try_set(found);
        }
    }
}

#[component]
pub fn LinksPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { open(&form).await }
    });
    view! { <Loaded answer=opened view=move |opened| view! { <Page opened=opened/> }/> }
}

#[component]
fn Page(opened: Opened) -> impl IntoView {
    let (shell, app) = (ShellContext::expect(), app_param());
    let id = opened.form.info.id;
    let label = opened.form.info.label.clone();
    let desk = Desk {
        form: StoredValue::new(opened.form),
        links: RwSignal::new(opened.links),
        editing: RwSignal::new(false),
        edited: RwSignal::new(None),
        shown: RwSignal::new(None),
    };
    let hooks = opened.hooks;
    let crumbs = Signal::derive(move || {
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(label.get(i18n::language()).to_string(), format!("/apps/{}/forms/{id}", app.get())),
            Crumb::here(Part::Links.title()),
        ]
    });
    // One that was removed for good is nothing to look after any more.
    let there = move || {
        let links = desk.links.get();
        links.into_iter().filter(|link| link.state != LinkState::Revoked).collect::<Vec<_>>()
    };
    let cards = move || {
        let links = there();
        if links.is_empty() {
            return view! {
                <Empty icon="share" title=Signal::derive(t!("links-none")) text=Signal::derive(t!("links-none-text"))/>
            }
            .into_any();
        }
        links.into_iter().map(|link| view! { <LinkCard desk=desk link=link/> }).collect_view().into_any()
    };
    view! {
        <Top crumbs=crumbs>
            <DesignTabs form=id part=Part::Links/>
            <Button kind=ButtonKind::Primary icon="plus" on_press=move |_| desk.begin()>{t!("links-new")}</Button>
        </Top>
        <main class="page">
            <div class="page-in perm-in stack g4">
                <p class="soft-text">{t!("links-text")}</p>
                {cards}
                <HooksSection form=desk.form hooks=hooks/>
            </div>
        </main>
        <LinkDialog desk=desk/>
        <CodeDialog desk=desk/>
    }
}
