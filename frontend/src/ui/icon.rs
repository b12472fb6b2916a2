//! A drawn icon from the sprite `assets/icons.svg`.

use std::sync::OnceLock;

use leptos::prelude::*;

/// The sizes of icons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 14 px
    Tiny,
    /// 16 px
    Small,
    /// 20 px, or what the component around it says
    #[default]
    Normal,
    /// 24 px
    Large,
}

impl IconSize {
    fn class(self) -> &'static str {
        match self {
            IconSize::Tiny => "icon xs",
            IconSize::Small => "icon s",
            IconSize::Normal => "icon",
            IconSize::Large => "icon l",
        }
    }
}

/// An icon by its name in the sprite. It is decoration: the words beside it, or the label of its button, say
/// what it means.
#[component]
pub fn Icon(
    /// Name in the sprite.
    #[prop(into)]
    name: Signal<String>,
    #[prop(optional)] size: IconSize,
    /// More classes, such as `tick` in a menu.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { size.class().to_string() } else { format!("{} {class}", size.class()) };
    view! {
        <svg class=class aria-hidden="true">
            <use_ href=move || format!("{}#{}", sprite(), name.get())/>
        </svg>
    }
}

/// A name from a document, or `instead` where the sprite has no such icon.
pub fn icon_or(name: Option<&str>, instead: &str) -> String {
    name.filter(|name| NAMES.binary_search(name).is_ok()).unwrap_or(instead).to_string()
}

/// The icons of the sprite, sorted.
#[rustfmt::skip]
pub const NAMES: [&str; 119] = [
    "address", "apps", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "bell", "bolt", "bookmark",
    "bool", "box", "branch", "button", "cascader", "chart", "check", "circle", "clock", "close", "columns",
    "comment", "copy", "date", "datetime", "dept", "desktop", "down", "download", "edit", "email", "error",
    "export", "eye", "eye-off", "file", "filter", "fit", "flow", "folder", "form", "formula", "freeze",
    "gallery", "gift", "globe", "grip", "group", "help", "history", "home", "image", "import", "inbox",
    "info", "kanban", "left", "link", "location", "lock", "lookup", "member", "members", "minus", "mobile",
    "money", "moon", "more", "multi", "note", "number", "ok", "open", "parallel", "pause", "percent", "phone",
    "play", "plus", "print", "rating", "rating-on", "receipt", "redo", "refresh", "refused", "return",
    "richtext", "right", "rollup", "rows", "scan", "search", "section", "select", "send", "serial",
    "settings", "share", "shield", "sidebar", "signature", "sort", "spark", "stamp", "subform", "sun",
    "table", "tabs", "text", "textarea", "transfer", "trash", "trend", "undo", "up", "url", "warning",
    "zoom-in", "zoom-out",
];

/// Where the sprite lies: the build gives it a hashed name and writes that into the page.
fn sprite() -> &'static str {
    static SPRITE: OnceLock<String> = OnceLock::new();
    SPRITE.get_or_init(|| {
        document()
            .get_element_by_id("icon-sprite")
            .and_then(|link| link.get_attribute("href"))
            .unwrap_or_else(|| "/assets/icons.svg".to_string())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::{fs, io};

    fn files(folder: &Path, into: &mut String) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                files(&path, into)?;
            } else {
                into.push_str(&fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }

    #[test]
    fn every_icon_that_is_named_in_a_view_is_drawn() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sprite = fs::read_to_string(root.join("assets/icons.svg")).unwrap();
        let drawn: BTreeSet<&str> =
            sprite.split("<symbol id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(drawn.iter().copied().collect::<Vec<_>>(), super::NAMES);
        let mut source = String::new();
        files(&root.join("src"), &mut source).unwrap();
        for marker in ["<Icon name=\"", "icon=\""] {
            let is_name = |text: &&str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            let names = source.split(marker).skip(1).filter_map(|rest| rest.split('"').next());
            for name in names.filter(|name| !name.is_empty()).filter(is_name) {
                assert!(drawn.contains(name), "no icon {name}");
            }
        }
    }
}
