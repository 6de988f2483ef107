//! Refusals of the reader of JSON in plain words: its own are written for programmers.
use std::borrow::Cow;

/// The reader's words, where they are not for people.
pub fn in_words(said: &str) -> Cow<'_, str> {
    const TIMES: [&str; 5] = [
        "premature end of input",
        "input contains invalid characters",
        "trailing input",
        "input is out of range",
        "input is not enough for unique date and time",
    ];
    if said.starts_with("UUID parsing failed") {
        return Cow::Borrowed("must be an id as answers give it (a UUID), not a code or a number");
    }
    if said.starts_with("invalid digit found") {
        return Cow::Borrowed("must be a whole number");
    }
    if said == "expected value" {
        return Cow::Borrowed("must be one of the words that the document lists");
    }
    match TIMES.iter().any(|time| said.ends_with(time)) {
        true => Cow::Borrowed(
            "must be a time with its zone, such as 2026-11-27T10:00:00Z, or, where a day is asked for, a day such as \
             2026-11-27",
        ),
        false => plain_types(said),
    }
}

/// The names of the language's types as people say them.
fn plain_types(said: &str) -> Cow<'_, str> {
    let Some((wrong, wanted)) = said.split_once("expected ") else { return Cow::Borrowed(said) };
    let plain = match wanted {
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        named if named.starts_with("struct ") => "an object",
        named if named.starts_with("internally tagged enum ") => "an object",
        _ => return Cow::Borrowed(said),
    };
    let wrong = wrong.replace("floating point", "number").replace("integer", "number").replace("sequence", "list");
    let wrong = wrong.replace("map", "object").replace("unit value", "null");
    Cow::Owned(format!("{wrong}expected {plain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_in_plain_words() {
        let told = |said: &str| in_words(said).into_owned();
        assert_eq!(
            told("invalid type: string \"x\", expected i32"),
            "invalid type: string \"x\", expected a whole number"
        );
        assert_eq!(told("invalid type: map, expected a sequence"), "invalid type: object, expected a list");
        assert_eq!(
            told("invalid type: floating point `5.5`, expected i64"),
            "invalid type: number `5.5`, expected a whole number"
        );
        assert_eq!(told("expected one of `a`, `b`"), "expected one of `a`, `b`");
    }
}
