//! A list of the inbox as far down as somebody wants to see it: page after page, each where the one before it ended.

use leptos::prelude::*;

use crate::api::tasks::{Task, TaskBox, TaskFilter, tasks_in};
use crate::api::{Page, Problem};

/// Tasks asked for at once.
const PAGE: u32 = 100;

/// The tasks of the list that is shown.
#[derive(Clone, Copy)]
pub struct Listed {
    of: Memo<TaskBox>,
    filter: Memo<TaskFilter>,
    pub answer: LocalResource<Result<List, Problem>>,
    /// How many are wanted, and of which list. The others start with one page.
    wanted: RwSignal<(TaskBox, u32)>,
    /// Raised to ask for everything anew.
    round: RwSignal<u32>,
}

/// What has come of a list. While another one is on its way, the one before it stays.
#[derive(Clone)]
pub struct List {
    pub of: TaskBox,
    pub filter: TaskFilter,
    /// The round in which it was asked for.
    pub round: u32,
    pub page: Page<Task>,
}

/// What has come of a list in one round.
struct Known {
    of: TaskBox,
    filter: TaskFilter,
    round: u32,
    page: Page<Task>,
}

impl Known {
    fn is_of(&self, of: TaskBox, filter: &TaskFilter) -> bool {
        self.of == of && self.filter == *filter
    }
}

impl Listed {
    pub fn new(of: Memo<TaskBox>, filter: Memo<TaskFilter>) -> Listed {
        let wanted = RwSignal::new((TaskBox::ToDo, PAGE));
        let round = RwSignal::new(0u32);
        let known = StoredValue::new(None::<Known>);
        let answer = LocalResource::new(move || {
            let (of, filter, round) = (of.get(), filter.get(), round.get());
            let wanted = wanted_of(of, wanted.get());
            let so_far = known.with_value(|known| {
                let known = known.as_ref().filter(|known| known.is_of(of, &filter) && known.round == round);
                known.map(|known| known.page.clone())
            });
            async move {
                match read(of, &filter, so_far, wanted).await {
                    Ok(page) => {
                        let kept = Known { of, filter: filter.clone(), round, page: page.clone() };
                        let _ = known.try_set_value(Some(kept));
                        Ok(List { of, filter, round, page })
                    }
                    // Nobody asked for what was only to be there anew: the list stays, and the next look asks again.
                    Err(problem) => {
                        let there = known.try_with_value(|known| kept(known.as_ref(), of, &filter, wanted));
                        there.flatten().ok_or(problem)
                    }
                }
            }
        });
        Listed { of, filter, answer, wanted, round }
    }

    /// Asks anew for as many as are there; gives the round in which it is asked.
    pub fn again(self) -> u32 {
        self.round.update(|round| *round += 1);
        self.round.get_untracked()
    }

    /// Asks anew where the newest task and the number of a list, the chosen one, are not those that are there, and where the
    /// list could not be had.
    pub fn follow(self, seen: &Page<Task>) {
        let of = self.of.get_untracked();
        // What is seen is not narrowed: it says nothing of a list that is.
        if self.filter.with_untracked(TaskFilter::narrows) {
            self.again();
            return;
        }
        if untrack(|| self.answer.with(|answer| is_behind(answer.as_ref(), of, seen))) {
            self.again();
        }
    }

    /// The list that is chosen, once it has come.
    pub fn list(self) -> Option<List> {
        let of = self.of.get();
        let filter = self.filter.get();
        self.answer.get()?.ok().filter(|list| list.of == of && list.filter == filter)
    }

    /// Its page.
    pub fn page(self) -> Option<Page<Task>> {
        self.list().map(|list| list.page)
    }

    /// Whether more of them are on their way.
    pub fn is_coming(self) -> bool {
        let wanted = wanted_of(self.of.get(), self.wanted.get());
        let Some(page) = self.page() else { return false };
        page.next.is_some() && page.items.len() < wanted as usize
    }

    /// How many lie behind those that are there; nothing at the end of the list.
    pub fn behind(self) -> Option<u64> {
        let page = self.page()?;
        page.next.as_ref()?;
        let there = page.items.len() as u64;
        Some(page.count.map_or(0, |count| count.value.saturating_sub(there)))
    }

    /// Asks for one page more, unless one is coming or all are there.
    pub fn more(self) {
        if untrack(|| self.behind().is_some() && !self.is_coming()) {
            let of = self.of.get_untracked();
            self.wanted.update(|wanted| *wanted = (of, wanted_of(of, *wanted) + PAGE));
        }
    }
}

fn wanted_of(of: TaskBox, (list, wanted): (TaskBox, u32)) -> u32 {
    if list == of { wanted } else { PAGE }
}

/// What stays where a list could not be had anew: as much of it as is wanted. Who asked for more hears that it does not come.
fn kept(known: Option<&Known>, of: TaskBox, filter: &TaskFilter, wanted: u32) -> Option<List> {
    let known = known.filter(|known| known.is_of(of, filter))?;
    let is_whole = known.page.next.is_none() || known.page.items.len() >= wanted as usize;
    is_whole.then(|| List { of, filter: filter.clone(), round: known.round, page: known.page.clone() })
}

/// Whether what came of the list `of` is not what was `seen` of it. What is still to come is waited for.
fn is_behind(answer: Option<&Result<List, Problem>>, of: TaskBox, seen: &Page<Task>) -> bool {
    match answer {
        None => false,
        Some(Err(_)) => true,
        Some(Ok(list)) => list.of == of && has_news(&list.page, seen),
    }
}

/// Whether `seen`, of which there is only the newest, is not as it is `there`.
pub fn has_news(there: &Page<Task>, seen: &Page<Task>) -> bool {
    there.count != seen.count || seen.items.first().is_some_and(|newest| !there.items.contains(newest))
}

/// Goes on with what is there until so many have come as are wanted, or all there are.
async fn read(
    of: TaskBox,
    filter: &TaskFilter,
    so_far: Option<Page<Task>>,
    wanted: u32,
) -> Result<Page<Task>, Problem> {
    let mut page = match so_far {
        Some(page) => page,
        None => tasks_in(of, filter, PAGE, None).await?,
    };
    while page.items.len() < wanted as usize
        && let Some(cursor) = page.next.clone()
    {
        page = joined(page, tasks_in(of, filter, PAGE, Some(&cursor)).await?);
    }
    Ok(page)
}

/// A list with the page that follows on it.
fn joined(mut list: Page<Task>, later: Page<Task>) -> Page<Task> {
    list.items.extend(later.items);
    Page { items: list.items, next: later.next, count: later.count.or(list.count) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::tasks::Only;

    fn page(ids: &[&str], next: Option<&str>, count: u64) -> Page<Task> {
        let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
        let count = json!({"value": count, "exact": true});
        serde_json::from_value(json!({"items": items, "next": next, "count": count})).unwrap()
    }

    #[test]
    fn a_page_goes_on_where_the_list_ended_and_brings_the_newest_count() {
        let list = joined(page(&["9", "8"], Some("8"), 3), page(&["7"], None, 4));
        let ids: Vec<&str> = list.items.iter().map(|task| task.id.as_str()).collect();
        assert_eq!(
            (ids, list.next, list.count.map(|count| count.value)),
            (vec!["9", "8", "7"], None, Some(4))
        );
    }

    #[test]
    fn another_number_or_another_newest_one_is_news() {
        let there = page(&["9", "8"], None, 2);
        assert!(!has_news(&there, &page(&["9"], Some("9"), 2)));
        assert!(has_news(&there, &page(&["10"], Some("10"), 3)));
        assert!(has_news(&there, &page(&["9"], None, 1)), "one was decided elsewhere");
        assert!(has_news(&there, &page(&["10"], Some("10"), 2)), "one went and another came");
        // The newest of all may be nothing that can be shown.
        assert!(!has_news(&there, &page(&[], None, 2)));
        assert!(has_news(&page(&[], None, 0), &page(&["9"], None, 1)));
    }

    #[test]
    fn a_list_that_could_not_be_had_anew_stays() {
        let any = TaskFilter::default();
        let known = |next: Option<&str>| Known {
            of: TaskBox::Cc,
            filter: any.clone(),
            round: 4,
            page: page(&["9", "8"], next, 3),
        };
        let kept = |known: Option<&Known>, of: TaskBox, wanted: u32| kept(known, of, &any, wanted);
        let whole = kept(Some(&known(None)), TaskBox::Cc, PAGE).unwrap();
        assert_eq!((whole.round, whole.page.items.len()), (4, 2));
        assert!(kept(Some(&known(Some("8"))), TaskBox::Cc, 2).is_some());
        assert!(kept(Some(&known(Some("8"))), TaskBox::Cc, 3).is_none(), "more was asked for");
        assert!(kept(Some(&known(None)), TaskBox::Started, PAGE).is_none(), "it is another list");
        assert!(kept(None, TaskBox::Cc, PAGE).is_none());
        let unseen = TaskFilter { only: Some(Only::Unseen), ..TaskFilter::default() };
        assert!(
            super::kept(Some(&known(None)), TaskBox::Cc, &unseen, PAGE).is_none(),
            "it is narrowed otherwise"
        );
    }

    #[test]
    fn a_list_that_could_not_be_had_is_asked_for_at_every_look() {
        let of = TaskBox::ToDo;
        let list = |of: TaskBox| {
            Ok(List { of, filter: TaskFilter::default(), round: 0, page: page(&["9"], None, 1) })
        };
        let (same, news) = (page(&["9"], None, 1), page(&["10"], None, 2));
        let refused =
            json!({"type": "urn:formwork:problem:busy", "title": "Busy", "status": 503, "code": "busy"});
        let refused: Problem = serde_json::from_value(refused).unwrap();
        assert!(is_behind(Some(&Err(refused)), of, &same));
        assert!(is_behind(Some(&list(of)), of, &news));
        assert!(!is_behind(Some(&list(of)), of, &same));
        // The first answer, and that of another list which was chosen, are on their way.
        assert!(!is_behind(None, of, &news));
        assert!(!is_behind(Some(&list(TaskBox::Cc)), of, &news));
    }

    #[test]
    fn another_list_starts_with_one_page() {
        assert_eq!(wanted_of(TaskBox::Cc, (TaskBox::Cc, 300)), 300);
        assert_eq!(wanted_of(TaskBox::Started, (TaskBox::Cc, 300)), PAGE);
    }
}
