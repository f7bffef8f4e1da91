//! Files that say of what type their columns are, such as Parquet, Feather and workbooks, are read by
//! the rules of text files.

use crate::support;

use closedform::dataset::{Categories, DialectOptions, Missing, Reason, TableOptions};
use closedform::{Result, Table, Task};
use polars::prelude::{
    Column, DataFrame, DataType, IpcWriter, NamedFrom, ParquetWriter, SerWriter, Series, TimeUnit,
};
use std::fs::File;
use std::path::Path;
use support::assert_refused;

const DAY: f64 = 86_400.0;

fn options() -> TableOptions {
    TableOptions {
        categories: Categories::OneHot,
        missing: Missing::Drop,
        ..TableOptions::new("y", Task::Regression)
    }
}

/// A column of each type that programs write; the row before the last misses its decimal.
fn typed() -> Vec<Column> {
    let cast = |name: &str, values: &[Option<i64>], dtype: DataType| {
        let series = Series::new(name.into(), values);
        Column::from(series.cast(&dtype).unwrap())
    };
    let whole: Vec<Option<i64>> = (0..8).map(|i| Some(i * i % 7)).collect();
    let days: Vec<Option<i64>> = (0..8).map(|i| Some(19_000 + 3 * i * i)).collect();
    let moments: Vec<Option<i64>> = (0..8).map(|i| Some(1_700_000_000_250 + 1500 * i)).collect();
    let nanoseconds: Vec<Option<i64>> = (0..8).map(|i| Some(1_000_000_000 * i * i)).collect();
    let decimal: Vec<Option<i64>> = (0..8).map(|i| (i != 6).then_some(12 + i)).collect();
    let flags: Vec<bool> = (0..8).map(|i| i % 3 == 0).collect();
    let sites: Vec<&str> = (0..8)
        .map(|i| if i % 2 == 0 { "north" } else { "south" })
        .collect();
    vec![
        cast("day", &days, DataType::Int32),
        cast(
            "moment",
            &moments,
            DataType::Datetime(TimeUnit::Milliseconds, None),
        ),
        cast("clock", &nanoseconds, DataType::Time),
        cast("amount", &decimal, DataType::Decimal(10, 2)),
        Column::new("flag".into(), flags),
        Column::new("site".into(), sites),
        cast("y", &whole, DataType::Int16),
    ]
}

fn frame() -> DataFrame {
    let mut columns = typed();
    columns[0] = columns[0].cast(&DataType::Date).unwrap();
    DataFrame::new(8, columns).unwrap()
}

fn assert_typed(table: &Table) {
    let names = ["moment", "clock", "amount", "flag", "site_south"];
    assert_eq!(table.feature_names(), names);
    let row = |i: f64| {
        let is = |yes: bool| f64::from(u8::from(yes));
        [
            1.5 * i,
            i * i,
            12.0 + i,
            is(i % 3.0 == 0.0),
            is(i % 2.0 == 1.0),
        ]
    };
    let rows: Vec<f64> = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0]
        .into_iter()
        .flat_map(row)
        .collect();
    assert_eq!(table.points()[..], rows);
    let left_out = table.summary().left_out.iter();
    let left_out: Vec<_> = left_out
        .map(|out| (out.column.as_str(), &out.reason))
        .collect();
    assert_eq!(left_out, [("day", &Reason::Date)]);
    assert_eq!(table.summary().n_dropped, 1);
}

#[test]
fn dates_times_decimals_and_flags_of_parquet_are_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    ParquetWriter::new(File::create(&path).unwrap())
        .finish(&mut frame())
        .unwrap();
    assert_typed(&Table::read(&path, &options()).unwrap());
}

#[test]
fn whole_numbers_of_any_width_are_read() {
    let numbers: Vec<Option<i64>> = (0..8).map(|i| Some(i * i % 7)).collect();
    let numbers = Series::new("".into(), numbers);
    let types = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
    ];
    let columns = types.iter().enumerate().map(|(index, dtype)| {
        let column = numbers
            .cast(dtype)
            .unwrap()
            .with_name(format!("c{index}").as_str().into());
        Column::from(column)
    });
    let mut frame = DataFrame::new(8, columns.collect()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [parquet, feather] = ["t.parquet", "t.feather"].map(|name| folder.path().join(name));
    ParquetWriter::new(File::create(&parquet).unwrap())
        .finish(&mut frame)
        .unwrap();
    IpcWriter::new(File::create(&feather).unwrap())
        .finish(&mut frame)
        .unwrap();
    let names: Vec<String> = (0..8).map(|index| format!("c{index}")).collect();
    for path in [parquet, feather] {
        let points = closedform::Points::from_file(&path, &names).unwrap();
        for (row, point) in points.rows().enumerate() {
            assert_eq!(point, [(row * row % 7) as f64; 8]);
        }
    }
}

#[test]
fn feather_is_read_as_parquet_is() {
    let folder = tempfile::tempdir().unwrap();
    // The name doesn't matter.
    let path = folder.path().join("t.data");
    IpcWriter::new(File::create(&path).unwrap())
        .finish(&mut frame())
        .unwrap();
    assert_typed(&Table::read(&path, &options()).unwrap());
}

#[test]
fn dates_alone_are_seconds_since_the_first() {
    let columns = vec![frame().column("day").unwrap().clone(), typed()[6].clone()];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let mut frame = DataFrame::new(8, columns).unwrap();
    ParquetWriter::new(File::create(&path).unwrap())
        .finish(&mut frame)
        .unwrap();
    let table = Table::read(&path, &options()).unwrap();
    let expected: Vec<f64> = (0..8).map(|i| f64::from(3 * i * i) * DAY).collect();
    assert_eq!(table.points()[..], expected);
}

/// Writes a workbook with a sheet of notes, one of rows below a title, and a third one.
fn workbook(path: &Path) {
    const WRITE: &str = r#"
import sys, zipfile
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
def cell(value):
    if value is None:
        return '<c/>'
    if isinstance(value, tuple):
        return f'<c s="1"><v>{value[0]}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c><v>{value!r}</v></c>'
def sheet(rows):
    rows = ''.join('<row>' + ''.join(map(cell, row)) + '</row>' for row in rows)
    return f'<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>'
# Numbers of days; 44927 is the first of January 2023.
rows = [['time', 'site name', 'x', 'y']]
rows += [[(44927 + i / 4,), 'ab'[i % 2], i * i / 8, None if i == 5 else 0.125 * i] for i in range(8)]
sheets = {'notes': [['measured in winter']], 'rows': rows, 'other': [['y', 'z'], [1, 2], [2, 5]]}
with zipfile.ZipFile(sys.stdin.read(), 'w') as file:
    names = list(sheets)
    kinds = ''.join(
        f'<Override PartName="/xl/worksheets/{n}.xml" ContentType="application/vnd.openxmlformats'
        '-officedocument.spreadsheetml.worksheet+xml"/>' for n in names)
    file.writestr('[Content_Types].xml', f'<Types xmlns="{PACKAGE}/content-types">{kinds}</Types>')
    file.writestr('_rels/.rels', f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
        f'Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    listed = ''.join(f'<sheet name="{n}" sheetId="{i + 1}" r:id="r{i}"/>' for i, n in enumerate(names))
    file.writestr('xl/workbook.xml',
        f'<workbook {NS} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>')
    targets = ''.join(f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/{n}.xml"/>' for i, n in enumerate(names))
    targets += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    file.writestr('xl/_rels/workbook.xml.rels',
        f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>')
    file.writestr('xl/styles.xml',
        f'<styleSheet {NS}><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>')
    for name, rows in sheets.items():
        file.writestr(f'xl/worksheets/{name}.xml', sheet(rows))
"#;
    support::python(WRITE, path.to_str().unwrap());
}

fn read_workbook(sheet: Option<&str>) -> Result<Table> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xlsx");
    workbook(&path);
    let dialect = DialectOptions {
        sheet: sheet.map(str::to_string),
        ..DialectOptions::default()
    };
    Table::read(
        path,
        &TableOptions {
            dialect,
            ..options()
        },
    )
}

#[test]
fn the_first_sheet_with_rows_of_a_workbook_is_read_and_said() {
    let table = read_workbook(None).unwrap();
    assert_eq!(table.feature_names(), ["time", "site_name_b", "x"]);
    let row = |i: f64| [i / 4.0 * DAY, i % 2.0, i * i / 8.0];
    let rows: Vec<f64> = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 7.0]
        .into_iter()
        .flat_map(row)
        .collect();
    assert_eq!(table.points()[..], rows);
    assert_eq!(table.targets().unwrap()[5], 0.75);
    let read_as = &table.summary().read_as;
    assert_eq!(read_as, &["sheet \"rows\" of notes, rows, other"]);
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let table = read_workbook(Some("other")).unwrap();
    assert_eq!(table.points()[..], [2.0, 5.0]);
    assert_refused(
        read_workbook(Some("lost")),
        &["\"lost\"", "notes, rows, other"],
    );
}

#[test]
fn only_workbooks_have_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, "a,y\n1,2\n2,3\n").unwrap();
    let dialect = DialectOptions {
        sheet: Some("rows".to_string()),
        ..DialectOptions::default()
    };
    let read = Table::read(
        &path,
        &TableOptions {
            dialect,
            ..options()
        },
    );
    assert_refused(read, &["t.csv", "no workbook", "--sheet"]);
    std::fs::write(&path, b"PK\x03\x04 and no more").unwrap();
    let refused = Table::read(&path, &options());
    assert_refused(refused, &["t.csv", "export it as CSV"]);
}
