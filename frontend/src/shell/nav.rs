//! The navigation at the left: app switcher, search, to-do, then the apps or the tree of one app.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};
use wire::{App, Favourite};

use super::app_tree::AppTree;
use super::{ShellContext, icon_of, path_of};
use crate::api::{jobs, session};
use crate::theme::{self, Theme};
use crate::ui::{
    Avatar, ControlSize, Count, CountTone, Icon, IconButton, IconSize, Menu, MenuItem, MenuLine, MenuTitle,
    Placement, Skeleton, Tile, colour_of, icon_or,
};
use crate::{browser, i18n, t, text};

const MINI_REMEMBERED_AS: &str = "formwork.nav";

/// The app whose pages are shown, from the address: `/apps/ID/…`.
pub(super) fn current_app() -> Memo<Option<String>> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|path| path.strip_prefix("/apps/")?.split('/').next().map(str::to_string)))
}

#[component]
pub(super) fn Nav() -> impl IntoView {
    let shell = ShellContext::expect();
    let current = shell.app_key;
    let mini = RwSignal::new(browser::remembered(MINI_REMEMBERED_AS).as_deref() == Some("mini"));
    Effect::new(move || browser::set_document_data("nav", mini.get().then_some("mini")));
    let collapse = move |_| {
        mini.update(|mini| *mini = !*mini);
        browser::remember(MINI_REMEMBERED_AS, if mini.get_untracked() { "mini" } else { "wide" });
    };
    let to_do = move || {
        shell
            .to_do
            .get()
            .filter(|count| *count > 0)
            .map(|count| view! { <Count value=count tone=CountTone::Hot/> })
    };
    let unread =
        move || shell.unread.get().filter(|count| *count > 0).map(|count| view! { <Count value=count/> });
    // Both live as long as the navigation: what is said of the work is asked for until its place is taken down, and another piece
    // of work draws nothing anew but its number.
    let is_at_work = Memo::new(|_| jobs::under_way() > 0);
    let at_work = Signal::derive(|| text!("jobs-under-way", count = jobs::under_way()));
    view! {
        <nav class="nav" aria-label=t!("nav-main")>
            <Switcher current=current/>
            <button type="button" class="nav-search" on:click=move |_| shell.palette.set(true)>
                <Icon name="search" size=IconSize::Small/>
                {t!("nav-search")}
                <kbd>"Ctrl K"</kbd>
            </button>
            <NavLink href="/" icon="home" label=t!("nav-home") exact=true/>
            <A href="/inbox" attr:class="nav-item" attr:title=t!("nav-to-do")>
                <Icon name="inbox"/><span>{t!("nav-to-do")}</span>{to_do}
            </A>
            <A href="/notices" attr:class="nav-item" attr:title=t!("nav-notices")>
                <Icon name="bell"/><span>{t!("nav-notices")}</span>{unread}
            </A>
            {move || match current.get() {
                Some(_) => view! { <AppTree/> }.into_any(),
                None => view! { <Home/> }.into_any(),
            }}
            {move || is_at_work.get().then(|| view! { <NavLink href="/jobs" icon="refresh" label=at_work/> })}
            <div class="nav-foot">
                <MeMenu/>
                <ThemeButton/>
                <IconButton
                    icon="sidebar"
                    label=Signal::derive(move || if mini.get() { text!("nav-expand") } else { text!("nav-collapse") })
                    size=ControlSize::Small
                    on_press=collapse
                />
            </div>
        </nav>
    }
}

/// One place in the navigation.
#[component]
fn NavLink(
    #[prop(into)] href: String,
    #[prop(into)] icon: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] exact: bool,
) -> impl IntoView {
    view! {
        <A href=href exact=exact attr:class="nav-item" attr:title=label>
            <Icon name=icon/><span>{label}</span>
        </A>
    }
}

/// The name of the workspace or app, and the way to the other apps.
#[component]
fn Switcher(current: Memo<Option<String>>) -> impl IntoView {
    let shell = ShellContext::expect();
    let open = RwSignal::new(false);
    let app = Memo::new(move |_| shell.current_app());
    let name = move || match app.get() {
        Some(app) => app.label.get(i18n::language()).to_string(),
        None => session::me().map(|me| me.workspace.name).unwrap_or_default(),
    };
    let icon = move || app.with(|app| app.as_ref().map_or("apps".to_string(), app_icon));
    let colour = move || app.with(|app| app.as_ref().map_or(9, app_colour));
    let go = StoredValue::new(use_navigate());
    let visit = move |path: String| go.with_value(|go| go(&path, Default::default()));
    let app_item = move |app: App| {
        let path = format!("/apps/{}", app.key);
        let id = app.key.clone();
        let label = app.label.clone();
        let name = Signal::derive(move || label.get(i18n::language()).to_string());
        view! {
            <MenuItem
                icon=app_icon(&app)
                checked=Signal::derive(move || current.get().as_deref() == Some(&id))
                on_choose=move |()| visit(path.clone())
            >
                <span class="clip" title=name>{name}</span>
            </MenuItem>
        }
    };
    view! {
        <button
            type="button"
            class="nav-app"
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Tile icon=Signal::derive(icon) colour=Signal::derive(colour) size="s"/>
            <span class="grow clip" title=name>{name}</span>
            <Icon name="down" size=IconSize::Small/>
        </button>
        <Menu open=open match_width=true>
            <MenuTitle>{t!("nav-apps")}</MenuTitle>
            {move || shell.arranged_apps().into_iter().map(app_item).collect_view()}
            <MenuLine/>
            <MenuItem icon="home" on_choose=move |()| visit("/".to_string())>{t!("nav-home")}</MenuItem>
            <MenuItem icon="gallery" on_choose=move |()| visit("/templates".to_string())>{t!("nav-templates")}</MenuItem>
        </Menu>
    }
}

/// Grey lines in the place of what belongs to the page, until all of it is known: no line of it pushes on another one.
pub(super) fn coming() -> impl IntoView {
    view! { <div class="nav-coming"><Skeleton lines=6/></div> }
}

/// The places outside of the apps, once they are known.
#[component]
fn Home() -> impl IntoView {
    let shell = ShellContext::expect();
    let is_known = Memo::new(move |_| shell.knows_home());
    move || match is_known.get() {
        true => view! { <Apps/> }.into_any(),
        false => coming().into_any(),
    }
}

/// The apps, what the reader wants at hand, and the places of the workspace.
#[component]
fn Apps() -> impl IntoView {
    let shell = ShellContext::expect();
    let link = |app: App| {
        let icon = app_icon(&app);
        let href = format!("/apps/{}", app.key);
        view! { <NavLink href=href icon=icon label=Signal::derive(move || app.label.get(i18n::language()).to_string())/> }
    };
    let favourite = |favourite: Favourite| {
        let (path, icon) = (path_of(&favourite), icon_of(&favourite));
        let label = Signal::derive(move || favourite.label.get(i18n::language()).to_string());
        view! { <NavLink href=path icon=icon label=label/> }
    };
    // The newest first.
    let favourites = move || {
        let all = shell.favourites.get();
        (!all.is_empty()).then(|| {
            view! {
                <div class="nav-title">{t!("home-favourites")}</div>
                {all.into_iter().rev().map(favourite).collect_view()}
            }
        })
    };
    view! {
        <div class="nav-title">
            {t!("nav-apps")}
            {move || shell.may_make_apps().then(|| view! {
                <IconButton icon="plus" label=t!("nav-new-app") size=ControlSize::Small on_press=move |_| shell.ask_for_app(false)/>
            })}
        </div>
        {move || shell.arranged_apps().into_iter().map(link).collect_view()}
        {favourites}
        <div class="nav-title">{t!("nav-more")}</div>
        <NavLink href="/templates" icon="gallery" label=t!("nav-templates")/>
        <NavLink href="/settings/members" icon="dept" label=t!("nav-members")/>
        <NavLink href="/settings" icon="settings" label=t!("nav-settings") exact=true/>
    }
}

/// The reader: settings, language, sign out.
#[component]
fn MeMenu() -> impl IntoView {
    let open = RwSignal::new(false);
    let go = StoredValue::new(use_navigate());
    let name = Signal::derive(|| session::me().map(|me| me.member.name).unwrap_or_default());
    let language = |language: i18n::Language| {
        view! {
            <MenuItem
                checked=Signal::derive(move || i18n::language() == language)
                on_choose=move |()| crate::settings::choose_language(language)
            >
                {i18n::own_name(language)}
            </MenuItem>
        }
    };
    view! {
        <button
            type="button"
            class="row grow"
            aria-haspopup="menu"
            aria-label=move || text!("nav-me", name = name.get())
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Avatar name=name/>
            <span class="grow clip">{name}</span>
        </button>
        <Menu open=open placement=Placement::Start>
            <MenuItem icon="settings" on_choose=move |()| go.with_value(|go| go("/settings", Default::default()))>
                {t!("nav-settings")}
            </MenuItem>
            <MenuItem icon="refresh" on_choose=move |()| go.with_value(|go| go("/jobs", Default::default()))>
                {t!("jobs-title")}
            </MenuItem>
            <MenuLine/>
            <MenuTitle>{t!("nav-language")}</MenuTitle>
            {i18n::Language::ALL.map(language).collect_view()}
            <MenuLine/>
            <MenuItem icon="open" on_choose=move |()| super::sign_out()>{t!("nav-sign-out")}</MenuItem>
        </Menu>
    }
}

/// Light to dark and back.
#[component]
fn ThemeButton() -> impl IntoView {
    let icon = || if theme::is_dark() { "sun" } else { "moon" }.to_string();
    let label = || if theme::is_dark() { text!("theme-to-light") } else { text!("theme-to-dark") };
    let switch = |_| theme::set_theme(if theme::is_dark() { Theme::Light } else { Theme::Dark });
    view! {
        <IconButton icon=Signal::derive(icon) label=Signal::derive(label) size=ControlSize::Small on_press=switch/>
    }
}

/// The icon of an app, or the general one.
pub fn app_icon(app: &App) -> String {
    icon_or(app.icon.as_deref(), "apps")
}

/// The colour of an app's tile: the same for the same key everywhere.
pub fn app_colour(app: &App) -> u8 {
    colour_of_key(&app.key)
}

fn colour_of_key(key: &str) -> u8 {
    const COLOURS: [u8; 10] = [9, 2, 3, 6, 0, 7, 4, 11, 12, 1];
    colour_of(key, &COLOURS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::colour_of_key;

    #[test]
    fn apps_of_the_templates_are_told_apart_by_colour() {
        let colours = ["crm", "inventory", "loyalty", "roi", "base"].map(colour_of_key);
        assert_eq!(colours, [9, 7, 12, 0, 4]);
    }
}
