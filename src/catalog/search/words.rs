//! Words as they are compared in searches: without accents, in small letters.
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The words of a text, in order: letters and digits, without accents, in small letters. `L'Été n° 5` has the words
/// `l`, `ete`, `n` and `5`. Scripts that put no spaces between words have a word for each character.
pub fn words(text: &str) -> Vec<String> {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c if is_unspaced(c) => folded.extend([' ', c, ' ']),
            c => folded.push(c),
        }
    }
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words as one text.
pub fn folded(text: &str) -> String {
    words(text).join(" ")
}

/// True for Chinese and Japanese characters, which stand without spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

/// The text by which a document is found: its words, numbers joined with what stands beside them (`50 ml` is found as
/// `50ml`), and the parts of words of letters and digits.
pub fn searchable(text: &str) -> String {
    let words = words(text);
    let is_number = |word: &String| word.chars().all(char::is_numeric);
    let mut found: Vec<String> = vec![];
    for pair in words.windows(2) {
        if let [one, two] = pair
            && is_number(one) != is_number(two)
        {
            found.push(format!("{one}{two}"));
        }
    }
    for word in &words {
        let parts = parts_of(word);
        if parts.len() > 1 {
            found.extend(parts);
        }
    }
    [words, found].concat().join(" ")
}

/// The runs of letters and of digits in a word.
fn parts_of(word: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![];
    let mut was_numeric = None;
    for c in word.chars() {
        match parts.last_mut().filter(|_| was_numeric == Some(c.is_numeric())) {
            Some(part) => part.push(c),
            None => parts.push(c.to_string()),
        }
        was_numeric = Some(c.is_numeric());
    }
    parts
}

/// PostgreSQL's configuration with the stems of a language, by its BCP 47 tag; none for languages without one.
pub fn configuration(tag: &str) -> Option<&'static str> {
    Some(match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "ar" => "arabic",
        "da" => "danish",
        "de" => "german",
        "el" => "greek",
        "en" => "english",
        "es" => "spanish",
        "fi" => "finnish",
        "fr" => "french",
        "hu" => "hungarian",
        "it" => "italian",
        "nb" | "nn" | "no" => "norwegian",
        "nl" => "dutch",
        "pt" => "portuguese",
        "ro" => "romanian",
        "ru" => "russian",
        "sv" => "swedish",
        "tr" => "turkish",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{searchable, words};

    #[test]
    fn numbers_are_found_joined_with_their_units_and_apart_from_them() {
        assert_eq!(searchable("50 ml"), "50 ml 50ml");
        assert_eq!(searchable("MC-00281"), "mc 00281 mc00281");
        assert_eq!(searchable("Q10 serum"), "q10 serum q 10");
    }

    #[test]
    fn words_are_compared_without_accents_and_case() {
        assert_eq!(words("L'Été N° 5"), ["l", "ete", "n", "5"]);
        assert_eq!(words("Crème BRÛLÉE/Weiß-Œuvre"), ["creme", "brulee", "weiss", "oeuvre"]);
        assert_eq!(words("ﬁne 口红 Ünlü ışık"), ["fine", "口", "红", "unlu", "isik"]);
        assert!(words(" -- ").is_empty());
    }
}
