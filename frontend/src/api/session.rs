//! Who is signed in, and signing in again without leaving the page.

use std::cell::RefCell;
use std::sync::LazyLock;

use engine::value::Id;
use futures::channel::oneshot;
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use wire::{InvitationAcceptance, InvitationInput, InvitationSeen, Login, Me, SeeAsInput, Setup, SetupState};

use super::{Call, Problem, kept_here};
use crate::{browser, i18n, recent};

/// Who this page belongs to. Outside any owner, because it lives as long as the page.
static ME: LazyLock<ArcRwSignal<Option<Me>>> = LazyLock::new(|| ArcRwSignal::new(None));
/// The session ended while the page was in use.
static ENDED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

thread_local! {
    /// The calls that wait for the session.
    static WAITING: RefCell<Vec<oneshot::Sender<()>>> = const { RefCell::new(Vec::new()) };
}

/// Who is signed in; tracked where somebody follows it.
pub fn me() -> Option<Me> {
    if Observer::get().is_some() { ME.get() } else { ME.get_untracked() }
}

/// Who is signed in, without following a change.
pub fn me_now() -> Option<Id> {
    ME.with_untracked(|me| me.as_ref().map(|me| me.member.id))
}

/// Whether somebody is signed in, without following a change.
pub fn is_signed_in() -> bool {
    ME.with_untracked(Option::is_some)
}

/// Whether the dialog to sign in again must be shown; tracked.
pub fn has_ended() -> bool {
    ENDED.get()
}

/// Asks the server who is signed in.
pub async fn load() -> Result<Me, Problem> {
    let me: Me = Call::get("/me").without_renewal().send().await?;
    enter(&me);
    Ok(me)
}

/// Whose this browser was last.
const WHOSE: &str = "formwork.whose";

fn enter(me: &Me) {
    // Who looks as somebody else is who they are.
    let reader = me.seen_by.as_ref().map_or(me.member.id, |person| person.id).to_string();
    let before = browser::remembered(WHOSE);
    if before.as_ref() != Some(&reader) {
        if before.is_some() {
            recent::forget();
            kept_here::forget_of_others();
        }
        browser::remember(WHOSE, &reader);
    }
    i18n::suggest_language(me.member.language);
    i18n::read_moments_in(me.member.zone.as_deref());
    ME.set(Some(me.clone()));
}

/// Signs in with a password, and a code from whom it is asked.
pub async fn sign_in(email: &str, password: &str, code: Option<&str>) -> Result<Me, Problem> {
    let (email, password) = (email.to_string(), password.to_string());
    let body = Login { email, password, code: code.map(str::to_string) };
    let me: Me = Call::post("/auth/login").json(&body).without_renewal().send().await?;
    let before = ME.get_untracked();
    if before.is_some_and(|before| before.member.id != me.member.id) {
        // What is on the screen was another person's.
        browser::reload();
    }
    enter(&me);
    ENDED.set(false);
    WAITING.with_borrow_mut(|waiting| {
        for call in waiting.drain(..) {
            let _ = call.send(());
        }
    });
    Ok(me)
}

/// Makes the first administrator, who is signed in by it.
pub async fn set_up(new: &Setup) -> Result<Me, Problem> {
    let me: Me = Call::post("/setup").json(new).without_renewal().send().await?;
    enter(&me);
    Ok(me)
}

/// Who is invited by a link.
pub async fn invitation(token: &str) -> Result<InvitationSeen, Problem> {
    let input = InvitationInput { token: token.to_string() };
    Call::post("/auth/invitation").json(&input).without_renewal().send().await
}

/// Joins by a link, and is signed in by it.
pub async fn accept_invitation(input: &InvitationAcceptance) -> Result<Me, Problem> {
    let me: Me = Call::post("/auth/invitation/accept").json(input).without_renewal().send().await?;
    enter(&me);
    ENDED.set(false);
    Ok(me)
}

/// Whether the product waits for its first administrator.
pub async fn needs_set_up() -> Result<bool, Problem> {
    Ok(set_up_state().await?.needed)
}

/// Characters of a password at least; a workspace may ask for more.
pub async fn shortest_password() -> Result<u32, Problem> {
    Ok(set_up_state().await?.password.min_length)
}

async fn set_up_state() -> Result<SetupState, Problem> {
    Call::get("/setup").without_renewal().send().await
}

/// Ends the session. Nothing of what the reader has seen or entered stays in this browser.
pub async fn sign_out() -> Result<(), Problem> {
    Call::post("/auth/logout").without_renewal().send_unit().await?;
    recent::forget();
    kept_here::forget();
    Ok(())
}

/// Looks as another member from now on; nothing can be changed until it ends.
pub async fn see_as(member: Id) -> Result<(), Problem> {
    let _: Me = Call::post("/see-as").json(&SeeAsInput { member }).send().await?;
    browser::go_anew("/");
    Ok(())
}

/// Stops looking as another member.
pub async fn see_as_oneself() -> Result<(), Problem> {
    Call::delete("/see-as").send_unit().await?;
    browser::go_anew("/");
    Ok(())
}

/// Waits until somebody signed in again. A page that nobody had signed in to goes to the sign-in page.
pub(super) async fn renewed() {
    if ME.get_untracked().is_none() {
        browser::go_anew("/sign-in");
    }
    let (sender, receiver) = oneshot::channel();
    WAITING.with_borrow_mut(|waiting| waiting.push(sender));
    ENDED.set(true);
    let _ = receiver.await;
}

/// Takes a change of one's own settings into the page.
pub fn update_me(change: impl FnOnce(&mut Me)) {
    ME.update(|me| {
        if let Some(me) = me {
            change(me);
        }
    });
}
