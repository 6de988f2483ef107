//! The columns that rows of a kind may have.

/// The columns of a kind of rows.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// The kind, as refusals call it.
    pub kind: &'static str,
    /// Columns that are read.
    pub read: &'static [&'static str],
    /// Columns that exports have and imports do not read: they tell what is, and change nothing.
    pub told: &'static [&'static str],
    /// Columns of whole numbers.
    pub numbers: &'static [&'static str],
    /// Columns of decimal numbers.
    pub decimals: &'static [&'static str],
    /// Columns whose cells are JSON.
    pub documents: &'static [&'static str],
    /// Other names of columns, each with the column that it means.
    pub also: &'static [(&'static str, &'static str)],
    /// Columns whose value a row may take away, by null.
    pub clearable: &'static [&'static str],
}

impl Columns {
    /// The name of a column however its heading writes it: `Location`, ` safety stock`, `Safety-Stock`.
    pub fn name_of(&self, heading: &str) -> String {
        let name = heading.trim().to_lowercase().replace([' ', '-'], "_");
        self.also.iter().find(|(other, _)| *other == name).map_or(name, |(_, means)| (*means).to_owned())
    }
}
