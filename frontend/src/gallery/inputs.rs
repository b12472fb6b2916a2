//! Everything that takes a value.

use leptos::prelude::*;

use super::{Cell, Section};
use crate::conditions::named_ranges;
use crate::ui::{
    Branch, Button, CameraButton, Cascader, Checkbox, Choice, DateInput, DateInputKind, DateRange, Field,
    FileDrop, Found, InputType, MomentInput, MultiSelect, NumberInput, NumberRange, Picker, Popover, Radio,
    Rating, ScanButton, SearchBox, Searching, Select, SignaturePad, Slider, Switch, TextArea, TextInput,
    TimeInput, TreeSelect, toast,
};
use crate::{i18n, t, text};

#[component]
pub fn TextInputs() -> impl IntoView {
    let name = RwSignal::new("Hemu Home".to_string());
    let amount = RwSignal::new("448698.00".to_string());
    let share = RwSignal::new("18".to_string());
    let note = RwSignal::new(String::new());
    let query = RwSignal::new(String::new());
    let phone = RwSignal::new("0571-8888 6666".to_string());
    let address = RwSignal::new("https://example.com".to_string());
    let set = move |text: String| name.set(text);
    view! {
        <Section title=t!("gallery-text-inputs")>
            <div class="demo">
                <Cell name=t!("gallery-rest") class="w-240">
                    <Field label=t!("new-app-name") help=Signal::derive(t!("gallery-sentence"))><TextInput value=name on_input=set/></Field>
                </Cell>
                <Cell name=t!("gallery-hover") class="w-240">
                    <Field label=t!("new-app-name")><TextInput value=name on_input=set class="is-hover"/></Field>
                </Cell>
                <Cell name=t!("gallery-focus") class="w-240">
                    <Field label=t!("new-app-name") required=true><TextInput value=name on_input=set class="is-focus"/></Field>
                </Cell>
                <Cell name=t!("gallery-fault") class="w-240">
                    <Field label=t!("new-app-name") error=Signal::derive(|| Some(text!("new-app-name-needed")))>
                        <TextInput value="" placeholder=t!("new-app-name-example")/>
                    </Field>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-240">
                    <Field label=t!("new-app-name") help=Signal::derive(t!("gallery-reason"))><TextInput value=name disabled=true/></Field>
                </Cell>
                <Cell name=t!("gallery-busy") class="w-240">
                    <Field label=t!("new-app-name")><TextInput value=name busy=true/></Field>
                </Cell>
                <Cell name=t!("gallery-read-only") class="w-240">
                    <div class="field"><span class="label">{t!("new-app-name")}</span><div class="value">{name}</div></div>
                </Cell>
            </div>
            <div class="demo">
                <Cell name=t!("gallery-number") class="w-240">
                    <NumberInput value=amount on_change=move |text| amount.set(text) prefix=Signal::derive(|| "¥".to_string()) label=t!("gallery-number")/>
                </Cell>
                <Cell name=t!("gallery-number") class="w-240">
                    <NumberInput value=share on_change=move |text| share.set(text) suffix=Signal::derive(|| "%".to_string()) label=t!("gallery-number")/>
                </Cell>
                <Cell name=t!("gallery-phone") class="w-240">
                    <TextInput value=phone on_input=move |text| phone.set(text) kind=InputType::Phone label=t!("gallery-phone")/>
                </Cell>
                <Cell name=t!("gallery-address") class="w-240">
                    <TextInput value=address on_input=move |text| address.set(text) kind=InputType::Url label=t!("gallery-address")/>
                </Cell>
                <Cell name=t!("gallery-area") class="w-240">
                    <TextArea value=note on_input=move |text| note.set(text) label=t!("gallery-area")/>
                </Cell>
                <Cell name=t!("ui-search") class="w-240">
                    <SearchBox value=query on_search=move |text| query.set(text) placeholder=t!("ui-search")/>
                </Cell>
            </div>
        </Section>
    }
}

#[component]
pub fn Dates() -> impl IntoView {
    let day = RwSignal::new("2024-11-18".to_string());
    let month = RwSignal::new("2024-11".to_string());
    let time = RwSignal::new("09:30".to_string());
    let moment = RwSignal::new("2024-11-18T08:05:00Z".to_string());
    let days = RwSignal::new(["2024-11-18".to_string(), "2024-11-22".to_string()]);
    let numbers = RwSignal::new(["1000".to_string(), "25000".to_string()]);
    let set_days = move |ends: [String; 2]| days.set(ends);
    let set_numbers = move |ends: [String; 2]| numbers.set(ends);
    let named = || named_ranges(i18n::today());
    view! {
        <Section title=t!("gallery-dates")>
            <div class="demo">
                <Cell name=t!("gallery-day") class="w-240">
                    <DateInput value=day on_change=move |text| day.set(text) label=t!("gallery-day")/>
                </Cell>
                <Cell name=t!("gallery-month") class="w-240">
                    <DateInput value=month on_change=move |text| month.set(text) kind=DateInputKind::Month label=t!("gallery-month")/>
                </Cell>
                <Cell name=t!("gallery-time") class="w-240">
                    <TimeInput value=time on_change=move |text| time.set(text) label=t!("gallery-time")/>
                </Cell>
                <Cell name=t!("gallery-moment") class="w-240">
                    <MomentInput value=moment on_change=move |text| moment.set(text) label=t!("gallery-moment")/>
                </Cell>
                <Cell name=t!("gallery-fault") class="w-240">
                    <MomentInput value="2024/13/40 25:00" on_change=|_| () invalid=true label=t!("gallery-moment")/>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-240">
                    <MomentInput value=moment on_change=|_| () disabled=true label=t!("gallery-moment")/>
                </Cell>
                <Cell name=t!("gallery-fault") class="w-240">
                    <DateInput value="2024-13-40" on_change=|_| () invalid=true label=t!("gallery-day")/>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-240">
                    <DateInput value=day on_change=|_| () disabled=true label=t!("gallery-day")/>
                </Cell>
            </div>
            <div class="demo">
                <Cell name=t!("gallery-day-range") class="w-280"><DateRange value=days on_change=set_days named=named()/></Cell>
                <Cell name=t!("gallery-fault") class="w-280"><DateRange value=days on_change=set_days named=named() invalid=true/></Cell>
                <Cell name=t!("gallery-disabled") class="w-280"><DateRange value=days on_change=set_days disabled=true/></Cell>
                <Cell name=t!("gallery-number-range") class="w-280"><NumberRange value=numbers on_input=set_numbers suffix=Signal::derive(|| "%".to_string())/></Cell>
                <Cell name=t!("gallery-disabled") class="w-280"><NumberRange value=numbers on_input=set_numbers disabled=true/></Cell>
            </div>
        </Section>
    }
}

#[component]
pub fn Selects() -> impl IntoView {
    let one = RwSignal::new(Some("2".to_string()));
    let none = RwSignal::new(None::<String>);
    let many = RwSignal::new(vec!["1".to_string(), "3".to_string()]);
    let choices = Signal::derive(|| {
        (1..=12)
            .map(|n| {
                Choice::new(n.to_string(), text!("gallery-option", number = n as u32))
                    .colour(n)
                    .note(format!("{n:02}"))
            })
            .collect::<Vec<_>>()
    });
    let picking = RwSignal::new(false);
    let picked = RwSignal::new(None::<Found>);
    let search = Callback::new(|query: String| {
        let people = [("Nia Okafor", "Oslo"), ("Bruno Costa", "Oslo"), ("Chen Wei", "Taipei")];
        let found =
            people.into_iter().filter(|(name, _)| name.contains(query.trim())).map(|(name, department)| {
                Found {
                    id: name.to_string(),
                    title: name.to_string(),
                    facts: vec![department.to_string()],
                    person: true,
                }
            });
        let found: Vec<Found> = found.collect();
        Box::pin(async move { Ok(found) }) as Searching
    });
    let few = Signal::derive(|| {
        (1..=3)
            .map(|n: u32| Choice::new(n.to_string(), text!("gallery-option", number = n)))
            .collect::<Vec<_>>()
    });
    let branches = Signal::derive(|| {
        let branch = |n: u32, within: u32| Branch {
            choice: Choice::new(n.to_string(), text!("gallery-option", number = n)),
            within: (within > 0).then(|| within.to_string()),
        };
        vec![branch(1, 0), branch(2, 1), branch(3, 2), branch(4, 1), branch(5, 0)]
    });
    let level = RwSignal::new(Some("2".to_string()));
    let no_level = Signal::stored(None::<String>);
    let other = RwSignal::new(Some("Basel".to_string()));
    let part = RwSignal::new(vec!["3".to_string()]);
    let parts = RwSignal::new(vec!["3".to_string(), "5".to_string()]);
    view! {
        <Section title=t!("gallery-selects")>
            <div class="demo">
                <Cell name=t!("gallery-rest") class="w-240">
                    <Select choices=choices value=one on_change=move |key| one.set(key) clearable=true label=t!("gallery-selects")/>
                </Cell>
                <Cell name=t!("gallery-empty") class="w-240">
                    <Select choices=few value=none on_change=move |key| none.set(key) label=t!("gallery-selects")/>
                </Cell>
                <Cell name=t!("gallery-many") class="w-240">
                    <MultiSelect choices=choices value=many on_change=move |keys| many.set(keys) label=t!("gallery-selects")/>
                </Cell>
                <Cell name=t!("gallery-other") class="w-240">
                    <Select choices=few value=other on_change=move |key| other.set(key) on_new=Some(Callback::new(move |text| other.set(Some(text)))) label=t!("gallery-other")/>
                </Cell>
                <Cell name=t!("gallery-cascade") class="w-240">
                    <Cascader branches=branches value=level on_change=move |key| level.set(key) clearable=true label=t!("gallery-cascade")/>
                </Cell>
                <Cell name=t!("gallery-fault") class="w-240">
                    <Cascader branches=branches value=no_level on_change=|_| () invalid=true label=t!("gallery-cascade")/>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-240">
                    <Cascader branches=branches value=level on_change=|_| () disabled=true label=t!("gallery-cascade")/>
                </Cell>
                <Cell name=t!("gallery-tree") class="w-240">
                    <TreeSelect branches=branches value=part on_change=move |keys| part.set(keys) label=t!("gallery-tree")/>
                </Cell>
                <Cell name=t!("gallery-tree") class="w-240">
                    <TreeSelect branches=branches value=parts on_change=move |keys| parts.set(keys) many=true label=t!("gallery-tree")/>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-240">
                    <TreeSelect branches=branches value=part on_change=|_| () disabled=true label=t!("gallery-tree")/>
                </Cell>
                <Cell name=t!("gallery-picker") class="w-240">
                    <Button class="wide" expanded=picking on_press=move |_| picking.update(|open| *open = !*open)>
                        {move || picked.get().map_or_else(|| text!("ui-choose"), |found| found.title)}
                    </Button>
                    <Popover open=picking match_width=true class="menu" role="group">
                        <Picker
                            search=search
                            placeholder=t!("ui-search")
                            picked=Signal::derive(move || picked.get().map(|found| found.id).into_iter().collect())
                            on_pick=move |found| {
                                picked.set(Some(found));
                                picking.set(false);
                            }
                        />
                    </Popover>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-240">
                    <Select choices=choices value=one on_change=|_| () disabled=true label=t!("gallery-selects")/>
                </Cell>
            </div>
        </Section>
    }
}

#[component]
pub fn Checks() -> impl IntoView {
    let on = RwSignal::new(true);
    let which = RwSignal::new(1);
    let stars = RwSignal::new(Some(3u32));
    let share = RwSignal::new(40u32);
    view! {
        <Section title=t!("gallery-checks")>
            <div class="demo">
                <Checkbox checked=on on_change=move |is| on.set(is)>{t!("gallery-on")}</Checkbox>
                <Checkbox checked=false mixed=true on_change=|_| ()>{t!("gallery-many")}</Checkbox>
                <Checkbox checked=true disabled=true on_change=|_| ()>{t!("gallery-disabled")}</Checkbox>
                {(1..=3).map(|n: u32| view! {
                    <Radio
                        name="gallery-radio"
                        checked=Signal::derive(move || which.get() == n)
                        on_choose=move |()| which.set(n)
                        disabled=n == 3
                    >
                        {t!("gallery-option", number = n)}
                    </Radio>
                }).collect_view()}
                <Switch checked=on on_change=move |is| on.set(is) label=t!("gallery-on")/>
                <Switch checked=false on_change=|_| () disabled=true label=t!("gallery-disabled")/>
                <Cell name=t!("gallery-slider") class="w-200">
                    <Slider value=share range=(0, 100, 5) on_input=move |number: u32| share.set(number) label=t!("gallery-slider")/>
                </Cell>
                <Cell name=t!("gallery-disabled") class="w-200">
                    <Slider value=share range=(0, 100, 5) on_input=|_| () disabled=true label=t!("gallery-slider")/>
                </Cell>
                <Rating value=stars max=5 on_change=move |given| stars.set(given) label=t!("gallery-state")/>
                <Rating value=Some(2) max=5 on_change=|_| () disabled=true label=t!("gallery-disabled")/>
            </div>
        </Section>
    }
}

#[component]
pub fn Files() -> impl IntoView {
    let show = |files: Vec<web_sys::File>| {
        for file in files {
            toast::show(format!("{} – {}", file.name(), i18n::file_size(file.size() as u64)));
        }
    };
    view! {
        <Section title=t!("gallery-files")>
            <div class="demo">
                <div class="w-320">
                    <FileDrop
                        text=t!("gallery-drop")
                        multiple=true
                        on_files=show
                    />
                </div>
                <CameraButton on_files=show label=t!("fill-take-photo")/>
                <ScanButton on_code=|code: String| toast::show(code)/>
                <ScanButton on_code=|code: String| toast::show(code) many=true label=t!("fill-scan-rows")/>
                <div class="w-320"><SignaturePad on_done=move |file: web_sys::File| show(vec![file])/></div>
            </div>
        </Section>
    }
}
