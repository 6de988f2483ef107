//! Files of rows as people have them: CSV of any spreadsheet, or JSON lines, on their way in and out.
mod cells;
mod columns;
mod row;
mod table;
mod write;

pub use columns::Columns;
pub use row::read;
pub use table::{MOST_ROWS, Reading, Table, TableRow, split};
pub use write::{Format, heading_of, lines_of};
