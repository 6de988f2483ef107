//! The kinds of rows of the catalog.
use super::rows::columns::{MEDIA, PRICES, PRODUCTS, TRANSLATIONS};
use crate::{
    kernel::{PrincipalId, actor::Permission},
    platform::files::Columns,
};

crate::text_enum! {
    /// The kind of rows of the catalog.
    CatalogRows {
        /// Products, a row for each variant.
        Products = "products",
        /// Prices of channels and of price lists.
        Prices = "prices",
        /// Texts in other languages.
        Translations = "translations",
        /// Pictures and films.
        Media = "media",
    }
}

impl CatalogRows {
    /// The columns of its rows.
    pub fn columns(self) -> &'static Columns {
        match self {
            Self::Products => &PRODUCTS,
            Self::Prices => &PRICES,
            Self::Translations => &TRANSLATIONS,
            Self::Media => &MEDIA,
        }
    }

    /// The permission to import them.
    pub fn permission(self) -> Permission {
        match self {
            Self::Prices => Permission::PricesWrite,
            Self::Products | Self::Translations | Self::Media => Permission::CatalogWrite,
        }
    }
}

/// The kind of some rows, the user who sent them, and if they are done for their outcome alone.
#[derive(Debug, Clone, Copy)]
pub struct Chunk {
    pub kind: CatalogRows,
    pub by: PrincipalId,
    /// True if nothing of it is kept: nobody need wait for it.
    pub is_rehearsal: bool,
}
