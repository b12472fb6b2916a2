//! Several new members at once: one a line, as they stand in a letter or a sheet.

use engine::field::is_email;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::MemberInput;

use super::Known;
use crate::api::{people, sign_in};
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Dialog, Field, MultiSelect, TextArea, Tone, TreeSelect, toast,
};
use crate::{t, text};

/// Somebody who is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Person {
    name: String,
    email: String,
}

/// The person of a line: `Lin Wang <lin@example.com>`, `Lin Wang, lin@example.com`, a row of a sheet, or the address alone.
fn person_of(line: &str) -> Option<Person> {
    let is_between = |c: char| c.is_whitespace() || "<>()[],;，；、\"".contains(c);
    let email = line.split(is_between).find(|word| word.contains('@'))?;
    let before_at = email.split('@').next().filter(|_| is_email(email))?;
    let rest = line.replacen(email, " ", 1);
    let name = rest.split(is_between).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let name = if name.is_empty() { before_at.to_string() } else { name };
    Some(Person { name, email: email.to_string() })
}

/// The people of all lines, each address once, and the lines that have none.
fn people_of(lines: &str) -> (Vec<Person>, Vec<String>) {
    let (mut found, mut left) = (Vec::<Person>::new(), Vec::new());
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match person_of(line) {
            Some(person) if found.iter().any(|known| known.email.eq_ignore_ascii_case(&person.email)) => {}
            Some(person) => found.push(person),
            None => left.push(line.to_string()),
        }
    }
    (found, left)
}

/// What stands in the dialog.
#[derive(Clone, Copy)]
struct Entered {
    lines: RwSignal<String>,
    departments: RwSignal<Vec<String>>,
    roles: RwSignal<Vec<String>>,
    /// Whether each gets a letter with a link.
    sends: RwSignal<bool>,
}

impl Entered {
    fn input(self, person: &Person) -> MemberInput {
        let departments = self.departments.get_untracked();
        MemberInput {
            email: person.email.clone(),
            name: person.name.clone(),
            password: None,
            manager: None,
            departments: departments.iter().filter_map(|key| key.parse::<Id>().ok()).collect(),
            roles: self.roles.get_untracked(),
            language: None,
            zone: None,
            administrator: false,
            title: None,
            phone: None,
        }
    }

    /// Adds one after the other.
    async fn add(self, people: Vec<Person>, by_mail: bool) -> Outcome {
        let mut outcome = Outcome::default();
        for person in people {
            let line = format!("{} <{}>", person.name, person.email);
            match people::create_member(&self.input(&person)).await {
                Ok(member) => {
                    outcome.added += 1;
                    let sent = if by_mail { people::send_invitation(member.id).await } else { Ok(()) };
                    outcome.problems.extend(sent.err().map(|problem| (line, problem.sentence())));
                }
                Err(problem) => {
                    let first = problem.errors.first().map(|error| error.message.clone());
                    outcome.left.push(line.clone());
                    outcome.problems.push((line, first.unwrap_or_else(|| problem.sentence())));
                }
            }
        }
        outcome
    }
}

/// What came of adding several.
#[derive(Clone, Debug, Default)]
struct Outcome {
    added: usize,
    /// The lines of those who were not added.
    left: Vec<String>,
    /// What went wrong, each with its line.
    problems: Vec<(String, String)>,
}

#[component]
pub(super) fn SeveralDialog(
    open: RwSignal<bool>,
    known: Known,
    /// The department that is shown: they are in it.
    department: RwSignal<Option<Id>>,
    on_added: Callback<()>,
) -> impl IntoView {
    let entered = Entered {
        lines: RwSignal::new(String::new()),
        departments: RwSignal::new(Vec::new()),
        roles: RwSignal::new(Vec::new()),
        sends: RwSignal::new(true),
    };
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(Vec::<(String, String)>::new());
    // Without a mail server there is nothing to send by.
    let ways = LocalResource::new(sign_in::ways);
    let may_send = move || ways.get().and_then(Result::ok).is_some_and(|ways| ways.reset);
    Effect::new(move || {
        if open.get() {
            entered.lines.set(String::new());
            entered.departments.set(department.get_untracked().iter().map(Id::to_string).collect());
            entered.roles.set(Vec::new());
            refused.set(Vec::new());
        }
    });
    let read = Memo::new(move |_| entered.lines.with(|lines| people_of(lines)));
    let count = Memo::new(move |_| read.with(|(people, _)| people.len()));
    let add = move |_| {
        let (people, unread) = read.get_untracked();
        let by_mail = entered.sends.get_untracked() && untrack(may_send);
        busy.set(true);
        spawn_local(async move {
            let mut outcome = entered.add(people, by_mail).await;
            // Nobody is left out without a word.
            for line in unread {
                outcome.problems.push((line.clone(), text!("members-several-left")));
                outcome.left.push(line);
            }
            let _ = busy.try_set(false);
            let _ = on_added.try_run(());
            if outcome.added > 0 {
                toast::show(text!("members-several-added", count = outcome.added));
            }
            if outcome.problems.is_empty() {
                let _ = open.try_set(false);
            } else {
                // Those who are there now need not be entered again.
                let _ = entered.lines.try_set(outcome.left.join("\n"));
                let _ = refused.try_set(outcome.problems);
            }
        });
    };
    let unready = Signal::derive(move || (count.get() == 0).then(|| text!("members-several-nobody")));
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy disabled_reason=unready on_press=add>
                {move || text!("members-several-add", count = count.get())}
            </Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("members-several")) asks=true foot=Some(ViewFn::from(foot))>
            <Inputs entered=entered known=known read=read refused=refused may_send=Signal::derive(may_send)/>
        </Dialog>
    }
}

#[component]
fn Inputs(
    entered: Entered,
    known: Known,
    read: Memo<(Vec<Person>, Vec<String>)>,
    refused: RwSignal<Vec<(String, String)>>,
    may_send: Signal<bool>,
) -> impl IntoView {
    let Entered { lines, departments, roles, sends } = entered;
    let help = Signal::derive(t!("members-several-help"));
    let unread = Signal::derive(move || {
        let line = read.with(|(_, left)| left.first().cloned())?;
        Some(text!("members-several-unread", line = line))
    });
    let why = move || {
        let line = |(line, why): (String, String)| view! { <li>{line}": "{why}</li> };
        let all = refused.get();
        (!all.is_empty()).then(|| {
            view! {
                <Banner tone=Tone::Danger>
                    <ul class="stack g1">{all.into_iter().map(line).collect_view()}</ul>
                </Banner>
            }
        })
    };
    view! {
        <div class="stack g4">
            <div role="status">{why}</div>
            <Field label=t!("members-several-lines") help=help warning=unread>
                <TextArea
                    value=lines
                    on_input=move |text| lines.set(text)
                    rows=6
                    name="new-members"
                    placeholder=Signal::derive(|| "Lin Wang <lin@example.com>".to_string())
                />
            </Field>
            <Field label=t!("member-departments")>
                <TreeSelect
                    branches=Signal::derive(move || known.department_branches())
                    value=departments
                    on_change=move |keys| departments.set(keys)
                    many=true
                />
            </Field>
            <Field label=t!("member-roles")>
                <MultiSelect
                    choices=known.role_choices()
                    value=roles
                    on_change=move |keys| roles.set(keys)
                    placeholder=t!("member-roles-choose")
                />
            </Field>
            {move || match may_send.get() {
                true => view! {
                    <Checkbox checked=sends on_change=move |on| sends.set(on) name="send-invitations">
                        {t!("members-several-send")}
                    </Checkbox>
                }
                .into_any(),
                false => view! { <p class="help">{t!("members-several-links")}</p> }.into_any(),
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, email: &str) -> Option<Person> {
        Some(Person { name: name.to_string(), email: email.to_string() })
    }

    #[test]
    fn a_line_is_read_as_people_write_addresses() {
        for (line, name) in [
            ("Lin Wang <lin@example.com>", "Lin Wang"),
            ("lin@example.com", "lin"),
            ("Lin Wang, lin@example.com", "Lin Wang"),
            ("王琳，lin@example.com", "王琳"),
            ("王琳\tlin@example.com", "王琳"),
            ("lin@example.com; Lin Wang", "Lin Wang"),
            ("\"Wang, Lin\" <lin@example.com>", "Wang Lin"),
        ] {
            assert_eq!(person_of(line), person(name, "lin@example.com"), "{line}");
        }
        for line in ["Lin Wang", "@example.com", "Jim <jim@forty>", ""] {
            assert_eq!(person_of(line), None, "{line}");
        }
    }

    #[test]
    fn nobody_is_added_twice_and_what_is_no_address_is_told() {
        let (found, left) = people_of("a@x.com\n\nA@X.com\n  Bob \n Bea <b@x.com>\nJim <jim@forty>\n");
        let emails: Vec<_> = found.iter().map(|person| person.email.as_str()).collect();
        assert_eq!(emails, ["a@x.com", "b@x.com"]);
        assert_eq!(left, ["Bob", "Jim <jim@forty>"]);
    }
}
