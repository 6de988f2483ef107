//! Pictures of colors, for shops that have none of their own.
use crate::{
    catalog::attributes::Swatch,
    kernel::{Code, Error, Result},
    platform::http::{Gate, PathOf},
};
use actix_web::{
    HttpResponse, get,
    http::header::{self, CacheControl, CacheDirective},
};

/// A color never changes its looks: browsers keep the picture for a year.
const YEAR: u32 = 31_536_000;

/// Get the picture of a color
///
/// A round swatch as SVG, of the six hexadecimal digits of a variant's `swatch`, for lists of shades and as media of
/// products. Anyone may ask, and it may be kept.
#[utoipa::path(
    tag = "catalog", operation_id = "getSwatch",
    params(("color" = String, Path, description = "Six hexadecimal digits, such as B3122D")),
    responses((status = 200, description = "The picture", content((String = "image/svg+xml")))),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/swatches/{color}.svg", wrap = "Gate")]
pub async fn swatch(color: PathOf<String>) -> Result<HttpResponse> {
    let said = || format!("color must be six hexadecimal digits such as B3122D, not {:?}", color.0);
    let color: Swatch = format!("#{}", color.0).parse().map_err(|_| Error::refused(Code::InvalidPath, said()))?;
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header(CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(YEAR)]))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .body(picture(&color)))
}

/// A disk of a color with light from above and a rim, so that pale shades are seen on white.
fn picture(color: &Swatch) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" role=\"img\" aria-label=\"{color}\">\
         <defs><linearGradient id=\"light\" x1=\"0\" y1=\"0\" x2=\".6\" y2=\"1\">\
         <stop offset=\"0\" stop-color=\"#fff\" stop-opacity=\".45\"/>\
         <stop offset=\".45\" stop-color=\"#fff\" stop-opacity=\"0\"/>\
         <stop offset=\"1\" stop-color=\"#000\" stop-opacity=\".2\"/></linearGradient></defs>\
         <circle cx=\"48\" cy=\"48\" r=\"45\" fill=\"{color}\"/>\
         <circle cx=\"48\" cy=\"48\" r=\"45\" fill=\"url(#light)\" stroke=\"#000\" stroke-opacity=\".12\"/></svg>\n"
    )
}
