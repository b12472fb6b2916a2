//! What stands around every page: navigation, search, sign-in dialog, notes about the connection.

mod app_icons;
mod app_order;
mod app_tree;
mod bottom_bar;
mod favourites;
mod group_dialog;
mod looking;
mod nav;
mod new_app;
mod new_form;
mod offline;
mod order;
mod palette;
mod palette_box;
mod places;
mod related;
mod shortcuts;
mod sign_in_again;
mod signing_out;
mod steps;
mod top;
mod turns;
mod unsent;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_navigate;
use wire::{Aggregate, App, DashboardSummary, Favourite, Form, ReportSummary};

use crate::api::tasks::{Task, TaskBox, tasks};
use crate::api::{self, Page, Problem, aggregates, apps, dashboards, notices, reports, session};
use crate::browser;
use crate::i18n;
use crate::parts::{self, DialogPart};
use crate::t;
use crate::ui::{Banner, Button, ControlSize, Crumb, ProblemView, Tone, toast};

pub use app_icons::AppIcons;
use app_order::AppOrder;
pub use app_order::put as put_app;
use bottom_bar::BottomBar;
pub use favourites::{Star, icon_of, path_of};
use looking::look_again;
use nav::Nav;
pub use nav::{app_colour, app_icon};
use new_app::NewAppDialog;
pub use new_form::NewFormDialog;
pub use offline::Offline;
use palette::Palette;
pub use palette_box::PaletteBox;
pub use places::{Act, Entry};
pub use related::Related;
use shortcuts::ShortcutsDialog;
pub use shortcuts::{Shortcut, ShortcutTable};
use sign_in_again::SignInAgain;
use signing_out::SigningOut;
pub use signing_out::sign_out;
pub use steps::{close_by_way_back, hold_steps};
pub use top::Top;
use turns::Turns;
use unsent::send_cut_off;

/// What was seen when one looked again.
#[derive(Clone)]
pub struct Seen {
    /// Whether the reader has just come back to the window.
    pub on_return: bool,
    /// The newest task that waits for them, and how many there are.
    pub to_do: Page<Task>,
}

/// What every page may need of the workspace; from the context.
#[derive(Clone, Copy)]
pub struct ShellContext {
    /// The apps that the reader may see.
    pub apps: LocalResource<Result<Vec<App>, Problem>>,
    /// How the reader has arranged them here.
    app_order: AppOrder,
    /// How many tasks wait for the reader; none until known.
    pub to_do: RwSignal<Option<u64>>,
    /// How much of what the reader was told of they have not read; none until known.
    pub unread: RwSignal<Option<u64>>,
    /// The times that the tasks were counted.
    counts: StoredValue<Turns>,
    /// What was seen when one last looked again; set each time, whether there is news in it or not.
    pub seen: RwSignal<Option<Seen>>,
    /// What the reader wants at hand, oldest first.
    pub favourites: RwSignal<Vec<Favourite>>,
    /// Whether it was asked what that is.
    favourites_known: RwSignal<bool>,
    /// Whether the command palette is open.
    pub palette: RwSignal<bool>,
    /// Whether the list of what can be filled in or made is open.
    pub making: RwSignal<bool>,
    /// Whether the dialog for a new app is open.
    pub new_app: RwSignal<bool>,
    /// The key or id of the app whose pages are shown, from the address.
    pub app_key: Memo<Option<String>>,
    /// The forms of that app that the reader may see.
    pub forms: LocalResource<Result<Vec<Form>, Problem>>,
    /// The forms of the apps that it builds on.
    pub related: LocalResource<Vec<Related>>,
    /// The reports of that app.
    pub reports: LocalResource<Result<Vec<ReportSummary>, Problem>>,
    /// The dashboards of that app.
    pub dashboards: LocalResource<Result<Vec<DashboardSummary>, Problem>>,
    /// The aggregate tables of that app that the reader may read.
    pub aggregates: LocalResource<Result<Vec<Aggregate>, Problem>>,
    /// Whether the dialog for a new form is open.
    pub new_form: RwSignal<bool>,
    /// Whether that dialog makes the form of a table.
    pub form_from_sheet: RwSignal<bool>,
    /// Whether a new app is followed by a form made of a table.
    pub app_for_sheet: RwSignal<bool>,
}

impl ShellContext {
    /// The shell around this page.
    pub fn expect() -> ShellContext {
        expect_context()
    }

    /// Counts anew what waits for the reader.
    pub fn count_to_do(self) {
        spawn_local(async move {
            self.counted().await;
        });
    }

    /// Counts them, and gives the newest one. An answer that comes after a later one does not count.
    async fn counted(self) -> Option<Page<Task>> {
        let turn = self.counts.try_update_value(Turns::ask)?;
        let page = tasks(TaskBox::ToDo, 1).await.ok()?;
        if self.counts.try_update_value(|counts| counts.take(turn))? {
            let count = page.count.map_or(page.items.len() as u64, |count| count.value);
            let _ = self.to_do.try_set(Some(count));
        }
        Some(page)
    }

    /// Counts what the reader was told of and has not read.
    async fn count_unread(self) {
        if let Ok(unread) = notices::count().await {
            let _ = self.unread.try_set(Some(unread));
        }
    }

    /// Looks from now on, as long as the shell is there, what waits for the reader; for the number in the navigation and for
    /// the inbox.
    fn keep_looking(self) {
        let is_looking = StoredValue::new(false);
        let asked = StoredValue::new(None::<bool>);
        look_again(move |on_return| {
            // One look at a time: it waits where the server is gone or the session has ended. What came meanwhile is looked for
            // behind it, as the look may have gone past it; who came back meanwhile is shown all that there is then.
            if is_looking.get_value() {
                asked.update_value(|asked| *asked = Some(on_return || *asked == Some(true)));
                return;
            }
            is_looking.set_value(true);
            spawn_local(async move {
                let mut on_return = on_return;
                loop {
                    if let Some(to_do) = self.counted().await {
                        let _ = self.seen.try_set(Some(Seen { on_return, to_do }));
                    }
                    self.count_unread().await;
                    match asked.try_update_value(Option::take).flatten() {
                        Some(returned) => on_return = returned,
                        None => break,
                    }
                }
                let _ = is_looking.try_set_value(false);
            });
        });
    }

    /// Opens the dialog for a new form.
    pub fn ask_for_form(self, from_sheet: bool) {
        self.form_from_sheet.set(from_sheet);
        self.new_form.set(true);
    }

    /// Opens the dialog for a new app. With a sheet, a form made of one is next.
    pub fn ask_for_app(self, for_sheet: bool) {
        self.app_for_sheet.set(for_sheet);
        self.new_app.set(true);
    }

    /// Whether the reader may make apps; tracked.
    pub fn may_make_apps(self) -> bool {
        session::me().is_some_and(|me| me.may_make_apps)
    }

    /// Whether the reader administers the workspace or an app of it, once the apps are known; tracked.
    pub fn administers(self) -> bool {
        let apps = self.apps.get().and_then(Result::ok).unwrap_or_default();
        session::me().is_some_and(|me| me.member.administrator) || apps.iter().any(|app| app.administrator)
    }

    /// The app whose pages are shown, once the apps are known; tracked.
    pub fn current_app(self) -> Option<App> {
        self.app(&self.app_key.get()?)
    }

    /// The way to the app with this key or id, without a name until the apps are known; tracked. Who sees a record of an app
    /// need not see the app: its key stands for its name.
    pub fn app_crumb(self, id: &str) -> Crumb {
        let name = match (self.app(id), self.apps.with(Option::is_some)) {
            (Some(app), _) => app.label.get(i18n::language()).to_string(),
            (None, true) => id.to_string(),
            (None, false) => String::new(),
        };
        Crumb::link(name, format!("/apps/{id}"))
    }

    /// Whether it is known what belongs to the app that is shown; tracked.
    fn knows_app(self) -> bool {
        self.apps.with(Option::is_some)
            && self.forms.with(Option::is_some)
            && self.dashboards.with(Option::is_some)
            && self.reports.with(Option::is_some)
            && self.aggregates.with(Option::is_some)
    }

    /// Whether the apps and what the reader wants at hand are known; tracked.
    pub fn knows_home(self) -> bool {
        self.apps.with(Option::is_some) && self.favourites_known.get()
    }

    /// The app with this key or id, once the apps are known; tracked.
    pub fn app(self, id: &str) -> Option<App> {
        named(&self.apps.get()?.ok()?, id)
    }
}

/// The app with this key or id.
fn named(apps: &[App], name: &str) -> Option<App> {
    apps.iter().find(|app| app.key == name || app.id.to_string() == name).cloned()
}

/// Says that one looks as somebody else, and how that ends.
#[component]
fn SeeingAs(name: String) -> impl IntoView {
    let end = move |_| {
        spawn_local(async move {
            if let Err(problem) = session::see_as_oneself().await {
                toast::refused(&problem);
            }
        });
    };
    let action = move || {
        view! { <Button size=ControlSize::Small on_press=end>{t!("shell-see-as-end")}</Button> }
    };
    view! {
        <div class="over-page">
            <Banner tone=Tone::Warning action=ViewFn::from(action)>{t!("shell-seeing-as", name = name)}</Banner>
        </div>
    }
}

/// The frame of all pages behind the sign-in.
#[component]
pub fn Shell() -> impl IntoView {
    let signed_in = LocalResource::new(enter);
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Some(entrance))) = signed_in.get() {
            navigate(&entrance, Default::default());
        }
    });
    move || match signed_in.get() {
        None => view! { <div class="stage" aria-busy="true"><span class="spinner"></span></div> }.into_any(),
        Some(Ok(None)) => view! { <Frame/> }.into_any(),
        Some(Ok(Some(_))) => ().into_any(),
        Some(Err(problem)) => view! {
            <div class="stage"><ProblemView problem=problem on_retry=move |()| signed_in.refetch()/></div>
        }
        .into_any(),
    }
}

/// Who comes in: the reader, or the address where one becomes a reader.
async fn enter() -> Result<Option<String>, Problem> {
    match session::load().await {
        Ok(me) if me.must_set_up_second_factor => Ok(Some("/second-step".to_string())),
        Ok(_) => Ok(None),
        Err(problem) if problem.status == 401 => Ok(Some(match session::needs_set_up().await? {
            true => "/setup".to_string(),
            false => format!("/sign-in?next={}", api::segment(&browser::here())),
        })),
        Err(problem) => Err(problem),
    }
}

#[component]
fn Frame() -> impl IntoView {
    let app = nav::current_app();
    let seen_apps = LocalResource::new(apps::apps);
    let shell = ShellContext {
        app_key: app,
        forms: LocalResource::new(move || {
            let app = app.get();
            async move {
                match app {
                    Some(app) => apps::forms(&app).await,
                    None => Ok(Vec::new()),
                }
            }
        }),
        reports: LocalResource::new(move || {
            let app = app.get();
            async move {
                match app {
                    Some(app) => reports::reports(&app).await,
                    None => Ok(Vec::new()),
                }
            }
        }),
        dashboards: LocalResource::new(move || {
            let app = app.get();
            async move {
                match app {
                    Some(app) => dashboards::dashboards(&app).await,
                    None => Ok(Vec::new()),
                }
            }
        }),
        aggregates: LocalResource::new(move || {
            let app = app.get();
            async move {
                match app {
                    Some(app) => aggregates::tables(&app).await,
                    None => Ok(Vec::new()),
                }
            }
        }),
        new_form: RwSignal::new(false),
        form_from_sheet: RwSignal::new(false),
        app_for_sheet: RwSignal::new(false),
        apps: seen_apps,
        related: LocalResource::new(move || {
            let all = seen_apps.get().and_then(Result::ok).unwrap_or_default();
            let of = app.get().and_then(|name| named(&all, &name));
            related::related(of, all)
        }),
        app_order: AppOrder::new(),
        to_do: RwSignal::new(None),
        unread: RwSignal::new(None),
        counts: StoredValue::new(Turns::default()),
        seen: RwSignal::new(None),
        favourites: RwSignal::new(Vec::new()),
        favourites_known: RwSignal::new(false),
        palette: RwSignal::new(false),
        making: RwSignal::new(false),
        new_app: RwSignal::new(false),
    };
    provide_context(shell);
    shell.count_to_do();
    spawn_local(shell.count_unread());
    shell.load_favourites();
    shell.keep_looking();
    send_cut_off();
    i18n::keep_time();
    parts::fetch_daily_pages();
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            shell.palette.update(|open| *open = !*open);
        }
    });
    on_cleanup(move || keys.remove());
    let shortcuts = RwSignal::new(false);
    shortcuts::listen(shell.palette, shortcuts);
    view! {
        <div class="shell">
            <Nav/>
            <div class="main">
                <Offline text=Signal::derive(t!("shell-disconnected"))/>
                {move || session::me().filter(|me| me.plain_http).map(|_| view! {
                    <div class="over-page">
                        <Banner tone=Tone::Warning>{t!("shell-plain-http")}</Banner>
                    </div>
                })}
                {move || session::me().filter(|me| me.seen_by.is_some()).map(|me| view! { <SeeingAs name=me.member.name/> })}
                <Outlet/>
            </div>
            <BottomBar/>
        </div>
        <Palette/>
        <ShortcutsDialog open=shortcuts/>
        <NewAppDialog/>
        <DialogPart open=shell.new_form title=t!("app-new-form") load=parts::new_form/>
        <SignInAgain/>
        <SigningOut/>
    }
}
