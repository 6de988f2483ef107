//! Scans of barcodes: GS1 element strings and GTINs.
pub mod gs1;
pub mod http;
