//! REST for scans.
use super::gs1::{self, Scan};
use crate::{
    catalog,
    inventory::lots::{LotStatus, lot_printed},
    kernel::{Actor, Result, VariantId, actor::Permission},
    platform::{
        db::Db,
        http::{Gate, Params},
    },
};
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// The text that the scanner sent: a GS1 element string, with its group separators (`%1D`), in brackets or not, or
    /// a plain EAN or UPC code; a symbology identifier such as `]d2` may stand before it.
    #[param(min_length = 1, max_length = 512)]
    text: String,
}

/// A scan, and the variant whose GTIN it names.
#[derive(Serialize, ToSchema)]
struct ScanView {
    #[serde(flatten)]
    scan: Scan,
    /// The variant with this GTIN; null if the catalog has none.
    variant_id: Option<VariantId>,
    /// The SKU of the variant.
    sku: Option<String>,
    /// The status of the scanned lot, if it is known: one that is `quarantined` or `recalled` is not to be sold.
    lot_status: Option<LotStatus>,
    /// The last day on which goods of the lot are good, as the books have it.
    lot_expires_on: Option<NaiveDate>,
}

/// Read a scanned barcode
///
/// Tells GTIN, lot, dates and serial number apart (application identifiers 01, 10, 11, 15, 17 and 21; others are passed
/// over) and finds the variant. 422 when the text is not a GS1 scan, a check digit is wrong, or something is said to
/// have expired before it was made.
#[utoipa::path(
    tag = "inventory", operation_id = "readScan", params(Query),
    responses(
        (status = 200, body = ScanView, description = "What was scanned"),
        (status = 422, description = "Not a scan that can be read"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/scans", wrap = "Gate")]
async fn read(actor: Actor, db: web::Data<Db>, query: Params<Query>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::CatalogRead)?;
    let scan = gs1::read(&query.0.text, db.clock().now().date_naive())?;
    let gtin = scan.gtin.clone();
    let variant = db.read(move |db| match gtin {
        Some(gtin) => catalog::variant_by_gtin(db, &gtin),
        None => Ok(None),
    });
    let (variant_id, sku) = variant.await?.map(|variant| (variant.id, variant.sku)).unzip();
    let print = variant_id.zip(scan.lot.clone());
    let lot = db.read(move |db| match print {
        Some((variant, code)) => lot_printed(db, variant, &code),
        None => Ok(None),
    });
    let (lot_status, lot_expires_on) = lot.await?.map_or((None, None), |lot| (Some(lot.status), lot.expires_on));
    Ok(HttpResponse::Ok().json(ScanView { scan, variant_id, sku, lot_status, lot_expires_on }))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(read);
}
