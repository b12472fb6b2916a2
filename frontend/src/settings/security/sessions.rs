//! The browsers that one is signed in with.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{List, Problem, Session};

use super::said;
use crate::api::sign_in;
use crate::ui::{Badge, Button, ControlSize, Loaded, Tone, toast};
use crate::{t, text};

#[component]
pub fn Sessions() -> impl IntoView {
    let sessions = LocalResource::new(sign_in::sessions);
    let refresh = Callback::new(move |()| sessions.refetch());
    let end_others = move |_| {
        spawn_local(async move {
            after(sign_in::end_other_sessions().await, refresh);
        });
    };
    let table = move |list: List<Session>| {
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th>{t!("security-device")}</th>
                            <th>{t!("security-ip")}</th>
                            <th>{t!("security-seen")}</th>
                            <th><span class="sr">{t!("member-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        {list.items.into_iter().map(|session| view! { <Row session=session refresh=refresh/> }).collect_view()}
                    </tbody>
                </table>
            </div>
        }
    };
    view! {
        <section class="card" id="sessions">
            <div class="card-head">
                <h2>{t!("security-sessions")}</h2>
                <Button size=ControlSize::Small on_press=end_others>{t!("security-end-others")}</Button>
            </div>
            <Loaded answer=sessions view=table/>
        </section>
    }
}

#[component]
fn Row(session: Session, refresh: Callback<()>) -> impl IntoView {
    let id = StoredValue::new(session.id);
    let end = move |_| {
        spawn_local(async move {
            after(sign_in::end_session(&id.get_value()).await, refresh);
        });
    };
    let agent = session.agent.unwrap_or_default();
    let device = device(&agent).unwrap_or_else(|| text!("security-program"));
    let seen = StoredValue::new(session.seen_at);
    view! {
        <tr>
            <td class="title" title=agent>{device}</td>
            <td>{session.ip.unwrap_or_default()}</td>
            <td>{move || said(&seen.get_value())}</td>
            <td class="text-right">
                {if session.current {
                    view! { <Badge tone=Tone::Success>{t!("security-current")}</Badge> }.into_any()
                } else {
                    view! { <Button size=ControlSize::Small on_press=end>{t!("security-end")}</Button> }.into_any()
                }}
            </td>
        </tr>
    }
}

fn after(answer: Result<(), Problem>, refresh: Callback<()>) {
    match answer {
        Ok(()) => {
            toast::show(text!("security-ended"));
            refresh.run(());
        }
        Err(problem) => toast::refused(&problem),
    }
}

/// Browser and system by what a browser calls itself, as far as people know them: `Chrome · Windows`.
fn device(agent: &str) -> Option<String> {
    const BROWSERS: [(&str, &str); 5] = [
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |list: &[(&str, &'static str)]| {
        list.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    let names: Vec<&str> = [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect();
    (!names.is_empty()).then(|| names.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(device(edge).as_deref(), Some("Edge · Windows"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Safari/604.1";
        assert_eq!(device(phone).as_deref(), Some("Safari · iPhone"));
        assert_eq!(device("curl/8"), None);
    }
}
