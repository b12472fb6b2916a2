//! Style sheets: colours are tokens, and sizes are those that the tokens list.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::root;
use crate::source::rust_files;

/// What is spaced further apart than this is put somewhere, and lies on the grid of four pixels.
const LARGEST_SPACE: f64 = 96.0;
/// Layers within a part of a page; what lies over pages has a token.
const HIGHEST_LAYER: i32 = 5;
/// What draws a colour into a picture that is kept: there is no theme in it.
const DRAWS: &str = "frontend/src/ui/signature_pad.rs";

/// A declaration and where it stands.
struct Declared {
    place: String,
    property: String,
    value: String,
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn tokens() -> String {
    without_comments(&read(&root().join("frontend/style/tokens.css")))
}

/// The style sheets beside that of the tokens.
fn sheets() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("frontend/style")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    files
        .filter(|file| file.extension().is_some_and(|end| end == "css") && !file.ends_with("tokens.css"))
        .collect()
}

/// The text without its comments; lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let mut kept = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (comment, rest) = part.split_once("*/").unwrap_or((part, ""));
        kept.extend(comment.chars().filter(|letter| *letter == '\n'));
        kept.push_str(rest);
    }
    kept
}

/// Every declaration of a sheet: what stands in braces, line by line, between semicolons.
fn declarations(name: &str, text: &str) -> Vec<Declared> {
    let mut found = Vec::new();
    for (line, number) in without_comments(text).lines().zip(1..) {
        // What stands before a brace is a selector.
        for part in line.split_inclusive(['{', '}', ';']).filter(|part| !part.ends_with('{')) {
            let part = part.trim_end_matches(['}', ';']);
            let Some((property, value)) = part.split_once(':') else { continue };
            let property = property.trim();
            let is_property =
                !property.is_empty() && property.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if is_property {
                let place = format!("{name}:{number}");
                found.push(Declared {
                    place,
                    property: property.to_string(),
                    value: value.trim().to_string(),
                });
            }
        }
    }
    found
}

fn all() -> Vec<Declared> {
    let mut found = Vec::new();
    for file in sheets() {
        found.extend(declarations(&file.file_name().unwrap().to_string_lossy(), &read(&file)));
    }
    assert!(found.len() > 1000, "{}", found.len());
    found
}

/// The lengths in pixels of a value, without their signs.
fn pixels(value: &str) -> Vec<String> {
    let words = value.split(|c: char| c.is_whitespace() || "(),/+*".contains(c));
    let lengths = words.filter_map(|word| word.trim_start_matches('-').strip_suffix("px"));
    lengths.filter(|number| number.parse::<f64>().is_ok()).map(|number| format!("{number}px")).collect()
}

/// One of the lists of sizes in the tokens.
fn scale(name: &str) -> BTreeSet<String> {
    let tokens = tokens();
    let (_, list) = tokens.split_once(&format!("--scale-{name}:")).unwrap();
    list.split(';').next().unwrap().split_whitespace().map(str::to_string).collect()
}

fn is_colour(value: &str) -> bool {
    let is_hex = |word: &str| {
        word.strip_prefix('#').is_some_and(|hex| hex.len() >= 3 && hex.chars().all(|c| c.is_ascii_hexdigit()))
    };
    let named =
        ["red", "green", "blue", "white", "black", "gray", "grey", "orange", "yellow", "purple", "pink"];
    let makes = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "color-mix("];
    let mut words = value.split(|c: char| c.is_whitespace() || "(),".contains(c));
    makes.iter().any(|make| value.contains(make)) || words.any(|word| is_hex(word) || named.contains(&word))
}

#[test]
fn colours_are_written_in_the_tokens_alone() {
    let stray: Vec<String> = all()
        .into_iter()
        .filter(|declared| is_colour(&declared.value))
        .map(|declared| format!("{} {}: {}", declared.place, declared.property, declared.value))
        .collect();
    assert!(stray.is_empty(), "{stray:#?}");
    let mut files = Vec::new();
    rust_files(&root().join("frontend/src"), &mut files);
    for file in files.iter().filter(|file| !file.ends_with(DRAWS)) {
        let source = read(file);
        let stray = source.split('"').skip(1).step_by(2).find(|literal| {
            let word = literal.trim();
            word.starts_with('#') && matches!(word.len(), 4 | 7 | 9) && is_colour(word)
                || word.starts_with("rgb(")
        });
        assert_eq!(stray, None, "{}", file.display());
    }
}

#[test]
fn sizes_are_those_of_the_tokens() {
    let [text, space, radius] = ["text", "space", "radius"].map(scale);
    let is_grid = |length: &String| {
        let number: f64 = length.trim_end_matches("px").parse().unwrap();
        number > LARGEST_SPACE && number % 4.0 == 0.0
    };
    let mut stray = Vec::new();
    for Declared { place, property, value } in all() {
        let wrong: Vec<String> = match property.as_str() {
            "font" | "font-size" => {
                // The height of the line follows the size.
                let sizes = pixels(value.split('/').next().unwrap_or_default());
                sizes.into_iter().filter(|length| !text.contains(length)).collect()
            }
            "border-radius" => pixels(&value).into_iter().filter(|length| !radius.contains(length)).collect(),
            name if name == "gap"
                || name.ends_with("-gap")
                || name.starts_with("margin")
                || name.starts_with("padding") =>
            {
                pixels(&value)
                    .into_iter()
                    .filter(|length| !space.contains(length) && !is_grid(length))
                    .collect()
            }
            "z-index" => {
                let layer = value.parse::<i32>().ok().filter(|layer| *layer > HIGHEST_LAYER);
                layer.map(|layer| layer.to_string()).into_iter().collect()
            }
            "transition" | "animation" | "transition-duration" | "animation-duration" => value
                .split_whitespace()
                .filter(|word| word.ends_with('s') && word.starts_with(|c: char| c.is_ascii_digit()))
                .map(str::to_string)
                .collect(),
            _ => Vec::new(),
        };
        stray.extend(wrong.into_iter().map(|what| format!("{place} {property}: {what}")));
    }
    assert!(stray.is_empty(), "{stray:#?}");
}

#[test]
fn a_stray_is_found_and_what_is_right_is_left_alone() {
    let text = "a { color: #fff; margin: -3px auto; /* padding: 5px */ }\n@media (x) { b:hover { font: 500 15px/18px var(--family); } }";
    let found: Vec<String> = declarations("x.css", text)
        .into_iter()
        .map(|d| format!("{} {} {}", d.place, d.property, d.value))
        .collect();
    assert_eq!(
        found,
        ["x.css:1 color #fff", "x.css:1 margin -3px auto", "x.css:2 font 500 15px/18px var(--family)"]
    );
    assert!(is_colour("1px solid #fff") && is_colour("rgb(0 0 0 / 0.1)") && is_colour("white"));
    assert!(!is_colour("var(--white)") && !is_colour("url(#a)") && !is_colour("1px solid var(--line-1)"));
    assert_eq!(pixels("calc(100% - 3px) -8px 1.5px"), ["3px", "8px", "1.5px"]);
}
