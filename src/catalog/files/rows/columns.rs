//! The columns of files of the catalog.
use crate::platform::files::Columns;

/// The columns of products, a row for each variant.
pub const PRODUCTS: Columns = Columns {
    kind: "products",
    read: &[
        "product",
        "name",
        "brand",
        "category",
        "category_slug",
        "description",
        "inci",
        "pao_months",
        "tax_class",
        "product_status",
        "publications",
        "attributes",
        "sku",
        "gtin",
        "shade",
        "shade_code",
        "shade_family",
        "undertone",
        "swatch",
        "size",
        "lot_control",
        "weight_grams",
        "shelf_life_days",
        "dangerous_goods",
        "hs_code",
        "purpose",
        "status",
    ],
    told: &["product_id", "variant_id"],
    numbers: &["pao_months", "weight_grams", "shelf_life_days"],
    decimals: &[],
    documents: &["publications", "attributes"],
    also: &[("slug", "product"), ("barcode", "gtin"), ("ean", "gtin")],
    clearable: &[
        "brand",
        "category_slug",
        "description",
        "inci",
        "pao_months",
        "publications",
        "gtin",
        "shade",
        "shade_code",
        "shade_family",
        "undertone",
        "swatch",
        "size",
        "weight_grams",
        "shelf_life_days",
        "dangerous_goods",
        "hs_code",
    ],
};

/// The columns of prices, of channels and of price lists.
pub const PRICES: Columns = Columns {
    kind: "prices",
    read: &[
        "sku",
        "channel",
        "price_list",
        "currency",
        "amount_minor",
        "compare_at_minor",
        "min_quantity",
        "starts_at",
        "ends_at",
        "tax_included",
    ],
    told: &["name"],
    numbers: &["amount_minor", "compare_at_minor", "min_quantity"],
    decimals: &[],
    documents: &["tax_included"],
    also: &[],
    clearable: &["compare_at_minor"],
};

/// The columns of texts in other languages.
pub const TRANSLATIONS: Columns = Columns {
    kind: "translations",
    read: &["product", "language", "name", "description"],
    told: &[],
    numbers: &[],
    decimals: &[],
    documents: &[],
    also: &[("slug", "product")],
    clearable: &["description"],
};

/// The columns of pictures and films.
pub const MEDIA: Columns = Columns {
    kind: "media",
    read: &["product", "position", "url", "kind", "alt", "sku"],
    told: &[],
    numbers: &["position"],
    decimals: &[],
    documents: &[],
    also: &[("slug", "product")],
    clearable: &["alt", "sku"],
};
