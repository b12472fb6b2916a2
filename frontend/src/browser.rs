//! What the page asks of the browser: its clock, zone, storage, languages.
//!
//! Natively (unit tests) there is no browser; the clock stands at the epoch, the zone is UTC, nothing is
//! remembered.

mod codes;
mod focus;
mod paper;
mod storage;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use engine::value::Timestamp;
use jiff::tz::TimeZone;
use wasm_bindgen::JsValue;

pub use codes::{CodeReader, reads_codes};
pub use focus::{
    bring_into_view, focus_at, focus_first, focus_inside, focus_is_lost, focus_list_search, is_at,
    is_for_fingers, leave_input, mark_at, unfold_at,
};
pub use paper::{PageStyle, data_address, origin, show_print_out};
pub use storage::{forget, is_new_to_tab, names_remembered, remember, remembered};

fn window() -> Option<web_sys::Window> {
    if cfg!(target_family = "wasm") { web_sys::window() } else { None }
}

fn document_element() -> Option<web_sys::Element> {
    window()?.document()?.document_element()
}

/// The browser's clock.
pub fn now() -> Timestamp {
    let milliseconds = if cfg!(target_family = "wasm") { js_sys::Date::now() as i64 } else { 0 };
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

/// The zone of this computer.
pub fn zone() -> TimeZone {
    zone_name().and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC)
}

/// The IANA name of the zone of this computer.
pub fn zone_name() -> Option<String> {
    window()?;
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}

/// What a zone is called in a language, such as 「中国标准时间」.
pub fn zone_words(zone: &str, language: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    window()?;
    let options = js_sys::Object::new();
    for (name, value) in [("timeZone", zone), ("timeZoneName", "long")] {
        js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    let format = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    let format = js_sys::Reflect::get(&format, &JsValue::from_str("DateTimeFormat")).ok()?;
    let format: js_sys::Function = format.dyn_into().ok()?;
    // A zone that the browser does not know is an error of the making.
    let format =
        js_sys::Reflect::construct(&format, &js_sys::Array::of2(&JsValue::from_str(language), &options))
            .ok()?;
    let format: js_sys::Intl::DateTimeFormat = format.unchecked_into();
    let of =
        |part: &JsValue, name: &str| js_sys::Reflect::get(part, &JsValue::from_str(name)).ok()?.as_string();
    let parts = format.format_to_parts(&js_sys::Date::new_0());
    parts
        .iter()
        .find(|part| of(part, "type").as_deref() == Some("timeZoneName"))
        .and_then(|part| of(&part, "value"))
}

/// Whether the page is before somebody's eyes: not in a tab behind another one, not in a window that is put away.
pub fn is_seen() -> bool {
    window().and_then(|window| window.document()).is_some_and(|page| !page.hidden())
}

/// Whether the focus is where keys are text.
pub fn is_typing() -> bool {
    let element = window().and_then(|window| window.document()).and_then(|page| page.active_element());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.has_attribute("contenteditable")
    })
}

/// The first of each row of characters that sound alike at the beginning, in the order of pinyin, with that letter.
const FIRST_OF_SOUND: [(char, char); 23] = [
    ('阿', 'a'),
    ('八', 'b'),
    ('嚓', 'c'),
    ('哒', 'd'),
    ('妸', 'e'),
    ('发', 'f'),
    ('旮', 'g'),
    ('哈', 'h'),
    ('讥', 'j'),
    ('咔', 'k'),
    ('垃', 'l'),
    ('痳', 'm'),
    ('拏', 'n'),
    ('噢', 'o'),
    ('妑', 'p'),
    ('七', 'q'),
    ('呥', 'r'),
    ('扨', 's'),
    ('它', 't'),
    ('穵', 'w'),
    ('夕', 'x'),
    ('丫', 'y'),
    ('帀', 'z'),
];

/// The first letters of how a text with Chinese characters sounds, other letters and digits as they are: `je` of `金额`.
/// The browser's own order of Chinese says it, so that no table has to be loaded; nothing for a text without such.
pub fn initials(text: &str) -> Option<String> {
    window()?;
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    if !text.chars().any(is_chinese) {
        return None;
    }
    let locales = js_sys::Array::of1(&JsValue::from_str("zh-CN-u-co-pinyin"));
    let options = js_sys::Object::new();
    let letter = |c: char| -> Option<char> {
        if !is_chinese(c) {
            return c.is_alphanumeric().then(|| c.to_ascii_lowercase());
        }
        let written = js_sys::JsString::from(c.to_string());
        let is_behind =
            |first: char| written.locale_compare(first.encode_utf8(&mut [0; 4]), &locales, &options) >= 0;
        FIRST_OF_SOUND.iter().rev().find(|(first, _)| is_behind(*first)).map(|(_, letter)| *letter)
    };
    Some(text.chars().filter_map(letter).collect())
}

/// Whether text is marked on the page.
pub fn has_marked_text() -> bool {
    let marked = window().and_then(|window| window.get_selection().ok().flatten());
    marked.is_some_and(|marked| !marked.is_collapsed())
}

/// Whether single keys are not for the page: they are text, or a dialog lies over it.
pub fn keys_are_taken() -> bool {
    let page = window().and_then(|window| window.document());
    is_typing() || page.is_some_and(|page| page.query_selector("dialog[open]").ok().flatten().is_some())
}

/// Whether there is room for a list and what is chosen of it beside each other.
pub fn is_wide() -> bool {
    media_is("(min-width: 901px)")
}

/// Whether the window is that of a phone, for which the style sheets lay things out otherwise.
pub fn is_phone() -> bool {
    media_is("(max-width: 720px)")
}

fn media_is(query: &str) -> bool {
    let query = window().and_then(|window| window.match_media(query).ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Hands a text to the user as a file.
pub fn download(name: &str, media_type: &str, text: &str) {
    hand_out(name, media_type, text.as_bytes());
}

/// Hands bytes to the user as a file.
pub fn hand_out(name: &str, media_type: &str, bytes: &[u8]) {
    use wasm_bindgen::JsCast;
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&JsValue::from(js_sys::Uint8Array::from(bytes)));
    let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = window().and_then(|window| window.document()).and_then(|page| page.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
}

thread_local! {
    /// Whether the page is left without a question: it was asked already.
    static UNASKED: Cell<bool> = const { Cell::new(false) };
}

/// From now on the page is left without a question.
pub fn leave_unasked() {
    UNASKED.set(true);
}

/// Asks before the page is left by closing or reloading it, while `unsaved` says so. Ends with the page's part that
/// asked for it.
pub fn ask_before_leaving(unsaved: impl Fn() -> bool + 'static) {
    let handle = leptos::prelude::window_event_listener(leptos::ev::beforeunload, move |event| {
        if !UNASKED.get() && leptos::prelude::untrack(&unsaved) {
            event.prevent_default();
        }
    });
    leptos::prelude::on_cleanup(move || handle.remove());
}

/// Hears of every link inside the product that is pressed, before it is followed, and keeps the page where it is while
/// `hold` says so about its address. Ends with the page's part that asked for it.
pub fn hold_links(hold: impl Fn(String) -> bool + 'static) {
    use leptos::prelude::{StoredValue, UpdateValue, on_cleanup};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let Some(page) = window() else { return };
    let heard = Closure::<dyn Fn(web_sys::MouseEvent)>::new(move |event: web_sys::MouseEvent| {
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0;
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = target.and_then(|target| target.closest("a[href^='/']:not([target])").ok().flatten());
        let path = link.and_then(|link| link.get_attribute("href"));
        if let Some(path) = path.filter(|_| !elsewhere)
            && hold(path)
        {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    // On the way down, so that nobody follows the link before.
    let listener = heard.as_ref().unchecked_ref();
    let _ = page.add_event_listener_with_callback_and_bool("click", listener, true);
    let heard = StoredValue::new_local(Some(heard));
    on_cleanup(move || {
        if let Some(heard) = heard.try_update_value(Option::take).flatten() {
            let listener = heard.as_ref().unchecked_ref();
            if let Some(page) = window() {
                let _ = page.remove_event_listener_with_callback_and_bool("click", listener, true);
            }
        }
    });
}

thread_local! {
    /// Who may hold the browser's way back, newest last, each with a number to take them out by.
    static HOLDERS: RefCell<Vec<(u32, Hold)>> = const { RefCell::new(Vec::new()) };
}

thread_local! {
    /// When the browser's way back or forth was gone last, in milliseconds.
    static CAME_BACK: Cell<f64> = const { Cell::new(0.0) };
    /// How far the lists of this page were scrolled when they were left, by their paths.
    static SCROLLED: RefCell<BTreeMap<String, i32>> = const { RefCell::new(BTreeMap::new()) };
}

/// So long after the way back a list may need to be there again, in milliseconds.
const COMING_BACK: f64 = 10_000.0;

/// Keeps in mind how far a list was scrolled when it was left.
pub fn remember_scrolled(path: &str, top: i32) {
    SCROLLED.with_borrow_mut(|scrolled| {
        scrolled.insert(path.to_string(), top);
    });
}

/// How far a list was scrolled when it was left, for whoever comes back to it by the browser's own way.
pub fn scrolled_before(path: &str) -> Option<i32> {
    let comes_back = js_sys::Date::now() - CAME_BACK.get() < COMING_BACK;
    SCROLLED.with_borrow(|scrolled| scrolled.get(path).copied().filter(|top| comes_back && *top > 0))
}

/// Whether the way from where one is is held.
type Hold = Rc<dyn Fn() -> bool>;

/// Hears of the browser's own way back and forth, for [`hold_way_back`]. To be called before the product begins: a window tells
/// its listeners in the order in which they came, whatever phase they ask for, and the router must not hear of a way that is
/// held.
pub fn hear_way_back() {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let Some(page) = window() else { return };
    let heard = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        let newest = HOLDERS.with_borrow(|holders| holders.last().map(|(_, hold)| hold.clone()));
        if newest.is_some_and(|hold| hold()) {
            event.stop_immediate_propagation();
        } else {
            CAME_BACK.set(js_sys::Date::now());
        }
    });
    let _ = page.add_event_listener_with_callback("popstate", heard.as_ref().unchecked_ref());
    // It listens as long as the page lives.
    heard.forget();
}

/// While `hold` says so about where one is and where the browser's way back or forth leads, the page stays, and [`go_back`] goes
/// there after all. `shown` is the address that the product shows. Ends with the page's part that asked for it.
pub fn hold_way_back(shown: impl Fn() -> String + 'static, hold: impl Fn(&str, &str) -> bool + 'static) {
    let hold = move || {
        let from = shown();
        let held = hold(&from, &here());
        // The address has changed already; the one it came from goes on top of it.
        if held && let Some(history) = window().and_then(|window| window.history().ok()) {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&from));
        }
        held
    };
    let number = HOLDERS.with_borrow_mut(|holders| {
        let number = holders.last().map_or(0, |(last, _)| last + 1);
        holders.push((number, Rc::new(hold)));
        number
    });
    leptos::prelude::on_cleanup(move || {
        HOLDERS.with_borrow_mut(|holders| holders.retain(|(other, _)| *other != number));
    });
}

/// One step back on the way of the browser.
pub fn go_back() {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.back();
    }
}

/// Prints the page as its style sheets say.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// The languages that the browser's user prefers, best first.
pub fn preferred_languages() -> Vec<String> {
    let Some(window) = window() else { return Vec::new() };
    window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Sets `<html lang>`, which chooses fonts, hyphenation and the voice of screen readers.
pub fn set_document_language(tag: &str) {
    if let Some(root) = document_element() {
        let _ = root.set_attribute("lang", tag);
    }
}

/// Sets or removes `<html data-NAME>`, from which the style sheets take theme and density.
pub fn set_document_data(name: &str, value: Option<&str>) {
    let Some(root) = document_element() else { return };
    let attribute = format!("data-{name}");
    let _ = match value {
        Some(value) => root.set_attribute(&attribute, value),
        None => root.remove_attribute(&attribute),
    };
}

/// A random text for idempotency keys and element ids.
pub fn random_key() -> String {
    let digits = |_| char::from_digit((js_sys::Math::random() * 36.0) as u32, 36).unwrap_or('0');
    (0..24).map(digits).collect()
}

/// Sixteen bytes by chance: for what a formula makes by chance, which guards nothing.
pub fn chance() -> u128 {
    let part = |_| u128::from((js_sys::Math::random() * f64::from(u32::MAX)) as u32);
    (0..4).map(part).fold(0, |all, part| (all << 32) | part)
}

/// The address of the script that started this program; it changes with the program.
pub fn program() -> Option<String> {
    let script = window()?.document()?.query_selector("script[type=module][src]").ok().flatten()?;
    script.get_attribute("src")
}

/// Goes to a page of the product as by a press on a link: for what outlives the page that offers it.
pub fn follow(path: &str) {
    use wasm_bindgen::JsCast;
    let Some(page) = window().and_then(|window| window.document()) else { return };
    let link = page.create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
    let (Some(link), Some(body)) = (link, page.body()) else { return };
    if link.set_attribute("href", path).is_ok() && body.append_child(&link).is_ok() {
        link.click();
        link.remove();
    }
}

/// Loads the whole page anew, from `path`.
pub fn go_anew(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_href(path);
    }
}

/// Loads the whole page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Whether the system is set to dark.
pub fn prefers_dark() -> bool {
    let query = window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Sets the title of the browser's tab.
pub fn set_title(title: &str) {
    if let Some(document) = window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// What stands behind `#` in the address: the server does not hear of it.
pub fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_string()
}

/// The path and query of the page, to come back to after signing in.
pub fn here() -> String {
    let Some(window) = window() else { return "/".to_string() };
    let location = window.location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// Carries out a command on what is marked in a text that is written in place; `argument` where the command has one.
pub fn edit(command: &str, argument: &str) {
    use wasm_bindgen::JsCast;
    let Some(document) = window().and_then(|window| window.document()) else { return };
    // Old, and the only thing that every browser's own undo knows of.
    if let Ok(document) = document.dyn_into::<web_sys::HtmlDocument>() {
        let _ = document.exec_command_with_show_ui_and_value(command, false, argument);
    }
}

/// Copies what an input holds that a selector finds.
pub fn copy_from(css: &str) {
    use wasm_bindgen::JsCast;
    let page = window().and_then(|window| window.document());
    let found = page.and_then(|page| page.query_selector(css).ok().flatten());
    if let Some(input) = found.and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        input.select();
        edit("copy", "");
    }
}

/// Puts a text on the clipboard, where the browser lets it.
pub fn copy(text: &str) {
    let Some(navigator) = window().map(|page| page.navigator()) else { return };
    // Without a safe connection there is none.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        let _ = navigator.clipboard().write_text(text);
    }
}

/// Whether the browser can say where the device is.
pub fn knows_position() -> bool {
    window().is_some_and(|window| window.navigator().geolocation().is_ok())
}

/// Asks where the device is. `heard` gets latitude and longitude as `31.230400,121.473700`; nothing where the browser or the
/// person does not say.
pub fn ask_position(heard: leptos::prelude::Callback<Option<String>>) {
    use leptos::prelude::Callable;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let Some(places) = window().and_then(|window| window.navigator().geolocation().ok()) else {
        return heard.run(None);
    };
    let degrees = |position: &JsValue| -> Option<String> {
        let of = |thing: &JsValue, name: &str| js_sys::Reflect::get(thing, &JsValue::from_str(name)).ok();
        let place = of(position, "coords")?;
        let (latitude, longitude) = (of(&place, "latitude")?.as_f64()?, of(&place, "longitude")?.as_f64()?);
        Some(format!("{latitude:.6},{longitude:.6}"))
    };
    let found = Closure::once_into_js(move |position: JsValue| heard.run(degrees(&position)));
    let failed = Closure::once_into_js(move |_: JsValue| heard.run(None));
    let asked = places.get_current_position_with_error_callback(
        found.unchecked_ref::<js_sys::Function>(),
        Some(failed.unchecked_ref::<js_sys::Function>()),
    );
    if asked.is_err() {
        heard.run(None);
    }
}
