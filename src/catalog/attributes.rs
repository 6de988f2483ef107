//! Facts of a variant beside its name: its color, its weight, and what carriers and customs ask for.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema};

crate::text_enum! {
    /// The family of colors to which a shade belongs, for filters.
    ShadeFamily {
        /// Skin-like and beige shades.
        Nude = "nude",
        /// Pinks and roses.
        Pink = "pink",
        /// Reds.
        Red = "red",
        /// Corals and oranges.
        Coral = "coral",
        /// Browns and bronzes.
        Brown = "brown",
        /// Plums, berries and purples.
        Plum = "plum",
        /// Blues.
        Blue = "blue",
        /// Greens.
        Green = "green",
        /// Golds and yellows.
        Gold = "gold",
        /// Silvers and grays.
        Silver = "silver",
        /// Black.
        Black = "black",
        /// White and transparent.
        Clear = "clear",
        /// Several colors in one pack, such as a palette.
        Multicolor = "multicolor",
    }
}

crate::text_enum! {
    /// The undertone of a complexion shade.
    Undertone {
        /// Pink or blue beneath.
        Cool = "cool",
        /// Neither.
        Neutral = "neutral",
        /// Yellow or golden beneath.
        Warm = "warm",
        /// Green beneath.
        Olive = "olive",
    }
}

crate::text_enum! {
    /// The class of dangerous goods (UN Model Regulations, part 2), which decides by which carriers it may go.
    DangerousGoods {
        /// Flammable gas, such as an aerosol (UN 1950).
        FlammableGas = "2.1",
        /// Gas that is neither flammable nor toxic.
        Gas = "2.2",
        /// Flammable liquid, such as perfume (UN 1266) and nail polish (UN 1263).
        FlammableLiquid = "3",
        /// Flammable solid.
        FlammableSolid = "4.1",
        /// Oxidizer, such as a hydrogen peroxide developer.
        Oxidizer = "5.1",
        /// Corrosive.
        Corrosive = "8",
        /// Others, such as devices with lithium batteries.
        Miscellaneous = "9",
    }
}

crate::text_enum! {
    /// The use that a variant is stocked for.
    Purpose {
        /// It is sold.
        Sale = "sale",
        /// It is given away, and has no sale.
        Sample = "sample",
        /// It stands opened in a store, and has no sale.
        Tester = "tester",
    }
}

/// Declares a text of one form, with its schema and readers.
macro_rules! formed_text {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $example:literal, $says:literal, $form:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let form: fn(&str) -> Option<String> = $form;
                form(text).map(Self).ok_or_else(|| format!(concat!("must be ", $says, ", not {:?}"), text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .pattern(Some($pattern))
                    .description(Some(concat!("Text: ", $says)))
                    .examples([$example])
                    .into()
            }
        }
        impl ToSchema for $name {}
    };
}

fn is_all(text: &str, of: impl Fn(&u8) -> bool) -> bool {
    text.bytes().all(|byte| of(&byte))
}

formed_text! {
    /// The color of a shade as a screen shows it, in sRGB.
    Swatch, "^#[0-9A-Fa-f]{6}$", "#B3122D", "a color such as \"#B3122D\"",
    |text| {
        let digits = text.strip_prefix('#')?;
        (digits.len() == 6 && is_all(digits, u8::is_ascii_hexdigit)).then(|| text.to_ascii_uppercase())
    }
}

formed_text! {
    /// A code of the Harmonized System for customs: six digits of the WCO, or eight or ten with those of a country.
    HsCode, "^([0-9]{6}|[0-9]{8}|[0-9]{10})$", "330410", "6, 8 or 10 digits such as \"330410\"",
    |text| (matches!(text.len(), 6 | 8 | 10) && is_all(text, u8::is_ascii_digit)).then(|| text.to_owned())
}

formed_text! {
    /// A name in addresses: small letters and digits of ASCII, in words that hyphens join; 100 characters at most.
    Slug, "^[a-z0-9]+(-[a-z0-9]+)*$", "velvet-lipstick", "small letters, digits and single hyphens, 100 at most",
    |text| {
        let is_word = |word: &str| !word.is_empty() && is_all(word, |b| b.is_ascii_lowercase() || b.is_ascii_digit());
        (text.len() <= 100 && text.split('-').all(is_word)).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{HsCode, Swatch};

    #[test]
    fn a_swatch_is_six_digits_of_a_color_and_an_hs_code_six_eight_or_ten() {
        assert_eq!("#b3122d".parse::<Swatch>().unwrap().as_str(), "#B3122D");
        for bad in ["B3122D", "#B3122", "#B3122DD", "#B3122G", "red", ""] {
            assert!(bad.parse::<Swatch>().is_err(), "{bad}");
        }
        for good in ["330410", "33041000", "3304100000"] {
            assert!(good.parse::<HsCode>().is_ok(), "{good}");
        }
        for bad in ["3304", "3304.10", "3304100", ""] {
            assert!(bad.parse::<HsCode>().is_err(), "{bad}");
        }
    }
}
