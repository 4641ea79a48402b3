/* The records of a delimited text, as long as all are plain; the readers of corpus/readers are the
 * reference, and read what is not: a wrong number of fields, a mark where none may be, a line break
 * that is a carriage return alone, a record of so many lines that it is told.
 */

#include <stdint.h>
#include <string.h>

/* As in records.py: what quotation marks are. Plain text; marks around fields, doubled inside; marks
 * that may be around fields of one line. */
enum { TEXT = 0, STANDARD = 1, LOOSE = 2 };
/* As LONG_RECORD in delimited.py; and two lines may be of any form. */
enum { MOST_LINES = 20, FEW_LINES = 2 };

typedef struct {
    const uint8_t *content;
    int64_t bytes;
    int64_t delimiter, marks, width; /* width: the fields of a record */
    int64_t label, text;             /* the places of two of them */
    uint8_t *texts;                  /* [bytes]: the texts, one behind the other */
    int64_t *ends;                   /* where each ends there */
    int64_t *labels;                 /* where each begins and ends in the content */
    uint8_t *ascii;                  /* whether a text is ASCII */
    int64_t documents, lines;        /* how many there are; the arrays have room for the lines */
} Records;

/* Where reading stands: at, in a text up to end; out, in the texts. */
typedef struct {
    const uint8_t *at, *end;
    uint8_t *out;
    int64_t breaks; /* line breaks within the record */
} Reader;

static inline const uint8_t *find(const uint8_t *start, const uint8_t *end, uint8_t byte)
{
    return start < end ? memchr(start, byte, (size_t)(end - start)) : NULL;
}

/* Return where the line ends that goes on here, before its break; NULL for one that is not plain. */
static inline const uint8_t *line_end(const Reader *reader)
{
    const uint8_t *end = find(reader->at, reader->end, '\n');
    const uint8_t *stop = end ? end : reader->end;
    const uint8_t *carriage = find(reader->at, stop, '\r');
    if (find(reader->at, stop, 0) || (carriage && (!end || carriage != stop - 1)))
        return NULL;
    return carriage ? carriage : stop;
}

/* Move behind a line break. */
static inline void pass_break(Reader *reader)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end)
        reader->at++;
}

/* Count the line breaks of a part of a quoted field. Returns 0 where it is not plain. */
static inline int count_breaks(Reader *reader, const uint8_t *start, const uint8_t *end)
{
    if (find(start, end, 0))
        return 0;
    for (const uint8_t *at = start; (at = find(at, end, '\r')); at++)
        if (at + 1 == end || at[1] != '\n')
            return 0;
    for (const uint8_t *at = start; (at = find(at, end, '\n')); at++)
        reader->breaks++;
    return 1;
}

/* Read a field that begins with a mark; copied: whether to write it out. Returns 1 for a plain one,
 * 2 where it holds marks, 0 where it is not plain. */
static inline int quoted_field(Reader *reader, int copied)
{
    int found = 1;
    reader->at++;
    for (;;) {
        const uint8_t *start = reader->at, *mark = find(start, reader->end, '"');
        if (!mark || !count_breaks(reader, start, mark))
            return 0;
        int is_doubled = mark + 1 < reader->end && mark[1] == '"';
        if (copied) {
            memcpy(reader->out, start, (size_t)(mark - start + is_doubled));
            reader->out += mark - start + is_doubled;
        }
        reader->at = mark + 1 + is_doubled;
        if (!is_doubled)
            return found;
        found = 2;
    }
}

/* Read a field of one line, which ends before stop. Returns 0 where it is not plain. */
static inline int bare_field(Reader *reader, const Records *records, const uint8_t *stop,
                             int64_t *span, int copied)
{
    const uint8_t *start = reader->at;
    const uint8_t *end = find(start, stop, (uint8_t)records->delimiter);
    end = end ? end : stop;
    reader->at = end;
    if (records->marks == LOOSE && start < end && *start == '"') {
        if (end - start < 2 || end[-1] != '"' || find(start + 1, end - 1, '"'))
            return 0;
        start++;
        end--;
    }
    if (copied) {
        memcpy(reader->out, start, (size_t)(end - start));
        reader->out += end - start;
    }
    span[0] = start - records->content;
    span[1] = end - records->content;
    return 1;
}

/* Tell whether a record of several lines is told: of many, or of such as look like records. */
static int is_told(const Records *records, const Reader *reader, const uint8_t *start)
{
    int64_t lines = reader->breaks + 1;
    if (lines > MOST_LINES)
        return 1;
    if (lines <= FEW_LINES)
        return 0;
    int64_t delimiters = 0;
    for (const uint8_t *at = start; at < reader->at; at++) {
        delimiters += *at == records->delimiter;
        if (*at == '\n' || at + 1 == reader->at) {
            if (delimiters != records->width - 1)
                return 0;
            delimiters = 0;
        }
    }
    return 1;
}

/* Read the fields of a record. Returns 0 where it is not plain. */
static int read_record(const Records *records, Reader *reader, int64_t *label)
{
    for (int64_t field = 0;; field++) {
        int copied = field == records->text, plain;
        int64_t span[2];
        if (records->marks == STANDARD && reader->at < reader->end && *reader->at == '"') {
            span[0] = reader->at + 1 - records->content;
            plain = quoted_field(reader, copied);
            span[1] = reader->at - 1 - records->content;
            if (plain == 2 && field == records->label)
                return 0;
        } else {
            const uint8_t *stop = line_end(reader);
            plain = stop && bare_field(reader, records, stop, span, copied);
        }
        if (!plain || field >= records->width)
            return 0;
        if (field == records->label)
            memcpy(label, span, sizeof span);
        if (reader->at < reader->end && *reader->at == records->delimiter) {
            reader->at++;
            continue;
        }
        /* Behind a mark something else may stand than the end of the line. */
        const uint8_t *stop = line_end(reader);
        return stop == reader->at && field + 1 == records->width;
    }
}

/* Read all records. Returns 1, or 0 where one is not plain. */
int64_t split_records(Records *records)
{
    Reader reader = {records->content, records->content + records->bytes, records->texts, 0};
    int64_t document = 0, lines = 0;
    while (reader.at < reader.end) {
        const uint8_t *start = reader.at;
        uint8_t *text = reader.out;
        reader.breaks = 0;
        lines++;
        if (line_end(&reader) == start) {
            pass_break(&reader);
            continue;
        }
        if (!read_record(records, &reader, &records->labels[2 * document]))
            return 0;
        if (reader.breaks && is_told(records, &reader, start))
            return 0;
        lines += reader.breaks;
        pass_break(&reader);
        uint8_t all = 0;
        for (const uint8_t *at = text; at < reader.out; at++)
            all |= *at;
        records->ascii[document] = all < 0x80;
        records->ends[document++] = reader.out - records->texts;
    }
    records->documents = document;
    records->lines = lines;
    return 1;
}
