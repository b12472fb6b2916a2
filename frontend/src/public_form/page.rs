//! The page of a public link, and what it shows one after the other: a password, the form, thanks; or why there is no form.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use wire::PublicTaken;

use super::closed::Closed;
use super::filling::Filling;
use super::frame::Frame;
use super::kept;
use super::password::PasswordForm;
use super::taken::Taken;
use crate::api::Problem;
use crate::api::public_forms::{self, OpenLink, Visit};
use crate::shell::Offline;
use crate::ui::Skeleton;
use crate::{i18n, t};

/// What the page shows.
#[derive(Clone)]
enum Stage {
    /// The form is on its way.
    Coming,
    /// A password is asked for.
    Locked,
    Filling(Box<OpenLink>),
    Taken(PublicTaken),
    Closed(Problem),
}

/// The page of a public link. Cheap to copy.
#[derive(Clone, Copy)]
struct Link {
    token: StoredValue<String>,
    stage: RwSignal<Stage>,
}

impl Link {
    fn show(self, stage: Stage) {
        // The page may be gone by now.
        let _ = self.stage.try_set(stage);
    }

    /// Sends first what was cut off, and asks for the form where there is nothing of that kind.
    fn begin(self) {
        self.show(Stage::Coming);
        spawn_local(async move {
            let token = self.token.get_value();
            if let Some(sent) = kept::cut_off(&token) {
                let visit = Visit { token: token.clone(), ticket: sent.ticket };
                let answered = public_forms::answer(&visit, &sent.answer).await;
                if let Ok(taken) = answered {
                    kept::forget(&token);
                    return self.show(Stage::Taken(taken));
                }
                // What it was made of is there to be sent anew.
                kept::forget_sent(&token);
            }
            self.show(match public_forms::open(&token, None).await {
                Ok(link) => opened(link),
                Err(problem) if problem.code == "password_required" => Stage::Locked,
                Err(problem) => Stage::Closed(problem),
            });
        });
    }
}

fn opened(link: OpenLink) -> Stage {
    if let Some(language) = link.said.language {
        i18n::suggest_language(language);
    }
    Stage::Filling(Box::new(link))
}

#[component]
pub fn PublicFormPage() -> impl IntoView {
    let params = use_params_map();
    let token = params.with_untracked(|params| params.get("token")).unwrap_or_default();
    let link = Link { token: StoredValue::new(token), stage: RwSignal::new(Stage::Coming) };
    link.begin();
    let again = move |()| link.begin();
    let unlocked = move |open: OpenLink| link.show(opened(open));
    let taken = move |taken: PublicTaken| link.show(Stage::Taken(taken));
    let locked = move |()| link.show(Stage::Locked);
    let body = move || match link.stage.get() {
        Stage::Coming => view! { <Skeleton lines=6/> }.into_any(),
        Stage::Locked => view! { <PasswordForm token=link.token on_open=unlocked/> }.into_any(),
        Stage::Filling(open) => {
            view! { <Filling token=link.token open=*open on_taken=taken on_locked=locked/> }.into_any()
        }
        Stage::Taken(said) => view! { <Taken taken=said on_again=again/> }.into_any(),
        Stage::Closed(problem) => view! { <Closed problem=problem on_again=again/> }.into_any(),
    };
    let whose = move || {
        link.stage.with(|stage| match stage {
            Stage::Filling(open) => open.said.workspace.clone(),
            _ => String::new(),
        })
    };
    let coming = Signal::derive(move || link.stage.with(|stage| matches!(stage, Stage::Coming)));
    view! {
        <Frame whose=Signal::derive(whose) coming=coming>
            <Offline text=Signal::derive(t!("public-unreachable"))/>
            {body}
        </Frame>
    }
}
