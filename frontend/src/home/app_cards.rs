//! The apps on the home page: those that the reader has pinned, then the others, each group in the order that the reader
//! wants. They are moved by dragging, with Alt and an arrow, and by the menu of a card, which a finger reaches too.

use engine::value::Id;
use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos_router::components::A;
use wasm_bindgen::JsCast;
use wire::{App, FavouriteKind};

use super::no_apps::NoApps;
use crate::shell::{ShellContext, app_colour, app_icon, put_app};
use crate::ui::{ControlSize, Loaded, MenuButton, MenuItem, MenuLine, Placement, Tile};
use crate::{browser, i18n, t, text};

#[component]
pub(super) fn AppCards() -> impl IntoView {
    let shell = ShellContext::expect();
    let cards = Cards {
        shell,
        dragged: RwSignal::new(None),
        landing: RwSignal::new(None),
        said: RwSignal::new(String::new()),
    };
    let view = move |apps: Vec<App>| {
        if apps.is_empty() {
            view! { <NoApps/> }.into_any()
        } else {
            view! { {move || cards.groups()} <span class="sr" role="status">{cards.said}</span> }.into_any()
        }
    };
    view! {
        <section>
            <h2>{t!("nav-apps")}</h2>
            <Loaded answer=shell.apps view=view/>
        </section>
    }
}

/// Where an app that is dragged would land: before another one, or after it.
#[derive(Clone, Copy, PartialEq)]
struct Landing {
    beside: Id,
    after: bool,
}

#[derive(Clone, Copy)]
struct Cards {
    shell: ShellContext,
    dragged: RwSignal<Option<Id>>,
    landing: RwSignal<Option<Landing>>,
    /// Where an app stands after it was moved, for those who hear the page.
    said: RwSignal<String>,
}

impl Cards {
    fn is_pinned(self, app: Id) -> bool {
        self.shell.is_favourite(FavouriteKind::App, &app.to_string())
    }

    /// The apps of a group, in their order; tracked.
    fn of_group(self, pinned: bool) -> Vec<App> {
        self.shell.arranged_apps().into_iter().filter(|app| self.is_pinned(app.id) == pinned).collect()
    }

    /// The headings stand only where there are two groups to tell apart.
    fn groups(self) -> impl IntoView {
        let (pinned, others) = (self.of_group(true), self.of_group(false));
        let is_parted = !pinned.is_empty() && !others.is_empty();
        let group = move |name: &'static str, apps: Vec<App>| {
            let count = apps.len();
            let card = move |(at, app)| card(self, app, (at > 0, at + 1 < count));
            (count > 0).then(|| {
                view! {
                    {is_parted.then(|| view! { <h3 class="app-group">{move || i18n::lookup(name, &[])}</h3> })}
                    <div class="cards-3 gap-top">{apps.into_iter().enumerate().map(card).collect_view()}</div>
                }
            })
        };
        view! { {group("home-apps-pinned", pinned)} {group("home-apps-others", others)} }
    }

    /// Moves an app by one place within its group, and keeps the focus on it.
    fn step(self, app: Id, on: bool) {
        let group: Vec<Id> =
            untrack(|| self.of_group(self.is_pinned(app))).iter().map(|app| app.id).collect();
        let Some(at) = group.iter().position(|id| *id == app) else { return };
        let next = if on { Some(at + 1) } else { at.checked_sub(1) };
        let Some(beside) = next.and_then(|next| group.get(next)) else { return };
        self.put(app, Landing { beside: *beside, after: on });
    }

    fn put(self, app: Id, landing: Landing) {
        let order: Vec<Id> = untrack(|| self.shell.arranged_apps()).iter().map(|app| app.id).collect();
        let Some(order) = put_app(&order, app, landing.beside, landing.after) else { return };
        self.shell.arrange_apps(order);
        self.tell(app);
        focus_card(app);
    }

    /// Says where an app stands now.
    fn tell(self, app: Id) {
        let group = untrack(|| self.of_group(self.is_pinned(app)));
        let Some(at) = group.iter().position(|known| known.id == app) else { return };
        let name = group.get(at).map(|app| app.label.get(i18n::language_now()).to_string());
        self.said.set(text!(
            "home-app-moved",
            name = name.unwrap_or_default(),
            place = at + 1,
            count = group.len()
        ));
    }

    /// Pins an app, or no longer.
    fn turn_pin(self, app: Id) {
        self.shell.turn_favourite_of(FavouriteKind::App, app.to_string(), app.to_string());
    }

    /// Says where what is dragged would land.
    fn over(self, beside: Id, event: &DragEvent) {
        if self.dragged.with_untracked(Option::is_none) {
            return;
        }
        event.prevent_default();
        let place = event.current_target().and_then(|place| place.dyn_into::<web_sys::Element>().ok());
        let after = place.is_some_and(|place| {
            let edges = place.get_bounding_client_rect();
            f64::from(event.client_x()) > edges.left() + edges.width() / 2.0
        });
        let landing = Some(Landing { beside, after });
        if self.landing.get_untracked() != landing {
            self.landing.set(landing);
        }
    }

    /// An app that lands in the other group is pinned by it, or no longer.
    fn drop_here(self, event: &DragEvent) {
        let (dragged, landing) = (self.dragged.get_untracked(), self.landing.get_untracked());
        self.end();
        let (Some(app), Some(landing)) = (dragged, landing) else { return };
        event.prevent_default();
        if untrack(|| self.is_pinned(app) != self.is_pinned(landing.beside)) {
            self.turn_pin(app);
        }
        self.put(app, landing);
    }

    fn end(self) {
        self.dragged.set(None);
        self.landing.set(None);
    }

    fn lands(self, app: Id) -> Option<&'static str> {
        let landing = self.landing.get().filter(|landing| landing.beside == app)?;
        Some(if landing.after { "after" } else { "before" })
    }
}

/// After the cards are there anew.
fn focus_card(app: Id) {
    let place = format!("[data-app='{app}'] > .card");
    request_animation_frame(move || browser::focus_at(&place));
}

/// One app; `steps` says whether it can go back in its group, and on.
fn card(cards: Cards, app: App, steps: (bool, bool)) -> impl IntoView {
    let id = app.id;
    let href = format!("/apps/{}", app.key);
    let (icon, colour) = (app_icon(&app), app_colour(&app));
    let (forms, dashboards) = (app.forms, app.dashboards);
    let label = app.label;
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let start = move |event: DragEvent| {
        // Without data some browsers do not drag at all.
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &id.to_string());
            data.set_effect_allowed("move");
        }
        request_animation_frame(move || cards.dragged.set(Some(id)));
    };
    let by_key = move |event: KeyboardEvent| {
        let on = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => true,
            "ArrowLeft" | "ArrowUp" => false,
            _other_key => return,
        };
        if event.alt_key() {
            event.prevent_default();
            cards.step(id, on);
        }
    };
    view! {
        <div
            class="card-place app-place"
            class:gap=move || cards.dragged.get() == Some(id)
            data-app=id.to_string()
            data-lands=move || cards.lands(id)
            draggable="true"
            on:dragstart=start
            on:dragend=move |_| cards.end()
            on:dragover=move |event| cards.over(id, &event)
            on:drop=move |event| cards.drop_here(&event)
            on:keydown=by_key
        >
            <A href=href attr:class="card click" attr:draggable="false" attr:aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight">
                <span class="card-body row gap-4">
                    <Tile icon=icon colour=colour size="l"/>
                    <span class="stack g1">
                        <span class="strong clip" title=name>{name}</span>
                        <span class="note muted">
                            {t!("home-forms", count = forms)}
                            {(dashboards > 0).then(|| view! { <i class="sep"></i>{t!("home-dashboards", count = dashboards)} })}
                        </span>
                    </span>
                </span>
            </A>
            <CardMenu cards=cards app=id name=name steps=steps/>
        </div>
    }
}

#[component]
fn CardMenu(cards: Cards, app: Id, name: Signal<String>, steps: (bool, bool)) -> impl IntoView {
    let label = Signal::derive(move || text!("home-app-menu", name = name.get()));
    let is_pinned = cards.is_pinned(app);
    let pin = move || if is_pinned { text!("home-app-unpin") } else { text!("home-app-pin") };
    let (back, on) = steps;
    view! {
        <span class="anchor card-menu">
            <MenuButton icon="more" label=label size=ControlSize::Small placement=Placement::End>
                <MenuItem icon=if is_pinned { "rating-on" } else { "rating" } on_choose=move |()| cards.turn_pin(app)>{pin}</MenuItem>
                {(back || on).then(|| view! { <MenuLine/> })}
                {back.then(|| view! {
                    <MenuItem icon="arrow-left" key="Alt ←" on_choose=move |()| cards.step(app, false)>{t!("home-app-back")}</MenuItem>
                })}
                {on.then(|| view! {
                    <MenuItem icon="arrow-right" key="Alt →" on_choose=move |()| cards.step(app, true)>{t!("home-app-on")}</MenuItem>
                })}
            </MenuButton>
        </span>
    }
}
