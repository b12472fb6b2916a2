//! What tells one record from another, and what comes by chance.

use super::Takes::Text;
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, text_value};
use crate::value::{Decimal, ErrorValue, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "UUID",
        Topic::Text,
        &[],
        Gives::Text,
        uuid,
        &[("LEN(UUID())", "36"), ("UUID() = UUID()", "FALSE")],
    )
    .live()
    .random(),
    Function::new("RAND", Topic::Number, &[], Gives::Number, rand, &[("BETWEEN(RAND(), 0, 1)", "TRUE")])
        .live()
        .random(),
    // Counted over the form's records: see `formula::check`.
    Function::new(
        "RECNO",
        Topic::Records,
        &[],
        Gives::Number,
        |_| Err(ErrorValue::Ref.into()),
        &[("RECNO()", "5")],
    ),
    Function::new(
        "TEXTPHONE",
        Topic::Text,
        &[Text],
        Gives::Text,
        |a| Ok(text_value(a.text(0)?.into_owned())),
        &[("TEXTPHONE(\"13800138000\")", "13800138000"), ("TEXTPHONE(blank)", "")],
    ),
    Function::new(
        "TEXTLOCATION",
        Topic::Text,
        &[Text, Text],
        Gives::Text,
        location,
        &[
            ("TEXTLOCATION(\"31.23, 121.47, People's Square\")", "People's Square"),
            ("TEXTLOCATION(\"31.23, 121.47\")", "31.23,121.47"),
            ("TEXTLOCATION(\"31.23, 121.47, People's Square\", \"lat\")", "31.23"),
            ("TEXTLOCATION(\"31.23, 121.47\", \"lng\")", "121.47"),
            ("TEXTLOCATION(blank)", ""),
            ("TEXTLOCATION(\"nowhere\")", "#VALUE!"),
        ],
    )
    .optional(1),
];

/// Version 4 of RFC 9562.
fn uuid(a: &Arguments) -> Answer {
    const VERSION: u128 = 0x4 << 76;
    const VARIANT: u128 = 0x2 << 62;
    let number = a.frame.dice.throw();
    let number = (number & !(0xf << 76) & !(0x3 << 62)) | VERSION | VARIANT;
    let digits = format!("{number:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
    Ok(text_value(parts.join("-")))
}

/// At least 0, less than 1, with eighteen digits.
fn rand(a: &Arguments) -> Answer {
    const PARTS: u128 = 1_000_000_000_000_000_000;
    let part = i64::try_from(a.frame.dice.throw() % PARTS).map_err(|_| ErrorValue::Num)?;
    Ok(Value::Number(Decimal::new(part, 18)))
}

/// A location is latitude, longitude and, where it has one, an address: `31.23,121.47,People's Square`.
fn location(a: &Arguments) -> Answer {
    let text = a.text(0)?;
    if text.is_empty() {
        return Err(Halt::Empty);
    }
    a.frame.room_for_text(text.len())?;
    let mut parts = text.splitn(3, [',', '，']).map(str::trim);
    let (Some(latitude), Some(longitude)) = (parts.next(), parts.next()) else {
        return Err(ErrorValue::Value.into());
    };
    let coordinates = || format!("{latitude},{longitude}");
    let wanted = a.text(1)?;
    Ok(text_value(match (&*wanted, parts.next()) {
        ("lat", _) => latitude.to_string(),
        ("lng", _) => longitude.to_string(),
        ("lnglat", _) => coordinates(),
        ("" | "address", address) => address.map_or_else(coordinates, str::to_string),
        _ => return Err(ErrorValue::Value.into()),
    }))
}
