//! Three brands with sixty products in their shades and sizes, made by the files that any shop would send.
use super::Day;
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::{fmt::Write, time::Duration};

const PRODUCTS: &str = include_str!("catalog/products.csv");
const PRICES: &str = include_str!("catalog/prices.csv");
const TRANSLATIONS: &str = include_str!("catalog/translations.csv");
const MEDIA: &str = include_str!("catalog/media.csv");

const BRANDS: [(&str, &str); 3] = [
    ("Aurélie Voss", "Make-up of the stage, made for the day."),
    ("Solène", "Skin care from the fields around Grasse."),
    ("Nuit d’Atelier", "Scents and hair care from a workshop that never sleeps."),
];

/// Looks at a file that is worked through at most.
const MOST_LOOKS: u32 = 1_200;

impl Day<'_> {
    /// Makes the brands, and imports their products with prices, texts in three languages, pictures and stock.
    pub(super) async fn showcase(&self) -> anyhow::Result<()> {
        for (name, description) in BRANDS {
            self.post("/v1/brands", json!({ "name": name, "description": description })).await?;
        }
        let media = MEDIA.replace("{url}", &self.stage.url);
        let stock = self.stock()?;
        let files = [
            ("products", PRODUCTS),
            ("prices", PRICES),
            ("translations", TRANSLATIONS),
            ("media", &media),
            ("levels", &stock),
        ];
        let mut imports = vec![];
        for (kind, file) in files {
            let path = format!("/v1/imports?kind={kind}");
            let sent = self.request(reqwest::Method::POST, &path, &Value::Null).header("Content-Type", "text/csv");
            let answer = sent.body(file.to_owned()).send().await?;
            let (status, text) = (answer.status(), answer.text().await?);
            ensure!(status.is_success(), "{path}: {status} {text}");
            imports.push(super::id(&serde_json::from_str(&text)?));
        }
        for import in imports {
            self.finished(&import).await?;
        }
        Ok(())
    }

    /// Units of every variant in the warehouse and in a store: some of the dear ones are few.
    fn stock(&self) -> anyhow::Result<String> {
        let mut rows = String::from("location,sku,set,reason\n");
        let mut products = csv::Reader::from_reader(PRODUCTS.as_bytes());
        let column = products.headers()?.iter().position(|name| name == "sku").context("the products have no SKU")?;
        for (n, record) in products.records().enumerate() {
            let record = record?;
            let sku = record.get(column).unwrap_or_default();
            writeln!(rows, "{},{sku},{},count", self.stage.warehouse, 60 + n * 7 % 90)?;
            writeln!(rows, "{},{sku},{},count", self.stage.store, 1 + n * 5 % 13)?;
        }
        Ok(rows)
    }

    /// Waits for a file to be worked through; refused if a row was.
    async fn finished(&self, import: &str) -> anyhow::Result<()> {
        let path = format!("/v1/imports/{import}");
        for _ in 0..MOST_LOOKS {
            let import = self.send(reqwest::Method::GET, &path, Value::Null).await?;
            if import.get("status").is_some_and(|status| status == "finished") {
                ensure!(import.get("failed").is_some_and(|failed| failed == 0), "{path}: {import}");
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("{path} is not worked through")
    }
}
