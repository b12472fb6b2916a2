//! The command palette: type to go anywhere (Ctrl K). On a phone its other half is what the plus of the bottom bar opens: the
//! forms that one may fill, and what one may make.

use std::collections::BTreeSet;

use engine::value::fold;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use wire::View;

use super::palette_box::PaletteBox;
use super::places::{
    Act, Entry, app_entry, app_places, fixed_places, form_entries, form_of, hit_entry, pages_of_form,
    settings_places,
};
use super::{ShellContext, icon_of, path_of};
use crate::api::{apps, search, views};
use crate::i18n::Language;
use crate::theme::{self, Theme};
use crate::ui::{learn_sounds, may_sound, sounds_like};
use crate::{browser, i18n, recent, text};

/// How many places are offered before anything is typed, and how many names that fit.
const MOST: usize = 12;
/// How many of the places that were visited last are offered before anything is typed.
const RECENT: usize = 4;

/// The palette; the shell's `palette` signal opens it.
#[component]
pub(super) fn Palette() -> impl IntoView {
    let ShellContext { palette, making, .. } = ShellContext::expect();
    view! {
        <Show when=move || palette.get()><OpenPalette open=palette making=false/></Show>
        <Show when=move || making.get()><OpenPalette open=making making=true/></Show>
    }
}

#[component]
fn OpenPalette(
    open: RwSignal<bool>,
    /// Whether it offers what makes something, and no places.
    making: bool,
) -> impl IntoView {
    let shell = ShellContext::expect();
    let dialog = NodeRef::<html::Dialog>::new();
    let query = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let forms = RwSignal::new(Vec::<Entry>::new());
    let has_forms = RwSignal::new(false);
    let hits = RwSignal::new(Vec::<Entry>::new());
    dialog.on_load(|dialog| {
        request_animation_frame(move || {
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
        });
    });

    // The forms of all apps, to open and to fill.
    spawn_local(async move {
        let all = shell.apps.get_untracked().and_then(Result::ok).unwrap_or_default();
        for app in all {
            let Ok(of_app) = apps::forms(&app.key).await else { continue };
            let entries = of_app.iter().flat_map(|form| form_entries(&app, form));
            if forms.try_update(|forms| forms.extend(entries)).is_none() {
                return;
            }
        }
        let _ = has_forms.try_set(true);
    });

    // The views of the form that is open.
    let form = form_of(&use_location().pathname.get_untracked());
    let own_views = RwSignal::new(Vec::<View>::new());
    if let Some(form) = form {
        spawn_local(async move {
            let found = views::list(form).await.unwrap_or_default();
            let _ = own_views.try_set(found);
        });
    }

    let places = Memo::new(move |_| {
        let apps = shell.apps.get().and_then(Result::ok).unwrap_or_default();
        fixed_places().into_iter().chain(apps.iter().map(app_entry)).collect::<Vec<_>>()
    });
    // What is named by who knows that it is there; before anything is typed it would be in the way.
    let further = Memo::new(move |_| {
        let of_form = form.map(|form| own_views.with(|views| pages_of_form(shell, form, views)));
        let of_form = of_form.unwrap_or_default().into_iter();
        of_form.chain(app_places(shell)).chain(settings_places(shell)).collect::<Vec<_>>()
    });
    // Turns each time that it becomes known how more names sound.
    let heard = RwSignal::new(false);
    Effect::new(move || {
        if has_forms.get() {
            let all = places.get().into_iter().chain(forms.get()).chain(further.get()).chain(actions(shell));
            hear(all.map(|entry| entry.title).collect(), heard);
        }
    });
    let shown = Memo::new(move |_| {
        heard.track();
        let wanted = fold(query.get().trim());
        if making {
            let all = made_here(shell, forms.get());
            let named = all.iter().filter(|entry| fold(&entry.title).contains(&wanted));
            let sounding = all.iter().filter(|entry| sounds_like(&entry.title, &wanted));
            // All of them before anything is typed: the list is what one looks at.
            return first_of(named.chain(sounding).cloned(), all.len());
        }
        let all = places.get().into_iter().chain(forms.get()).chain(actions(shell));
        if wanted.is_empty() {
            return first_of(at_hand(shell).into_iter().chain(all), MOST);
        }
        let all: Vec<Entry> = all.chain(further.get()).collect();
        // What is written so comes before what sounds so.
        let named = all.iter().filter(|entry| fold(&entry.title).contains(&wanted));
        let sounding = all.iter().filter(|entry| sounds_like(&entry.title, &wanted));
        let mut shown = first_of(named.chain(sounding).cloned(), MOST);
        let found = hits.get().into_iter();
        let new: Vec<Entry> = found.filter(|hit| shown.iter().all(|known| known.act != hit.act)).collect();
        shown.extend(new);
        shown
    });
    let ask = move |text: String| {
        at.set(0);
        query.set(text.clone());
        if making || text.trim().chars().count() < 2 {
            return hits.set(Vec::new());
        }
        spawn_local(async move {
            let found = search::search(text.trim()).await.unwrap_or_default();
            if query.try_get_untracked().as_deref() == Some(&text) {
                hits.set(found.into_iter().filter_map(hit_entry).collect());
            }
        });
    };

    let go = move |entry: Entry| {
        open.set(false);
        match entry.act {
            // As by a link: what is not saved keeps its page.
            Act::Go(path) => browser::follow(&path),
            other => carry_out(shell, other),
        }
    };
    let (name, placeholder) = match making {
        true => ("nav-new-record", "palette-new-placeholder"),
        false => ("nav-search", "palette-placeholder"),
    };
    let name = move || i18n::lookup(name, &[]);
    let placeholder = move || i18n::lookup(placeholder, &[]);
    // Nothing is said to be missing while the forms are on their way.
    let missing = move || match (!making || has_forms.get(), query.with(|query| query.trim().is_empty())) {
        (false, _) => None,
        (true, true) if making => Some(text!("palette-new-none")),
        (true, _) => Some(text!("ui-nothing-found", query = query.get())),
    };
    view! {
        <dialog
            node_ref=dialog
            class="palette-dialog"
            aria-label=name
            on:close=move |_| { let _ = open.try_set(false); }
            on:click=move |event| {
                // A click on the backdrop is a click on the dialog itself.
                if dialog.get_untracked().is_some_and(|d| event.target().as_ref() == Some(d.as_ref())) {
                    open.set(false);
                }
            }
        >
            <PaletteBox
                shown=shown
                at=at
                name=Signal::derive(name)
                placeholder=Signal::derive(placeholder)
                missing=Signal::derive(missing)
                on_ask=ask
                on_go=go
            />
        </dialog>
    }
}

/// Asks how names sound that are not known yet, so that they are found by pinyin; `heard` turns once they are.
fn hear(names: Vec<String>, heard: RwSignal<bool>) {
    let new: BTreeSet<String> = names.into_iter().filter(|name| may_sound(name)).collect();
    if new.is_empty() {
        return;
    }
    spawn_local(async move {
        // Without an answer they are found by what is written.
        if let Ok(sounds) = search::sounds(new.into_iter().collect()).await {
            learn_sounds(&sounds);
            let _ = heard.try_update(|heard| *heard = !*heard);
        }
    });
}

/// The first so many, each once.
fn first_of(entries: impl Iterator<Item = Entry>, most: usize) -> Vec<Entry> {
    let mut first: Vec<Entry> = Vec::new();
    for entry in entries {
        if first.len() == most {
            break;
        }
        if first.iter().all(|known| known.act != entry.act) {
            first.push(entry);
        }
    }
    first
}

/// What the reader wants at hand, and where they were last.
fn at_hand(shell: ShellContext) -> Vec<Entry> {
    let language = i18n::language();
    let favourites = shell.favourites.get().into_iter().rev().map(|favourite| Entry {
        act: Act::Go(path_of(&favourite)),
        icon: icon_of(&favourite),
        title: favourite.label.get(language).to_string(),
        note: text!("palette-favourite"),
    });
    let visits = recent::visits().into_iter().take(RECENT).map(|visit| Entry {
        title: visit.words(language),
        act: Act::Go(visit.path),
        icon: visit.icon,
        note: text!("palette-recent"),
    });
    favourites.chain(visits).collect()
}

/// What the reader can fill in, the forms of the app that is open before the others, and what they can make; tracked.
fn made_here(shell: ShellContext, forms: Vec<Entry>) -> Vec<Entry> {
    let here = shell.current_app().map(|app| format!("/apps/{}/", app.key));
    let is_here = |entry: &Entry| match (&entry.act, &here) {
        (Act::Go(path), Some(here)) => path.starts_with(here),
        _ => false,
    };
    let mut all: Vec<Entry> = forms.into_iter().filter(|entry| entry.act.makes()).collect();
    all.sort_by_key(|entry| !is_here(entry));
    all.extend(actions(shell).into_iter().filter(|entry| entry.act.makes()));
    all
}

/// What can be done from anywhere.
fn actions(shell: ShellContext) -> Vec<Entry> {
    let act = |act: Act, icon: &str, title: String| Entry {
        act,
        icon: icon.to_string(),
        title,
        note: text!("palette-action"),
    };
    let mut all = Vec::new();
    if shell.may_make_apps() {
        all.push(act(Act::NewApp, "plus", text!("nav-new-app")));
    }
    if let Some(app) = shell.current_app().filter(|app| app.administrator) {
        let settings = Act::Go(format!("/apps/{}/settings", app.key));
        all.push(act(Act::NewForm { from_sheet: false }, "form", text!("app-new-form")));
        all.push(act(Act::NewForm { from_sheet: true }, "table", text!("app-form-from-sheet")));
        all.push(act(settings, "settings", text!("app-settings")));
    }
    let (theme, icon, title) = match theme::is_dark() {
        true => (Theme::Light, "sun", text!("theme-to-light")),
        false => (Theme::Dark, "moon", text!("theme-to-dark")),
    };
    all.push(act(Act::Theme(theme), icon, title));
    let others = Language::ALL.into_iter().filter(|language| *language != i18n::language());
    all.extend(others.map(|other| act(Act::Language(other), "globe", i18n::own_name(other).to_string())));
    all.push(act(Act::SignOut, "open", text!("nav-sign-out")));
    all
}

fn carry_out(shell: ShellContext, act: Act) {
    match act {
        // Where one goes is a matter of the router.
        Act::Go(_) => {}
        Act::NewApp => shell.ask_for_app(false),
        Act::NewForm { from_sheet } => shell.ask_for_form(from_sheet),
        Act::Theme(theme) => theme::set_theme(theme),
        Act::Language(language) => crate::settings::choose_language(language),
        Act::SignOut => super::sign_out(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_offered_once_and_first_where_it_is_at_hand() {
        let entry = |path: &str, note: &str| Entry {
            act: Act::Go(path.to_string()),
            icon: String::new(),
            title: path.to_string(),
            note: note.to_string(),
        };
        let all = [entry("/a", "favourite"), entry("/b", ""), entry("/a", ""), entry("/c", "")];
        let first = first_of(all.into_iter(), 2);
        assert_eq!(first, [entry("/a", "favourite"), entry("/b", "")]);
    }
}
