"""The analyst's own files: which lines count, and what is said about those that do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tasks.analyst import (
    BOILERPLATE,
    DOCUMENTS,
    ENTITIES,
    LABELS,
    STOPWORDS,
    AnalystFile,
    misnamed_files,
    misplaced_files,
    read_analyst_file,
)
from tasks.recognition import NAME_LABELS


def read(folder: Path, name: str, content: str | bytes) -> AnalystFile:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_analyst_file(folder, name)


@pytest.mark.parametrize(
    ("content", "rows", "notices"),
    [
        pytest.param(
            "path,title\na.txt,A\nb.txt,B\n", {"a.txt": {"title": "A"}, "b.txt": {"title": "B"}}, (), id="two lines"
        ),
        pytest.param(
            "path,title,publisher,author,speaker,language,publication_date,event_date\n"
            "a.txt,A,Press,Zhang Wei,Li Min,en,2021-10-18,2021-10-17\n",
            {
                "a.txt": {
                    "title": "A",
                    "publisher": "Press",
                    "author": "Zhang Wei",
                    "speaker": "Li Min",
                    "language": "en",
                    "publication_date": "2021-10-18",
                    "event_date": "2021-10-17",
                }
            },
            (),
            id="every column",
        ),
        pytest.param("title,path\nA,a.txt\n", {"a.txt": {"title": "A"}}, (), id="columns in any order"),
        pytest.param("path,title\n,\n\na.txt,A\n  \n", {"a.txt": {"title": "A"}}, (), id="blank lines"),
        pytest.param(
            "\n \n\npath,title\n,A\nb.txt,B\n",
            {"b.txt": {"title": "B"}},
            ("_documents.csv:5: no path; the line is not used",),
            id="blank lines at the head",
        ),
        pytest.param(
            "# who wrote what\npath,title\n# more\n  # indented, with a comma\na.txt,A\n",
            {"a.txt": {"title": "A"}},
            (),
            id="comments",
        ),
        pytest.param(
            '# "who","wrote" what\npath,title\n# such as "a",\n  # and ,"b" c\n# or ,"\na.txt,A\n# d,"\n',
            {"a.txt": {"title": "A"}},
            (),
            id="comments with quotation marks",
        ),
        pytest.param(
            "path,title\na.txt,No. 1 # of many\n",
            {"a.txt": {"title": "No. 1 # of many"}},
            (),
            id="a number sign in a cell",
        ),
        pytest.param(
            'path,title\n"#1 speech.txt","The flood,\n# the fire"\n#2 speech.txt,B\n',
            {"#1 speech.txt": {"title": "The flood,\n# the fire"}},
            (),
            id="a number sign in quotation marks",
        ),
        pytest.param(
            'path,title\na.txt,"Rules, ""new"" ones"\n', {"a.txt": {"title": 'Rules, "new" ones'}}, (), id="quoted cell"
        ),
        pytest.param(
            'path,title\na.txt,"Two\nlines"\n', {"a.txt": {"title": "Two\nlines"}}, (), id="quoted cell of two lines"
        ),
        pytest.param(" path , title \n a.txt ,  A  \n", {"a.txt": {"title": "A"}}, (), id="space around cells"),
        pytest.param("path,title,author\na.txt,,Li Min\n", {"a.txt": {"author": "Li Min"}}, (), id="empty cell"),
        pytest.param("path,title,author\na.txt,A\n", {"a.txt": {"title": "A"}}, (), id="short line"),
        pytest.param("path\na.txt\n", {"a.txt": {}}, (), id="key only"),
        pytest.param("path,title\n", {}, (), id="header only"),
        pytest.param("\ufeffpath,title\na.txt,Café\n", {"a.txt": {"title": "Café"}}, (), id="byte-order mark"),
        pytest.param(
            b"path,title\r\na.txt,A\r\nb.txt,B",
            {"a.txt": {"title": "A"}, "b.txt": {"title": "B"}},
            (),
            id="line ends of Windows",
        ),
        pytest.param(
            "path,publication_date\na.txt,2021-10\nb.txt,2021\nc.txt,18 October 2021\n",
            {
                "a.txt": {"publication_date": "2021-10"},
                "b.txt": {"publication_date": "2021"},
                "c.txt": {"publication_date": "18 October 2021"},
            },
            (),
            id="dates of any precision",
        ),
    ],
)
def test_right_lines_are_read(
    tmp_path: Path, content: str | bytes, rows: dict[str, dict[str, str]], notices: tuple[str, ...]
) -> None:
    assert read(tmp_path, DOCUMENTS, content) == AnalystFile(rows, notices)


@pytest.mark.parametrize(
    ("content", "rows", "notices"),
    [
        pytest.param(
            "file,title\na.txt,A\n",
            {},
            ("_documents.csv: the header line must name the column 'path'; the file is not used",),
            id="no key column",
        ),
        pytest.param(
            "",
            {},
            ("_documents.csv: the header line must name the column 'path'; the file is not used",),
            id="no bytes",
        ),
        pytest.param(
            "\n \n",
            {},
            ("_documents.csv: the header line must name the column 'path'; the file is not used",),
            id="blank lines only",
        ),
        pytest.param(
            "# nothing yet\n",
            {},
            ("_documents.csv: the header line must name the column 'path'; the file is not used",),
            id="comments only",
        ),
        pytest.param(
            "path,titel,title\na.txt,X,A\n",
            {"a.txt": {"title": "A"}},
            ("_documents.csv: unknown column 'titel' is not used",),
            id="unknown column",
        ),
        pytest.param(
            "path,title\na.txt,A,B\nb.txt,B\n",
            {"b.txt": {"title": "B"}},
            ("_documents.csv:2: 3 cells under 2 columns; the line is not used",),
            id="too many cells",
        ),
        pytest.param(
            "path,title\n,A\nb.txt,B\n",
            {"b.txt": {"title": "B"}},
            ("_documents.csv:2: no path; the line is not used",),
            id="no key",
        ),
        pytest.param(
            "path,title\na.txt,A\na.txt,B\n",
            {"a.txt": {"title": "A"}},
            ("_documents.csv:3: a second line for 'a.txt'; the line is not used",),
            id="second line for a key",
        ),
        pytest.param(
            "path,title,publication_date\na.txt,A,soon\n",
            {"a.txt": {"title": "A"}},
            ("_documents.csv:2: 'soon' is no date for publication_date (write 2021-10-18, 2021-10 or 2021)",),
            id="no date; the rest of the line is used",
        ),
        pytest.param(
            "path,event_date\na.txt,03/04/2021\n",
            {"a.txt": {}},
            ("_documents.csv:2: '03/04/2021' is no date for event_date (write 2021-10-18, 2021-10 or 2021)",),
            id="ambiguous date",
        ),
        pytest.param(
            "path,title,language\na.txt,A,British\nb.txt,B,English\nc.txt,C,en-GB\n",
            {
                "a.txt": {"title": "A"},
                "b.txt": {"title": "B", "language": "English"},
                "c.txt": {"title": "C", "language": "en-GB"},
            },
            ("_documents.csv:2: 'British' is no language (write en or English)",),
            id="no language",
        ),
        pytest.param(
            "path,publication_date,event_date\na.txt,2021-02-30,2021-13\n",
            {"a.txt": {}},
            (
                "_documents.csv:2: '2021-02-30' is no date for publication_date (write 2021-10-18, 2021-10 or 2021)",
                "_documents.csv:2: '2021-13' is no date for event_date (write 2021-10-18, 2021-10 or 2021)",
            ),
            id="two impossible dates",
        ),
    ],
)
def test_wrong_lines_are_reported_and_the_rest_is_used(
    tmp_path: Path, content: str, rows: dict[str, dict[str, str]], notices: tuple[str, ...]
) -> None:
    assert read(tmp_path, DOCUMENTS, content) == AnalystFile(rows, notices)


def test_notices_name_the_line_of_the_file(tmp_path: Path) -> None:
    content = '# comment\n\npath,title\na.txt,"Two\nlines"\n# comment\n,no key\n\nb.txt,B,C\n'
    assert read(tmp_path, DOCUMENTS, content) == AnalystFile(
        {"a.txt": {"title": "Two\nlines"}},
        (
            "_documents.csv:7: no path; the line is not used",
            "_documents.csv:9: 3 cells under 2 columns; the line is not used",
        ),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, id="binary"),
        pytest.param(b"\xff\xfea", id="half a character"),
        pytest.param(b'path,title\na.txt,"' + b"A" * 200_000, id="a cell without an end"),
    ],
)
def test_a_file_that_is_no_csv_becomes_a_notice(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, DOCUMENTS, content)
    assert found.rows == {}
    assert [notice.startswith("_documents.csv") for notice in found.notices] == [True]


def test_a_quote_that_is_not_closed_is_reported_and_takes_no_other_line_for_its_own(tmp_path: Path) -> None:
    found = read(tmp_path, DOCUMENTS, 'path,title\na.txt,A\n"b.txt,B\nc.txt,C\n')
    assert found.rows == {"a.txt": {"title": "A"}}
    assert [notice.startswith("_documents.csv:") for notice in found.notices] == [True]


@pytest.mark.parametrize("name", [DOCUMENTS, BOILERPLATE, STOPWORDS])
def test_a_missing_file_is_empty(tmp_path: Path, name: str) -> None:
    assert read_analyst_file(tmp_path, name) == AnalystFile({}, ())


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text("path,title\na.txt,A\n")
    (tmp_path / DOCUMENTS).symlink_to(tmp_path / "elsewhere.csv")
    assert read_analyst_file(tmp_path, DOCUMENTS) == AnalystFile(
        {}, ("_documents.csv: symbolic links are not followed; the file is not used",)
    )


def test_a_folder_of_the_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / DOCUMENTS).mkdir()
    assert read_analyst_file(tmp_path, DOCUMENTS) == AnalystFile(
        {}, ("_documents.csv: the file cannot be opened: Is a directory; it is not used",)
    )


def test_a_misspelt_name_is_said(tmp_path: Path) -> None:
    names = ("_Documents.csv", "_STOPWORDS.CSV", "_entities.csv", "_ENTITIES.csv", "_other.csv", "entities-2021.csv")
    undecodable = os.fsdecode(b"_boilerplat\xe9.csv")
    for name in (
        *names,
        "_watch_list.csv",
        "topics.csv",
        "_boilerplate.txt",
        "._topics.csv",
        "~topics.csv",
        undecodable,
    ):
        (tmp_path / name).write_text("name\n")
    assert misnamed_files(tmp_path) == [
        "_Documents.csv: the file is not used; it must be called _documents.csv",
        "_STOPWORDS.CSV: the file is not used; it must be called _stopwords.csv",
        r"_boilerplat\xe9.csv: the file is not used; it must be called _boilerplate.csv",
        "_watch_list.csv: the file is not used; it must be called _watchlist.csv",
        "topics.csv: the file is not used; it must be called _topics.csv",
    ]


def test_a_file_in_a_folder_of_its_own_is_said() -> None:
    paths = ["_documents.csv", "other/_topics.csv", "sub/_Stopwords.csv", "sub/_notes.csv", "sub/deep/_documents.csv"]
    assert misplaced_files(paths) == [
        f"{path}: the file is not used; it is only read in the seeds folder itself"
        for path in ("other/_topics.csv", "sub/_Stopwords.csv", "sub/deep/_documents.csv")
    ]


def test_a_path_may_be_written_in_more_than_one_way(tmp_path: Path) -> None:
    found = read(tmp_path, DOCUMENTS, "path,title\n./a.txt,A\nb//c.txt,C\nb/../a.txt,B\n")
    assert found == AnalystFile(
        {"a.txt": {"title": "A"}, "b/c.txt": {"title": "C"}},
        ("_documents.csv:4: a second line for 'a.txt'; the line is not used",),
    )
    assert found.lines == {"a.txt": 2, "b/c.txt": 3}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param(
            BOILERPLATE,
            'pattern,note\nFree weekly digest,footer\n"Read, share"\n',
            AnalystFile({"Free weekly digest": {"note": "footer"}, "Read, share": {}}, ()),
            id="boilerplate",
        ),
        pytest.param(
            BOILERPLATE,
            "text\nFree weekly digest\n",
            AnalystFile(
                {}, ("_boilerplate.csv: the header line must name the column 'pattern'; the file is not used",)
            ),
            id="boilerplate without its column",
        ),
        pytest.param(
            STOPWORDS,
            "term\ncomrade\nreporter\ncomrade\n",
            AnalystFile(
                {"comrade": {}, "reporter": {}},
                ("_stopwords.csv:4: a second line for 'comrade'; the line is not used",),
            ),
            id="stop words",
        ),
        pytest.param(
            STOPWORDS,
            "term,note,path\ncomrade,a form of address,a.txt\n",
            AnalystFile(
                {"comrade": {"note": "a form of address"}}, ("_stopwords.csv: unknown column 'path' is not used",)
            ),
            id="a column of another file",
        ),
    ],
)
def test_each_file_has_its_own_columns(tmp_path: Path, name: str, content: str, expected: AnalystFile) -> None:
    assert read(tmp_path, name, content) == expected


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Foo,ORG,,drop,", "action must be one of add, merge, reject, not 'drop'"),
        ("Foo,ORG,,,", "action must be one of add, merge, reject, not ''"),
        ("Foo,THING,,add,", "label must be one of"),
        ("Foo,,,add,", "a name to add needs a label"),
        ("Foo,,|,merge,", "a merge needs the aliases that are to be merged"),
    ],
)
def test_a_wrong_decision_is_said_with_its_line_and_the_rest_is_used(tmp_path: Path, line: str, problem: str) -> None:
    found = read(tmp_path, ENTITIES, f"name,label,aliases,action,note\nBar,ORG,B|BB,add,yes\n{line}\n")
    assert found.rows == {"Bar": {"label": "ORG", "aliases": "B|BB", "action": "add", "note": "yes"}}
    (notice,) = found.notices
    assert notice.startswith(f"_entities.csv:3: {problem}")
    assert notice.endswith("the line is not used")


def test_a_label_is_one_of_those_that_names_have() -> None:
    assert set(LABELS) == NAME_LABELS
