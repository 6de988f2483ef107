//! Which characters text may hold: those that people can see, and what joins them. Characters that hide, reorder or
//! imitate others are refused, because they make two different names look alike (Unicode Technical Report 36).
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory};

/// The number of lines that a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One.
    One,
    /// Several, parted by line feeds; tabs are allowed too.
    Many,
}

/// Refuses control and format characters, and text in which nothing can be seen. Zero-width joiners are needed in
/// several scripts and in emoji, and stay allowed between visible characters.
pub fn check(text: &str, lines: Lines) -> Result<(), String> {
    let refused = text.chars().find(|c| !is_allowed(*c, lines));
    if let Some(c) = refused {
        let kind = if c.is_control() { "control" } else { "invisible" };
        return Err(format!("{kind} characters such as U+{:04X} are not allowed", u32::from(c)));
    }
    match text.chars().any(is_visible) {
        true => Ok(()),
        false => Err("must hold something that can be seen".into()),
    }
}

const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
/// Letters by their category that have no shape: fillers of Hangul, and the blank pattern of braille.
const BLANK: [char; 5] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}'];

fn is_allowed(c: char, lines: Lines) -> bool {
    match c {
        '\n' | '\t' => lines == Lines::Many,
        _ if JOINERS.contains(&c) => true,
        _ => !matches!(
            c.general_category(),
            Category::Control
                | Category::Format
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::PrivateUse
                | Category::Surrogate
                | Category::Unassigned
        ),
    }
}

fn is_visible(c: char) -> bool {
    let is_mark = matches!(c.general_category(), Category::NonspacingMark | Category::EnclosingMark);
    !(c.is_whitespace() || is_mark || JOINERS.contains(&c) || BLANK.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::{Lines, check};

    #[test]
    fn text_that_hides_or_turns_its_neighbours_is_refused() {
        for bad in [
            "\u{200b}",
            "a\u{200b}b",
            "\u{202e}cba",
            "a\u{2066}b",
            "\u{feff}a",
            "\u{3164}",
            "\u{200d}",
            "a\u{0}",
            "a\nb",
        ] {
            assert!(check(bad, Lines::One).is_err(), "{bad:?}");
        }
        for good in ["Crème", "می\u{200c}خواهم", "👩\u{200d}🔬", "日本語", "A & B", "é", "e\u{301}"] {
            assert!(check(good, Lines::One).is_ok(), "{good:?}");
        }
        assert!(check("a\nb\tc", Lines::Many).is_ok());
        assert!(check("\n\n", Lines::Many).is_err());
    }
}
