//! Tables: text of any dialect, JSON, Parquet, Feather, workbooks.

use super::{Read, Reader, Rng, of_repository};
use crate::bytes::{mutated, pick, reworded};
use crate::structure::{archive, json, packed};
use closedform::dataset::{Categories, DialectOptions, Keep, Mark, Missing, Separator};
use closedform::dataset::{TableOptions, Thousands};
use closedform::{Directions, Points, Result, Table, Task};
use polars::prelude::*;
use rand::RngExt;
use std::io::Write;
use std::path::Path;

const READ: Read = Read::File(read);

pub const TEXT: Reader = Reader {
    name: "csv",
    ending: "csv",
    seeds: texts,
    mutate: mutate_text,
    read: READ,
};
pub const PACKED: Reader = Reader {
    name: "packed",
    ending: "csv.gz",
    seeds: || {
        texts()
            .iter()
            .flat_map(|text| [gzipped(text), zstandard(text), wide(text)])
            .collect()
    },
    mutate: |rng, seed| match rng.random_range(0..40) {
        // Zeros, which pack a thousand to one.
        0 => gzipped(&vec![b'0'; 1 << rng.random_range(20..28)]),
        1 => zstandard(&vec![b'0'; 1 << rng.random_range(20..29)]),
        _ => mutated(rng, seed),
    },
    read: READ,
};
pub const JSON: Reader = Reader {
    name: "json-rows",
    ending: "json",
    seeds: || {
        vec![
            br#"[{"a": 1, "b": 2.5, "y": "u"}, {"a": 2, "b": null, "y": "v"}, {"b": 4, "y": "u"}]"#
                .to_vec(),
            b"{\"a\": 1, \"y\": true}\n{\"a\": \"1,5\", \"y\": false}\n{\"a\": 3, \"y\": true}\n"
                .to_vec(),
        ]
    },
    mutate: |rng, seed| {
        if rng.random_bool(0.6) {
            json(rng, seed)
        } else {
            mutated(rng, seed)
        }
    },
    read: READ,
};
pub const PARQUET: Reader = Reader {
    name: "parquet",
    ending: "parquet",
    seeds: || {
        let written = frames().into_iter().flat_map(|mut frame| {
            let compressions = [ParquetCompression::Uncompressed, ParquetCompression::Snappy];
            compressions.map(|compression| {
                let mut bytes = Vec::new();
                let writer = ParquetWriter::new(&mut bytes).with_compression(compression);
                writer.finish(&mut frame).expect("a frame can be written");
                bytes
            })
        });
        written.collect()
    },
    mutate: mutated,
    read: READ,
};
pub const FEATHER: Reader = Reader {
    name: "feather",
    ending: "feather",
    seeds: || {
        let written = frames().into_iter().map(|mut frame| {
            let mut bytes = Vec::new();
            IpcWriter::new(&mut bytes)
                .finish(&mut frame)
                .expect("a frame can be written");
            bytes
        });
        written.collect()
    },
    mutate: mutated,
    read: READ,
};
pub const WORKBOOK: Reader = Reader {
    name: "workbook",
    ending: "xlsx",
    seeds: || vec![workbook(), open_document()],
    mutate: |rng, seed| {
        archive(rng, seed, |rng, _, content| {
            reworded(rng, content, &SHEET_WORDS)
        })
    },
    read: READ,
};
/// Tables of which all columns are read as numbers.
pub const GRADIENTS: Reader = Reader {
    name: "gradients",
    ending: "csv",
    seeds: || vec![start(&of_repository("data/gradients.csv"), 20)],
    mutate: mutate_text,
    read: Read::File(|path, rng| {
        let dialect = dialect(rng);
        Points::from_file_as(path, &["x1".to_string()], &dialect).map(drop)?;
        Directions::from_file_as(path, &dialect).map(drop)
    }),
};

/// The first lines of a text.
fn start(text: &[u8], n_lines: usize) -> Vec<u8> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.take(n_lines).flatten().copied().collect()
}

fn texts() -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = [
        "a,b,y\n1,2,u\n3,4.5,v\n-1e-3,,u\n7,NA,v\n",
        "# made\n# by hand\nt;x;y\ns;m;kg\n1,5;2,25;3\n2,5;1.234,5;4\n",
        "a\tb\ty\n1\t1 000\t2\n2\t2 000\t3\n",
        "| a | b | y |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n",
        "  0.339D+02  1.0  2\n  0.5D-03  2.0  4\n  1.0  3.5  5\n",
        "\"a \"\"b\"\"\",c\r\n\"1\r\n\",2\r\n3,\"4\"\r\n",
        "date,id,price,y\n2020-01-01,k1,$1.50,0\n2020-01-02,k2,€2,1\n12:30,k3,(3.1),0\n",
        "x\n1\n2\n3\n",
        "1,2,3\n4,5,6\n7,8,9\n",
        "name x y\nfirst 1 2\nsecond 2 3\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    texts.push(b"caf\xe9,y\n1,2\n2,3\n".to_vec());
    texts.push(start(&of_repository("data/pendulum.csv"), 12));
    texts
}

/// Words that tables are made of, and some that no table should have.
const WORDS: [&str; 36] = [
    ",",
    ";",
    "\t",
    "|",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\"\"",
    "#",
    "%",
    "-",
    "+",
    ".",
    "e",
    "NaN",
    "inf",
    "1e999",
    "1,234",
    "1.234,5",
    "0x1F",
    "٣",
    "\u{feff}",
    "\0",
    "\u{1b}[31m",
    "=cmd()",
    "NA",
    "m/s^2",
    "kg*((((m",
    "1e-320",
    "99999999999999999999",
    "2020-13-45",
    "25:61",
    "a\u{300}",
    "true",
];

fn mutate_text(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    match rng.random_range(0..4) {
        0 => mutated(rng, seed),
        1 => {
            let once = reworded(rng, seed, &WORDS);
            mutate_text(rng, &once)
        }
        _ => reworded(rng, seed, &WORDS),
    }
}

fn dialect(rng: &mut Rng) -> DialectOptions {
    if rng.random_bool(0.5) {
        return DialectOptions::default();
    }
    fn some<T>(rng: &mut Rng, value: T) -> Option<T> {
        rng.random_bool(0.3).then_some(value)
    }
    let separators = [
        Separator::Char(';'),
        Separator::Char(','),
        Separator::Char('\0'),
        Separator::Blanks,
    ];
    let groups = [
        Thousands::By(Mark::Comma),
        Thousands::By(Mark::Dot),
        Thousands::Ungrouped,
    ];
    let (separator, thousands) = (*pick(rng, &separators), *pick(rng, &groups));
    // Those that contradict each other are refused without a look at the file.
    let decimal = if thousands == Thousands::By(Mark::Comma) {
        Mark::Dot
    } else {
        Mark::Comma
    };
    let comment = *pick(rng, &[None, Some('#'), Some('é')]);
    let skip = *pick(rng, &[0, 1, 5, usize::MAX]);
    let (header, units) = (rng.random(), rng.random());
    DialectOptions {
        separator: some(rng, separator),
        decimal: some(rng, decimal),
        thousands: some(rng, thousands),
        comment: some(rng, comment),
        skip: some(rng, skip),
        header: some(rng, header),
        units: some(rng, units),
        sheet: None,
        missing: some(rng, "7".to_string()).into_iter().collect(),
    }
}

fn read(path: &Path, rng: &mut Rng) -> Result<()> {
    let options = TableOptions {
        target: rng.random_bool(0.6).then(|| "y".to_string()),
        task: *pick(rng, &[Task::Regression, Task::Classification]),
        exclude: if rng.random_bool(0.2) {
            vec!["a".into()]
        } else {
            Vec::new()
        },
        keep: if rng.random_bool(0.3) {
            Keep::All
        } else {
            Keep::None
        },
        missing: *pick(rng, &[Missing::Refuse, Missing::Drop]),
        categories: *pick(rng, &[Categories::Refuse, Categories::OneHot]),
        match_case: rng.random(),
        dialect: dialect(rng),
        max_rows: *pick(rng, &[None, Some(2)]),
        ..TableOptions::default()
    };
    let table = Table::read(path, &options)?;
    if table.targets().is_some() {
        // What was read is refused later only for what it says, not for how it is written.
        let _ = table.into_dataset();
    }
    Ok(())
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

fn zstandard(text: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(text, 0).expect("memory can be written")
}

/// UTF-16 with its mark.
fn wide(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// Columns of every kind that is read, and of some that aren't.
fn frames() -> Vec<DataFrame> {
    let n = 40;
    let numbers: Vec<f64> = (0..n).map(|i| f64::from(i) / 7.0).collect();
    let whole: Vec<i64> = (0..i64::from(n)).map(|i| i * i).collect();
    let some: Vec<Option<f32>> = (0..n).map(|i| (i % 3 > 0).then_some(i as f32)).collect();
    let words: Vec<&str> = (0..n).map(|i| ["u", "v", "w"][(i % 3) as usize]).collect();
    let truths: Vec<bool> = (0..n).map(|i| i % 2 == 0).collect();
    let days = Series::new("day".into(), &whole)
        .cast(&DataType::Int32)
        .and_then(|s| s.cast(&DataType::Date));
    let moments = Series::new("moment".into(), &whole)
        .cast(&DataType::Datetime(TimeUnit::Microseconds, None));
    let small = Series::new("small".into(), vec![3_i64; n as usize]).cast(&DataType::Int8);
    let plain = vec![
        Column::new("a".into(), &numbers),
        Column::new("b".into(), &whole),
        Column::new("y".into(), &numbers),
    ];
    let mixed = vec![
        Column::new("some".into(), &some),
        Column::new("y".into(), &words),
        Column::new("truth".into(), &truths),
        days.expect("days").into(),
        moments.expect("moments").into(),
        small.expect("small").into(),
    ];
    let frame = |columns| DataFrame::new(n as usize, columns).expect("columns of one length");
    vec![frame(plain), frame(mixed)]
}

const SHEET_WORDS: [&str; 18] = [
    "<row>",
    "</row>",
    "<c r=\"A1\">",
    "<c r=\"XFD1048576\"><v>1</v></c>",
    "<c r=\"ZZZZZZZ99999999999\">",
    "<v>",
    "1e999",
    "t=\"s\"",
    "t=\"e\"",
    "-1",
    "4294967296",
    "&#0;",
    "<!ENTITY a \"aaaaaaaa\">",
    "]]>",
    "s=\"1\"",
    "<dimension ref=\"A1:XFD1048576\"/>",
    " table:number-columns-repeated=\"2147483647\"",
    " table:number-rows-repeated=\"2147483647\"",
];

/// A workbook of OpenDocument with one sheet.
fn open_document() -> Vec<u8> {
    let namespace = "urn:oasis:names:tc:opendocument:xmlns";
    let rows = (1..6).map(|row| {
        let cell = |value: String| {
            format!("<table:table-cell office:value-type=\"float\" office:value=\"{value}\"/>")
        };
        let cells = [format!("{row}.5"), format!("{}", row * row)].map(cell);
        format!("<table:table-row>{}</table:table-row>", cells.concat())
    });
    let content = format!(
        "<office:document-content xmlns:office=\"{namespace}:office:1.0\" \
         xmlns:table=\"{namespace}:table:1.0\"><office:body><office:spreadsheet><table:table \
         table:name=\"rows\">{}</table:table></office:spreadsheet></office:body>\
         </office:document-content>",
        rows.collect::<String>()
    );
    let files = [
        (
            "mimetype",
            "application/vnd.oasis.opendocument.spreadsheet".to_string(),
        ),
        ("content.xml", content),
    ];
    let files = files.map(|(name, content)| (name.to_string(), content.into_bytes()));
    packed(&files).expect("memory can be written")
}

/// A workbook of Excel with one sheet.
fn workbook() -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: String| {
        format!("<Relationships xmlns=\"{package}/relationships\">{inner}</Relationships>")
    };
    let rows = (1..6).map(|row| {
        let cells = ["A", "B", "C"].map(|column| match row {
            1 => format!("<c r=\"{column}1\" t=\"inlineStr\"><is><t>{column}</t></is></c>"),
            _ => format!("<c r=\"{column}{row}\" s=\"1\"><v>{}.5</v></c>", row * row),
        });
        format!("<row r=\"{row}\">{}</row>", cells.concat())
    });
    let sheet = rows.collect::<String>();
    let files = [
        (
            "[Content_Types].xml",
            format!("<Types xmlns=\"{package}/content-types\"></Types>"),
        ),
        (
            "_rels/.rels",
            relations(relation("r", "officeDocument", "xl/workbook.xml")),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"rows\" \
                 sheetId=\"1\" r:id=\"s1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(
                relation("s1", "worksheet", "worksheets/rows.xml")
                    + &relation("s", "styles", "styles.xml"),
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/rows.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ];
    let files = files.map(|(name, content)| (name.to_string(), content.into_bytes()));
    packed(&files).expect("memory can be written")
}
