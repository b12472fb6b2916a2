//! The page one starts the day on.

use engine::value::Timestamp;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use wire::flows::TaskCounts;
use wire::{App, Favourite};

use super::app_cards::AppCards;
use super::checklist::Checklist;
use super::importing::Importing;
use super::start::StartRequests;
use super::to_do::ToDo;
use crate::api::tasks::{self, Task, TaskBox};
use crate::api::{Page, Problem, session};
use crate::inbox::has_news;
use crate::shell::{Seen, ShellContext, Top, app_icon, icon_of, path_of};
use crate::ui::{Button, ButtonKind, Crumb, MenuButton, MenuItem, Placement, Tile, Together, wait_for};
use crate::{i18n, recent, t, text};

/// How many tasks are looked at for what is due; that is as many as one answer holds.
const KNOWN_TASKS: u32 = 100;

#[component]
pub fn HomePage() -> impl IntoView {
    let shell = ShellContext::expect();
    let to_do = kept_tasks(TaskBox::ToDo, KNOWN_TASKS);
    at_each_look(shell, move |seen| {
        if seen.on_return || is_behind(to_do, &seen.to_do) {
            to_do.refetch();
        }
    });
    let query = use_query_map();
    // The set-up page sends people here who chose to start with a blank app or with a table.
    match query.with_untracked(|query| query.get("new")).as_deref() {
        Some("blank") if shell.may_make_apps() => shell.ask_for_app(false),
        Some("sheet") if shell.may_make_apps() => shell.ask_for_app(true),
        _nothing => {}
    }
    view! {
        <Top crumbs=Signal::derive(|| vec![Crumb::here(text!("nav-home"))])>
            <FromSheet/>
            {move || shell.may_make_apps().then(|| view! {
                <Button kind=ButtonKind::Primary icon="plus" class="phone-hide" on_press=move |_| shell.ask_for_app(false)>
                    {t!("nav-new-app")}
                </Button>
            })}
        </Top>
        <main class="page">
            <div class="page-in wide">
                <Together lines=12>
                    <Greeting to_do=to_do/>
                    <div class="cols">
                        <div class="stack g6">
                            <Figures to_do=to_do/>
                            <ToDo to_do=to_do/>
                            <StartRequests/>
                            <AppCards/>
                        </div>
                        <aside class="stack g6">
                            <Checklist/>
                            <Favourites/>
                            <Recent/>
                            <Importing/>
                        </aside>
                    </div>
                </Together>
            </div>
        </main>
    }
}

/// Hears of each look that the shell takes from now on.
fn at_each_look(shell: ShellContext, hear: impl Fn(&Seen) + 'static) {
    Effect::new(move |before: Option<()>| {
        if let Some(seen) = shell.seen.get().filter(|_| before.is_some()) {
            untrack(|| hear(&seen));
        }
    });
}

/// Whether there is another answer than the one that is there. One that is on its way is not behind.
fn is_behind(tasks: Tasks, seen: &Page<Task>) -> bool {
    match tasks.get() {
        None => false,
        Some(Err(_)) => true,
        Some(Ok(there)) => has_news(&there, seen),
    }
}

/// Makes a form of a table, in one of the apps that the reader administers or in a new one.
#[component]
fn FromSheet() -> impl IntoView {
    let shell = ShellContext::expect();
    let go = StoredValue::new(use_navigate());
    let own = move || {
        let apps = shell.arranged_apps();
        apps.into_iter().filter(|app| app.administrator).collect::<Vec<_>>()
    };
    let item = move |app: App| {
        let (icon, path) = (app_icon(&app), format!("/apps/{}", app.key));
        let choose = move |()| {
            go.with_value(|go| go(&path, Default::default()));
            shell.ask_for_form(true);
        };
        view! {
            <MenuItem icon=icon on_choose=choose>{move || app.label.get(i18n::language()).to_string()}</MenuItem>
        }
    };
    let is_offered = Memo::new(move |_| shell.may_make_apps() || !own().is_empty());
    move || {
        is_offered.get().then(|| {
            view! {
                <MenuButton
                    icon="table"
                    label=Signal::derive(t!("home-from-sheet"))
                    text=Signal::derive(t!("home-from-sheet"))
                    kind=ButtonKind::Plain
                    placement=Placement::End
                    class="phone-hide"
                >
                    {move || own().into_iter().map(item).collect_view()}
                    {move || shell.may_make_apps().then(|| view! {
                        <MenuItem icon="plus" on_choose=move |()| shell.ask_for_app(true)>{t!("nav-new-app")}</MenuItem>
                    })}
                </MenuButton>
            }
        })
    }
}

/// The answer that several parts of the page share.
pub(super) type Tasks = LocalResource<Result<Page<Task>, Problem>>;

/// The newest tasks of a list, up to `most`. Nobody asked for what was only to be there anew: where that is refused the page
/// stays that is there, and the next look asks again.
fn kept_tasks(of: TaskBox, most: u32) -> Tasks {
    let known = StoredValue::new(None::<Page<Task>>);
    LocalResource::new(move || async move {
        let answer = or_known(tasks::tasks(of, most).await, || known.try_get_value().flatten());
        if let Ok(page) = &answer {
            let _ = known.try_set_value(Some(page.clone()));
        }
        answer
    })
}

/// An answer, or where it was refused the page that is known.
fn or_known(
    answer: Result<Page<Task>, Problem>,
    known: impl FnOnce() -> Option<Page<Task>>,
) -> Result<Page<Task>, Problem> {
    answer.or_else(|problem| known().ok_or(problem))
}

pub(super) fn count_of(tasks: Tasks) -> Option<u64> {
    let page = tasks.get()?.ok()?;
    Some(page.count.map_or(page.items.len() as u64, |count| count.value))
}

fn overdue(tasks: &[Task], now: Timestamp) -> usize {
    tasks.iter().filter(|task| task.due.is_some_and(|due| due < now)).count()
}

/// How many are due before this day ends.
fn due_today(tasks: &[Task], now: Timestamp) -> usize {
    let zone = i18n::zone();
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    tasks.iter().filter(|task| task.due.is_some_and(|due| due >= now && day(due) == day(now))).count()
}

/// How many are late, in words; nothing where none is.
fn late_words(to_do: Tasks) -> Option<String> {
    let page = to_do.get()?.ok()?;
    let late = overdue(&page.items, i18n::now());
    (late > 0).then(|| text!("home-overdue", count = late))
}

/// How many are due today, in words; nothing where none is.
fn today_words(to_do: Tasks) -> Option<String> {
    let page = to_do.get()?.ok()?;
    let today = due_today(&page.items, i18n::now());
    (today > 0).then(|| text!("home-due-today", count = today))
}

/// How many of the reader's own requests are in approval, and for how long on average.
fn running_words(counts: &TaskCounts) -> Vec<String> {
    let running = (counts.running > 0).then(|| text!("home-running", count = counts.running));
    let average = counts.running_for.and_then(|seconds| i64::try_from(seconds).ok());
    let average = average.map(|seconds| text!("home-running-for", time = i18n::lasting_for(seconds)));
    running.into_iter().chain(average).collect()
}

/// How many copies the reader has not looked at.
fn unread_words(counts: &TaskCounts) -> Vec<String> {
    let unread = (counts.unseen > 0).then(|| text!("home-unread", count = counts.unseen));
    unread.into_iter().collect()
}

#[component]
fn Greeting(to_do: Tasks) -> impl IntoView {
    let hour = Memo::new(|_| i18n::now().to_zoned_datetime(i18n::zone()).hour());
    wait_for(move || to_do.with(Option::is_some));
    let greeting = move || {
        let name = session::me().map(|me| me.member.name).unwrap_or_default();
        match hour.get() {
            5..11 => text!("home-good-morning", name = name),
            11..13 => text!("home-good-noon", name = name),
            13..18 => text!("home-good-afternoon", name = name),
            18..22 => text!("home-good-evening", name = name),
            _night => text!("home-hello", name = name),
        }
    };
    let waiting = move || {
        count_of(to_do).map(|count| match count {
            0 => text!("home-nothing-waits"),
            _some => text!("home-waiting", count = count),
        })
    };
    view! {
        <div class="page-title">
            <div class="stack g1">
                <h1>{greeting}</h1>
                <span class="muted">
                    {move || i18n::day(i18n::today())}
                    {move || {
                        let said = [waiting(), late_words(to_do), today_words(to_do)].into_iter().flatten();
                        said.map(|words| view! { <i class="sep"></i>{words} }).collect_view()
                    }}
                </span>
            </div>
        </div>
    }
}

#[component]
fn Figures(to_do: Tasks) -> impl IntoView {
    let [started, cc, handled] =
        [TaskBox::Started, TaskBox::Cc, TaskBox::Handled].map(|of| kept_tasks(of, 1));
    for tasks in [started, cc, handled] {
        wait_for(move || tasks.with(Option::is_some));
    }
    let counts = RwSignal::new(None::<TaskCounts>);
    let counted = LocalResource::new(move || async move {
        // Where that is refused what was known stays.
        if let Ok(known) = tasks::counts(None).await {
            let _ = counts.try_set(Some(known));
        }
    });
    wait_for(move || counted.with(Option::is_some));
    // What others decide changes these, and nothing of what waits.
    at_each_look(ShellContext::expect(), move |_| {
        [started, cc, handled].iter().for_each(LocalResource::refetch);
        counted.refetch();
    });
    let under_way =
        Signal::derive(move || counts.with(|counts| counts.as_ref().map(running_words).unwrap_or_default()));
    let unread =
        Signal::derive(move || counts.with(|counts| counts.as_ref().map(unread_words).unwrap_or_default()));
    let nothing = Signal::stored(Vec::new());
    let figure = |of: TaskBox, name: Signal<String>, tasks: Tasks, below: Signal<Vec<String>>| {
        let value = move || match tasks.get() {
            None => view! { <span class="skeleton half tall-sk"></span> }.into_any(),
            Some(_) => count_of(tasks).map_or_else(|| "—".to_string(), i18n::whole).into_any(),
        };
        view! {
            <A href=format!("/inbox?box={}", of.name()) attr:class="card click figure">
                <span class="name">{name}</span>
                <span class="big">{value}</span>
                <span class="sub-line">
                    {move || below.get().into_iter().map(|words| view! { <span>{words}</span> }).collect_view()}
                </span>
            </A>
        }
    };
    view! {
        <div class="cards-4">
            <A href="/inbox" attr:class="card click figure">
                <span class="name">{t!("home-to-do")}</span>
                <span class="big">
                    {move || match to_do.get() {
                        None => view! { <span class="skeleton half tall-sk"></span> }.into_any(),
                        Some(_) => count_of(to_do).map_or_else(|| "—".to_string(), i18n::whole).into_any(),
                    }}
                </span>
                <span class="sub-line">
                    {move || late_words(to_do).map(|late| view! { <span class="bad-text">{late}</span> })}
                    {move || today_words(to_do).map(|today| view! { <span>{today}</span> })}
                </span>
            </A>
            {figure(TaskBox::Started, Signal::derive(t!("home-started")), started, under_way)}
            {figure(TaskBox::Cc, Signal::derive(t!("home-cc")), cc, unread)}
            {figure(TaskBox::Handled, Signal::derive(t!("home-handled")), handled, nothing)}
        </div>
    }
}

/// What the reader wants at hand, the newest first; on a desk the navigation has it.
#[component]
fn Favourites() -> impl IntoView {
    let shell = ShellContext::expect();
    // They part the apps into groups, too.
    wait_for(move || shell.knows_home());
    let row = |favourite: Favourite| {
        let (path, icon) = (path_of(&favourite), icon_of(&favourite));
        let label = favourite.label;
        let title = Signal::derive(move || label.get(i18n::language()).to_string());
        view! {
            <A href=path>
                <Tile icon=icon colour=4 size="s"/>
                <span class="grow stack"><span class="clip" title=title>{title}</span></span>
            </A>
        }
    };
    move || {
        let favourites = shell.favourites.get();
        (!favourites.is_empty()).then(|| {
            view! {
                <section class="card phone-only">
                    <div class="card-head"><h2>{t!("home-favourites")}</h2></div>
                    <div class="rows tight">{favourites.into_iter().rev().map(row).collect_view()}</div>
                </section>
            }
        })
    }
}

#[component]
fn Recent() -> impl IntoView {
    let row = |visit: recent::Visit| {
        let named = visit.clone();
        let title = Signal::derive(move || named.words(i18n::language()));
        view! {
            <A href=visit.path>
                <Tile icon=visit.icon colour=1 size="s"/>
                <span class="grow stack"><span class="clip" title=title>{title}</span></span>
                <span class="note muted nowrap">{move || i18n::ago(visit.at)}</span>
            </A>
        }
    };
    move || {
        let visits = recent::visits();
        (!visits.is_empty()).then(|| {
            view! {
                <section class="card">
                    <div class="card-head"><h2>{t!("home-recent")}</h2></div>
                    <div class="rows tight">{visits.into_iter().map(row).collect_view()}</div>
                </section>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_that_could_not_be_had_anew_stays() {
        let page = |ids: &[&str]| -> Page<Task> {
            let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
            let count = json!({"value": ids.len(), "exact": true});
            serde_json::from_value(json!({"items": items, "next": null, "count": count})).unwrap()
        };
        let refused = || -> Result<Page<Task>, Problem> {
            let problem =
                json!({"type": "urn:formwork:problem:busy", "title": "Busy", "status": 503, "code": "busy"});
            Err(serde_json::from_value(problem).unwrap())
        };
        let shown = |answer: Result<Page<Task>, Problem>, known: Option<Page<Task>>| {
            or_known(answer, || known).ok().map(|page| page.items.len())
        };
        assert_eq!(shown(refused(), Some(page(&["9", "8"]))), Some(2));
        assert_eq!(shown(refused(), None), None, "nothing is known yet");
        assert_eq!(shown(Ok(page(&[])), Some(page(&["9"]))), Some(0), "the newer one counts");
    }
}
