//! Lists of objects in JSON, and what is called so.

use super::Case;

const NAME: &str = "things.json";

fn refused(what: &'static str, bytes: impl Into<Vec<u8>>, code: &'static str) -> Case {
    Case::refused(what, NAME, bytes, code)
}

fn read(what: &'static str, bytes: impl Into<Vec<u8>>, cells: &'static [[&'static str; 2]]) -> Case {
    Case::read(what, NAME, bytes, cells)
}

pub fn cases() -> Vec<Case> {
    const BROKEN: &str = "list_not_an_object";
    let members: Vec<String> = (0..501).map(|number| format!("\"m{number}\": 1")).collect();
    vec![
        refused("nothing", "", BROKEN),
        refused("an object", "{\"a\": \"1\", \"b\": \"2\"}", BROKEN),
        refused("a text", "\"a,b\"", BROKEN),
        refused("a list of numbers", "[1, 2]", BROKEN),
        refused("a list of lists", "[[\"a\", \"b\"], [\"1\", \"2\"]]", BROKEN),
        refused("a number among objects", "[{\"a\": \"1\", \"b\": \"2\"}, 2]", BROKEN),
        refused("a list that breaks off", "[{\"a\": \"1\", \"b\": \"2\"}", BROKEN),
        refused("a list that breaks off in an object", "[{\"a\": \"1\", \"b\": \"2\"}, {\"a\": ", BROKEN),
        refused("a comma at the end", "[{\"a\": \"1\", \"b\": \"2\"},]", BROKEN),
        refused("no comma", "[{\"a\": \"1\"} {\"a\": \"2\"}]", BROKEN),
        refused("brackets that do not fit", "[{\"a\": [\"1\"}, {\"b\": \"2\"]}]", BROKEN),
        refused("a word of no language", "[{\"a\": tru, \"b\": \"2\"}]", BROKEN),
        refused("bytes that are no text", b"[{\"a\": \"\xff\", \"b\": \"2\"}]".to_vec(), BROKEN),
        refused("a comment", "[{\"a\": \"1\" /* one */, \"b\": \"2\"}]", BROKEN),
        refused("no object", "[]", "csv_no_header"),
        refused("objects without members", "[{}, {}]", "csv_no_header"),
        refused("members without end", format!("[{{{}}}]", members.join(", ")), "csv_too_many_columns"),
        read("a mark before the list", "\u{feff}[{\"a\": \"1\", \"b\": \"2\"}]", &[["1", "2"]]),
        read(
            "members that are missing",
            "[{\"a\": \"1\", \"b\": \"2\"}, {\"b\": \"4\"}]",
            &[["1", "2"], ["", "4"]],
        ),
        read("brackets in texts", "[{\"a\": \"]}\\\"\", \"b\": \"[{\"}]", &[["]}\"", "[{"]]),
        read("blanks everywhere", " \r\n[ \n{ \"a\" : \"1\" , \"b\" : \"2\" }\t]\n", &[["1", "2"]]),
    ]
}
